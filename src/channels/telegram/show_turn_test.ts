import assert from "node:assert/strict";
import { Telling } from "../../../tests/fakes/telling.ts";
import { createCleanTell } from "../../app/_clean_tell.ts";
import type { TurnEvent } from "../../domain/turn_event.ts";
import { createRedactor } from "../../secrets/redactor.ts";
import type { TurnWatch } from "../channel.ts";

/** Tells a watch events as a house does that knows these secrets. */
function teller(watch: TurnWatch, secrets: readonly string[] = []) {
  const tell = createCleanTell((event) => watch.hear(event), createRedactor(secrets));
  return {
    say: (piece: string) => tell({ kind: "text", piece }),
    busy: (phase: (TurnEvent & { kind: "phase" })["phase"]) => tell({ kind: "phase", phase }),
    use: (tool: string) => tell({ kind: "call_started", call: 1, tool }),
  };
}

const answer = (telling: Telling, text: string, turn = "t") =>
  telling.tell(telling.message(`answer:${turn}`, text, { turn }));

Deno.test("A206, P045: typing is shown at once, every four seconds, and again after a question", async () => {
  await using telling = new Telling();
  const { server, clock } = telling;
  const typed = () => server.called("sendChatAction").length;
  const first = telling.watch("t");
  await server.until(() => typed() === 1);
  for (let more = 2; more < 4; more++) {
    await telling.held(4_000);
    clock.fire(4_000);
    await server.until(() => typed() === more);
  }
  first.end();
  const again = telling.watch("u");
  await telling.held(4_000); // the last sign still stands
  assert.equal(typed(), 3);
  clock.fire(4_000);
  await server.until(() => typed() === 4);
  again.end();
});

Deno.test("P046: nobody types any more while the answer is being sent", async () => {
  await using telling = new Telling();
  const { server, clock } = telling;
  const watch = telling.watch("t");
  await telling.held(4_000);
  watch.end();
  server.fault("sendMessage", { kind: "hang" });
  const told = answer(telling, "done");
  await server.until(() => server.called("sendMessage").length === 1);
  assert.equal(clock.holds(4_000), 0);
  clock.fire(30_000); // the send is given up, and tried again
  await told;
  assert.equal(server.called("sendChatAction").length, 1);
  assert.deepEqual(telling.texts, ["done"]);
});

Deno.test("A207: a quick turn has its answer alone; a slower one shows what it is busy with first", async () => {
  await using telling = new Telling();
  telling.watch("quick").end();
  await answer(telling, "quick", "quick");
  const watch = telling.watch("t");
  const { busy, use } = teller(watch);
  busy("writing a program");
  await telling.look();
  assert.deepEqual(telling.texts, ["quick", "⏳ Writing a program…"]);
  await telling.look();
  busy("running");
  use("web_fetch");
  await telling.look();
  assert.deepEqual(telling.texts, ["quick", "⏳ Running: web_fetch…"]);
  for (let looks = 0; looks < 5; looks++) await telling.look();
  assert.match(telling.texts[1] ?? "", /^⏳ Running: web_fetch… \(\d0 s; \/cancel stops it\)$/);
  watch.end();
  await answer(telling, "**done**");
  assert.deepEqual(telling.texts, ["quick", "done"]);
  assert.equal(telling.server.called("sendMessage").length, 2);
  // less than one for each look: only what is new is told
  assert.ok(telling.server.called("editMessageText").length < 8);
});

Deno.test("A268: an answer grows in the message, with its styles, and is not told again at its end", async () => {
  await using telling = new Telling();
  const watch = telling.watch("t");
  const { busy, say } = teller(watch);
  busy("answering");
  say("It is **so");
  await telling.look();
  assert.deepEqual(telling.texts, ["It is **so"]);
  say("**, is");
  say("n't it?");
  await telling.look();
  assert.deepEqual(telling.texts, ["It is so, isn't it?"]);
  await telling.look();
  watch.end();
  await answer(telling, "It is **so**, isn't it?");
  assert.deepEqual(telling.texts, ["It is so, isn't it?"]);
  assert.equal(telling.server.called("editMessageText").length, 2);
  telling.server.expectRefusals(1); // "message is not modified"
});

Deno.test("what was said before an attempt that failed is not shown beside the next one", async () => {
  await using telling = new Telling();
  const watch = telling.watch("t");
  const { busy, say } = teller(watch);
  say("half a tho");
  busy("answering");
  say("A thought");
  await telling.look();
  assert.deepEqual(telling.texts, ["A thought"]);
  watch.end();
});

Deno.test("P016, P017: in a pause nothing is asked of the chat, and the answer comes after it, once", async () => {
  await using telling = new Telling();
  const { server, clock } = telling;
  const watch = telling.watch("t");
  const { say } = teller(watch);
  say("one");
  await telling.look();
  server.fault("editMessageText", { kind: "refused", code: 429, retryAfter: 126 });
  say(" **two");
  await telling.look();
  const [asked, at] = [server.called("editMessageText").length, clock.now()];
  assert.match(telling.channel.trouble?.() ?? "", /^waiting for Telegram, 12\d s$/);
  for (let looks = 0; looks < 5; looks++) {
    say(" more");
    await telling.look();
  }
  assert.equal(server.called("editMessageText").length, asked);
  watch.end();
  await answer(telling, "one **two** and all the rest");
  assert.ok(clock.now() - at >= 120_000);
  assert.deepEqual(telling.texts, ["one two and all the rest"]);
});

Deno.test("P021: an answer of more than a message grows in the first, and the rest follows", async () => {
  await using telling = new Telling();
  const watch = telling.watch("t");
  const { say } = teller(watch);
  const words = Array.from({ length: 1_500 }, (_, at) => `word${at}`);
  for (let from = 0; from < words.length; from += 300) {
    say(`${words.slice(from, from + 300).join(" ")} `);
    await telling.look();
    assert.equal(telling.texts.length, 1);
  }
  watch.end();
  await answer(telling, words.join(" "));
  assert.equal(telling.texts.length, 4);
  assert.equal(telling.texts.join(" "), words.join(" "));
  telling.server.expectRefusals(telling.server.refusals.length);
  assert.ok(telling.server.refusals.every((why) => /not modified/.test(why)));
});

Deno.test("the next process goes on in the message that the one before it showed", async () => {
  await using telling = new Telling();
  const before = telling.watch("t");
  await telling.look();
  before.end();
  const watch = telling.watch("t");
  teller(watch).busy("running");
  await telling.look();
  assert.deepEqual(telling.texts, ["⏳ Running…"]);
  watch.end();
  await answer(telling, "done");
  assert.deepEqual(telling.texts, ["done"]);
});

for (const kind of ["applied_unanswered", "cut"] as const) {
  Deno.test(`A213: a status that nobody heard of is found again: ${kind}`, async () => {
    await using telling = new Telling();
    const { server } = telling;
    const message = `${server.chats.noteSaid(1)}`;
    server.fault("sendMessage", { kind });
    const watch = telling.watch("t", { message });
    await telling.look();
    teller(watch).busy("running");
    await telling.look();
    assert.deepEqual(telling.texts, ["⏳ Running…"]);
    watch.end();
    await answer(telling, "done");
    assert.deepEqual(telling.texts, ["done"]);
    server.expectRefusals(server.refusals.length);
  });
}

Deno.test("A213: a status that was lost becomes the answer, where the turn ends first", async () => {
  await using telling = new Telling();
  const { server } = telling;
  const message = `${server.chats.noteSaid(1)}`;
  server.fault("sendMessage", { kind: "applied_unanswered" });
  const watch = telling.watch("t", { message });
  await telling.look();
  watch.end();
  await telling.tell(telling.message("answer:t", "done", { turn: "t", answers: message }));
  await answer(telling, "next", "u");
  assert.deepEqual(telling.texts, ["done", "next"]);
});

Deno.test("an edit that hangs is waited for, so that it cannot be written over the answer", async () => {
  await using telling = new Telling();
  const { server, clock } = telling;
  const watch = telling.watch("t");
  const { say } = teller(watch);
  say("one");
  await telling.look();
  say(" two");
  server.fault("editMessageText", { kind: "hang", isApplied: true });
  clock.fire(1_500);
  await server.until(() => server.called("editMessageText").length === 1);
  watch.end();
  const told = answer(telling, "done");
  await telling.held(10_000);
  await new Promise((go) => setTimeout(go, 50)); // nothing happens
  assert.equal(server.called("editMessageText").length, 1);
  assert.deepEqual(telling.texts, ["one two"]);
  clock.fire(10_000);
  await told;
  assert.deepEqual(telling.texts, ["done"]);
});

Deno.test("a message that somebody takes away is not put back while the turn goes on", async () => {
  await using telling = new Telling();
  const { server, clock } = telling;
  const watch = telling.watch("t");
  await telling.look();
  server.chats.remove(1, server.in(1)[0]?.message_id ?? 0);
  teller(watch).busy("running");
  clock.fire(1_500);
  await telling.until(() => telling.logged.includes("turn_not_shown"));
  watch.end();
  await answer(telling, "done");
  assert.deepEqual(telling.texts, ["done"]);
  server.expectRefusals(2);
});

Deno.test("in a group the status answers whoever asked, and changes seldom", async () => {
  await using telling = new Telling();
  const { server } = telling;
  const message = server.chats.noteSaid(-7);
  const watch = telling.watch("t", { conversation: "telegram:-7", message: `${message}` });
  await telling.look(6_000);
  assert.deepEqual(server.in(-7).map(({ repliesTo }) => repliesTo), [message]);
  watch.end();
});

Deno.test("P076: a secret that comes in pieces is never seen in part", async () => {
  const secret = "sk-CANARY-0123456789";
  await using telling = new Telling({ secrets: [secret] });
  const watch = telling.watch("t");
  const { say, busy } = teller(watch, [secret]);
  for (const piece of ["your key is sk-CAN", "ARY-01", "23456789 ok"]) {
    say(piece);
    await telling.look();
  }
  busy("answering");
  watch.end();
  const sent = JSON.stringify(telling.server.requests);
  for (let at = 0; at + 6 <= secret.length; at++) {
    assert.ok(!sent.includes(secret.slice(at, at + 6)), secret.slice(at, at + 6));
  }
  assert.match(telling.texts[0] ?? "", /^your key is \[redacted\]/);
});
