import assert from "node:assert/strict";
import { Telling } from "../../../tests/fakes/telling.ts";

const STATUS = { key: "status:t", channel: "telegram", conversation: "telegram:1" };

/** A status as a turn left it in the chat. */
async function shown(telling: Telling, text: string): Promise<string> {
  const { server, store } = telling;
  await telling.tell(telling.message(`before:${server.requests.length}`, text));
  const id = `${server.in(1).at(-1)?.message_id}`;
  store.toldPart(STATUS, id);
  return id;
}

Deno.test("an answer is told with its styles; a question sign for sign", async () => {
  await using telling = new Telling();
  const { server } = telling;
  const question = telling.message("q", "May I **write**?");
  const { form: _, ...plain } = question;
  await telling.tell(telling.message("a", "It is **done**: `x`"), plain);
  assert.deepEqual(telling.texts, ["It is done: x", "May I **write**?"]);
  assert.deepEqual(server.in(1).map(({ entities }) => entities.map(({ type }) => type)), [
    ["bold", "code"],
    [],
  ]);
});

Deno.test("the same is told in MarkdownV2", async () => {
  await using telling = new Telling({ format: "markdownv2" });
  await telling.tell(telling.message("a", "It is **done**. `x`"));
  const [sent] = telling.server.called("sendMessage");
  assert.equal(sent?.fields["text"], "It is *done*\\. `x`");
  assert.deepEqual(telling.texts, ["It is done. x"]);
});

Deno.test("what a server refuses for its styles is told without them", async () => {
  await using telling = new Telling();
  const description = "Bad Request: can't parse entities: unsupported type";
  telling.server.fault("sendMessage", { kind: "refused", code: 400, description });
  await telling.tell(telling.message("a", "**done**"));
  assert.deepEqual(telling.texts, ["done"]);
  assert.equal(telling.server.called("sendMessage").length, 2);
});

Deno.test("A207: the status becomes the answer; what is news is a message of its own", async () => {
  await using telling = new Telling();
  const id = await shown(telling, "working");
  await telling.tell(telling.message("answer:t", "**done**", { turn: "t" }));
  assert.deepEqual(telling.texts, ["done"]);
  assert.deepEqual(telling.store.partsOf("answer:t"), [id]);
  await shown(telling, "working");
  await telling.tell(telling.message("later", "news", { turn: "t", isNews: true }));
  assert.deepEqual(telling.texts, ["done", "news"]);
});

Deno.test("a status that somebody took away is made up for by a message", async () => {
  await using telling = new Telling();
  const id = await shown(telling, "working");
  telling.server.chats.remove(1, Number(id));
  await telling.tell(telling.message("answer:t", "done", { turn: "t" }));
  assert.deepEqual(telling.texts, ["done"]);
  telling.server.expectRefusals(1);
});

Deno.test("P019, P020: an edit that was done without an answer is repeated, and told once", async () => {
  await using telling = new Telling();
  await shown(telling, "working");
  telling.server.fault("editMessageText", { kind: "applied_unanswered" });
  await telling.tell(telling.message("answer:t", "done", { turn: "t" }));
  assert.deepEqual(telling.texts, ["done"]);
  assert.equal(telling.server.called("editMessageText").length, 2);
  telling.server.expectRefusals(1); // "message is not modified"
});

for (
  const fault of [{ kind: "applied_unanswered" }, { kind: "cut" }, {
    kind: "page",
    status: 502,
  }] as const
) {
  Deno.test(`A213: a message is told once after a send that nobody knows of: ${fault.kind}`, async () => {
    await using telling = new Telling();
    const { server } = telling;
    await telling.tell(telling.message("a", "before"));
    server.fault("sendMessage", fault);
    await telling.tell(telling.message("b", "**this** and more"), telling.message("c", "after"));
    assert.deepEqual(telling.texts, ["before", "this and more", "after"]);
    const parts = ["a", "b", "c"].flatMap((key) => telling.store.partsOf(key));
    assert.deepEqual(parts, server.in(1).map(({ message_id }) => `${message_id}`));
    server.expectRefusals(server.refusals.length);
  });
}

Deno.test("A213: a part of a long message that may have been sent is not sent again", async () => {
  await using telling = new Telling();
  const { server } = telling;
  const text = Array.from({ length: 2_000 }, (_, at) => `word${at}`).join(" ");
  const answers = `${server.chats.noteSaid(1)}`;
  server.fault("sendMessage", { kind: "applied_unanswered" });
  await telling.tell(telling.message("a", text, { answers }));
  assert.equal(telling.texts.join(" "), text);
  server.expectRefusals(server.refusals.length);
});

Deno.test("a process that ended while it told knows at the next start that it may have", async () => {
  await using telling = new Telling();
  const { server, store } = telling;
  await telling.tell(telling.message("a", "before"));
  const b = { key: "b", channel: "telegram", conversation: "telegram:1" };
  store.tellsPart(b);
  // what the process before this one sent, and never heard of
  server.chats.post({ chat: 1, text: "answer", entities: [], buttons: [] });
  await telling.tell(telling.message("b", "answer"));
  assert.deepEqual(telling.texts, ["before", "answer"]);
  server.expectRefusals(1); // "message is not modified"
});

Deno.test("A213: a message that may have been sent is found behind what others read meanwhile", async () => {
  await using telling = new Telling();
  const { server, store } = telling;
  await telling.tell(telling.message("a", "before"));
  const others = { key: "o", channel: "telegram" };
  for (let told = 0; told < 50; told++) {
    const { message_id } = server.chats.post({ chat: 2, text: "", entities: [], buttons: [] });
    store.toldPart({ ...others, conversation: "telegram:2" }, `${message_id}`);
  }
  store.toldPart({ ...others, conversation: "telegram:-1000000000005" }, "90000"); // counts alone
  store.tellsPart({ key: "b", channel: "telegram", conversation: "telegram:1" });
  server.chats.post({ chat: 1, text: "answer", entities: [], buttons: [] });
  await telling.tell(telling.message("b", "answer"));
  assert.deepEqual(telling.texts, ["before", "answer"]);
  server.expectRefusals(1); // "message is not modified"
});

Deno.test("a refusal for good is told to nobody again; a pause is kept", async () => {
  await using telling = new Telling();
  const { server, store, clock } = telling;
  await telling.tell(telling.message("known", "before"));
  const start = clock.now();
  server.fault("sendMessage", { kind: "refused", code: 429, retryAfter: 126 });
  await telling.tell(telling.message("a", "later"));
  assert.ok(clock.now() - start >= 126_000);
  assert.equal(server.called("sendMessage").length, 3);
  assert.equal(server.called("editMessageText").length, 0, "it was surely not sent");
  server.chats.blocked.add(1);
  await telling.tell(telling.message("b", "never"));
  assert.equal(store.counts().dead, 1);
  assert.deepEqual(telling.texts, ["before", "later"]);
});

Deno.test("what is looked for is never written over another message of ours", async () => {
  await using telling = new Telling();
  const { server, store } = telling;
  await telling.tell(telling.message("a", "before"));
  store.tellsPart({ key: "b", channel: "telegram", conversation: "telegram:1" });
  await telling.tell(telling.message("c", "came between"));
  await telling.tell(telling.message("b", "lost"));
  assert.deepEqual(telling.texts, ["before", "came between", "lost"]);
  server.expectRefusals(server.refusals.length);
});

Deno.test("P078: a secret that marks keep apart in the source is taken out of what is shown", async () => {
  const secret = "sk-CANARY-0123456789";
  await using telling = new Telling({ secrets: [secret] });
  const source =
    `key: sk-**CANARY**-0123&#52;56789 and [a](https://x.example/sk&#45;CANARY-0123456789)`;
  await telling.tell(telling.message("a", source));
  assert.ok(!JSON.stringify(telling.server.in(1)).includes("CANARY"));
  assert.match(telling.texts[0] ?? "", /key: \[redacted\]/);
});
