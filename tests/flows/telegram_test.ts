import assert from "node:assert/strict";
import { chatting, clam, GENERATE, worded } from "./pipeline.ts";
import type { Flow } from "./faulty_house.ts";
import { TelegramHouse } from "./telegram_house.ts";

// Whole conversations over HTTP with a strict server of the Bot API. What that server refuses fails
// the test.

const CHAT: Flow = {
  name: "a chat",
  text: "",
  grants: [],
  script(model) {
    model.on("selection", chatting(null));
    model.on("chat", "A crab is an animal.");
  },
};

const ASKING: Flow = {
  name: "a program that asks",
  text: "",
  grants: [],
  script(model, server) {
    model.on("selection", GENERATE);
    const script = `async function run() {
      await http_request({method: "POST", url: "${server}/effect/asked"});
      return "It was sent.";
    }`;
    const more = { declared_tools: ["http_request"], result_schema: worded("sent") };
    model.on("clam", clam(script, more));
    model.on("chat", "I can only talk.");
  },
};

const WANTING: Flow = {
  name: "a program that wants a secret",
  text: "",
  grants: [],
  script(model, server) {
    model.on("selection", GENERATE);
    const script = `async function run() {
      await http_request({method: "POST", url: "${server}/effect", auth: {type: "bearer_secret", name: "API_TOKEN"}});
      return "It was sent.";
    }`;
    const more = {
      declared_tools: ["http_request"],
      secrets: ["API_TOKEN"],
      result_schema: worded("sent"),
    };
    model.on("clam", clam(script, more));
  },
};

Deno.test("a starter clam answers without a model, and a model's words come through", async () => {
  await using house = await TelegramHouse.open(CHAT);
  assert.match((await house.say(1, "what is 17% of 230?")).text, /39\.1/);
  assert.equal(house.world.model.calls.length, 0);
  assert.equal((await house.say(1, "what is a crab?")).text, "A crab is an animal.");
  assert.ok(house.server.commands.length > 5);
});

Deno.test("A205, A210: a button answers its question, once, and goes with it", async () => {
  await using house = await TelegramHouse.open(ASKING);
  const question = await house.say(1, "send the report");
  assert.match(question.text, /May I\? POST/);
  // what the buttons say is not said again
  assert.equal(question.text.match(/\/approve \w+/g)?.length, 2, question.text);
  assert.match(
    question.text,
    /\nPress a button, or write \/approve \w+ once or \/approve \w+ reject\.\n/,
  );
  const labels = question.buttons.map(({ text }) => text);
  assert.equal(labels[0], "Allow once");
  assert.equal(labels.at(-1), "Reject");
  for (const { data } of question.buttons) assert.match(data, /^[A-Za-z0-9_-]{1,64}$/);
  house.server.press(1, question, "Allow once");
  await house.reads(1, /^It was sent\.$/);
  const closed = await house.reads(1, /✔ Allowed once/);
  assert.deepEqual([closed.message_id, closed.buttons], [question.message_id, []]);
  assert.equal(house.world.effects, 1);
  assert.equal(house.server.called("answerCallbackQuery").length, 1);
  // P041: a press that comes too late changes nothing
  house.server.press(1, question, "Allow once", { data: question.buttons[0]?.data ?? "" });
  await house.server.until(() => house.server.called("answerCallbackQuery").length === 2);
  assert.match((await house.say(1, "/status")).text, /0 under way/);
  assert.equal(house.world.effects, 1);
});

Deno.test("T18, P066: a press of somebody else, elsewhere or of another button counts for nothing", async () => {
  await using house = await TelegramHouse.open(ASKING);
  const { server } = house;
  const question = await house.say(1, "send the report");
  const data = question.buttons[0]?.data ?? "";
  const admin = { id: 1_087_968_824, is_bot: true, username: "GroupAnonymousBot" };
  server.press(2, question, "Allow once");
  server.press(9, question, "Allow once");
  server.press(1, { ...question, chat: -5 }, "Allow once");
  server.press(1, { ...question, message_id: 1 }, "Allow once");
  server.press(1, question, "none", { data: "forged" });
  server.press(1, question, "Allow once", { person: admin });
  assert.match((await house.say(1, "/status")).text, /1 waiting for an answer/);
  const pressed = house.logged.filter((line) => line.startsWith("pressed "));
  assert.deepEqual(
    pressed.map((line) => JSON.parse(line.slice("pressed ".length)).outcome),
    ["not_theirs", "not_theirs", "no_such_button", "no_such_button", "no_such_button"],
  );
  assert.ok(house.logged.some((line) => line.includes("press_without_message_or_person")));
  assert.equal(house.world.effects, 0);
  assert.ok(!JSON.stringify(house.logged).includes(data));
  server.press(1, question, "Reject");
  await house.reads(1, /✖ Rejected/);
  assert.equal(house.world.effects, 0);
});

Deno.test("P042, P043: a question lives through a restart, and a press while nobody listened counts once", async () => {
  await using house = await TelegramHouse.open(ASKING);
  const question = await house.say(1, "send the report");
  await house.restart(() => void house.server.press(1, question, "Allow once"));
  await house.reads(1, /^It was sent\.$/);
  await house.reads(1, /✔ Allowed once/);
  assert.equal(house.world.effects, 1);
  assert.equal(house.logged.filter((line) => line.startsWith("pressed ")).length, 1);
});

Deno.test("P097, P040: what was answered elsewhere or ended while nobody listened loses its buttons at the start", async () => {
  await using house = await TelegramHouse.open(ASKING);
  const question = await house.say(1, "send the report");
  await house.restart(async () => {
    const app = await house.world.again();
    const [run] = await app.stores.runs.list();
    const why = { code: "cancelled", message: "You cancelled it." } as const;
    await app.stores.runs.endWhole(run?.run ?? "", "cancelled", why);
    app.close();
  });
  const closed = await house.reads(1, /No longer needed: nothing was done/);
  assert.deepEqual(closed.buttons, []);
  house.server.press(1, closed, "Allow once", { data: question.buttons[0]?.data ?? "" });
  await house.server.until(() => house.server.called("answerCallbackQuery").length === 1);
  assert.equal(house.world.effects, 0);
});

Deno.test("A169, A171: a reply to the prompt is the secret, is taken away and kept nowhere else", async () => {
  await using house = await TelegramHouse.open(WANTING);
  const { server, world } = house;
  const prompt = await house.say(1, "send the report");
  assert.match(prompt.text, /A secret is needed: API_TOKEN/);
  const value = "hush-9f8e7d6c5b";
  const from = { id: server.bot.id, is_bot: true, first_name: "ClamBot" };
  const answered = { message_id: prompt.message_id, from, text: prompt.text };
  const reply = { more: { reply_to_message: answered } };
  // of somebody else, or in a group, it is none
  server.say(2, "not a secret", { ...reply });
  await house.server.answer(2, 0);
  assert.equal(await house.app.stores.vault.find("API_TOKEN"), undefined);
  const message = server.say(1, value, reply);
  const told = await house.reads(1, /The secret API_TOKEN is kept/);
  assert.match(told.text, /I took your message away\./);
  assert.ok(server.chats.deleted.some(({ message_id }) => message_id === message));
  assert.equal(await house.app.stores.vault.reveal("API_TOKEN"), value);
  await house.reads(1, /✔ The secret was given/);
  assert.ok(!JSON.stringify(world.model.calls).includes(value));
  assert.ok(!JSON.stringify(await house.app.stores.audit.read()).includes(value));
  assert.ok(!JSON.stringify(await house.app.stores.sessions.read("telegram:1")).includes(value));
  // late, it is no question to a model either
  const before = world.model.calls.length;
  const late = server.say(1, "another-secret-1", reply);
  const refused = await house.reads(1, /took your message away.*$/);
  assert.ok(refused);
  await server.until(() => server.chats.deleted.some(({ message_id }) => message_id === late));
  assert.equal(world.model.calls.length, before);
});

Deno.test("A204, A201: strangers cause nothing, a code makes an owner, an approved one may talk", async () => {
  await using house = await TelegramHouse.open(CHAT);
  const { server, people } = house;
  const refusal = await house.say(9, "what is 17% of 230?");
  assert.match(refusal.text, /I do not know you yet/);
  assert.match((await server.answer(1, 0)).text, /Somebody unknown wrote to me/);
  server.say(9, "hello?");
  server.say(9, "", {
    more: { photo: [{ file_id: "p", file_unique_id: "u", width: 1, height: 1 }] },
  });
  server.say(9, "", { more: { voice: { file_id: "v", file_unique_id: "w", duration: 3 } } });
  await house.say(1, "/help");
  assert.equal(server.in(9).length, 1);
  assert.deepEqual([server.called("getFile"), server.called("sendChatAction")], [[], []]);
  assert.equal(house.world.model.calls.length, 0);
  const [pending] = await people.pending();
  await people.approve("telegram", pending?.code ?? "", "cli");
  assert.match((await house.say(9, "what is a crab?")).text, /A crab is an animal/);
  const { code } = await people.inviteOwner("telegram");
  assert.match((await house.say(8, `/start ${code}`)).text, /You are an owner now/);
});

Deno.test("A218: in a group an owner is answered as a reply, and asked in private", async () => {
  await using house = await TelegramHouse.open(ASKING);
  const { server } = house;
  server.say(1, "send the report", { chat: -5 });
  const asked = server.say(1, "@clambot_bot send the report", { chat: -5 });
  const notice = await server.answer(-5, 0);
  assert.match(notice.text, /I asked in private/);
  assert.equal(notice.repliesTo, asked);
  assert.deepEqual(notice.buttons, []);
  const question = await server.answer(1, 0);
  server.press(1, question, "Allow once");
  const answer = await house.reads(-5, /^It was sent\.$/);
  assert.equal(answer.repliesTo, asked);
  assert.equal(house.world.effects, 1);
});

Deno.test("P064: a group that became a supergroup is answered there, in the same conversation", async () => {
  await using house = await TelegramHouse.open(CHAT);
  const { server } = house;
  await house.say(1, "@clambot_bot what is a crab?", -77);
  // noticed by an answer that is refused
  server.chats.moved.set(-77, -1_001_432);
  server.say(1, "@clambot_bot what is a crab?", { chat: -77 });
  assert.match((await server.answer(-1_001_432, 0)).text, /A crab is an animal/);
  assert.match((await house.say(1, "@clambot_bot what is a crab?", -1_001_432)).text, /A crab/);
  const { sessions, audit } = house.app.stores;
  assert.deepEqual(
    (await sessions.list()).map(({ conversation, entries }) => [conversation, entries]),
    [["telegram:group:-77", 6]],
  );
  const moves = (await audit.read()).filter(({ kind }) => kind === "chat_moved");
  assert.equal(moves.length, 1);
  // or told by Telegram, before anybody says anything
  server.chats.moved.set(-1_001_432, -1_001_999);
  const more = { migrate_to_chat_id: -1_001_999 };
  server.say(1, "", { chat: -1_001_432, more });
  server.say(1, "", { chat: -4_444, more }); // a group of strangers
  while (await house.people.currentChat("telegram", "-77") !== "-1001999") await pause();
  assert.equal(await house.people.currentChat("telegram", "-4444"), "-4444");
});

Deno.test("A211: a prompt of any size is delivered, with its buttons at the end", async () => {
  const long: Flow = {
    ...ASKING,
    script(model, server) {
      model.on("selection", GENERATE);
      const script = `async function run() {
        const body = "line of a long letter\\n".repeat(900);
        await http_request({method: "POST", url: "${server}/effect/asked", body});
        return "It was sent.";
      }`;
      const more = { declared_tools: ["http_request"], result_schema: worded("sent") };
      model.on("clam", clam(script, more));
    },
  };
  await using house = await TelegramHouse.open(long);
  house.server.say(1, "send the letter");
  const last = await house.server.until(() =>
    house.server.in(1).find(({ buttons }) => buttons.length > 0)
  );
  const parts = house.server.in(1);
  assert.ok(parts.length > 2);
  assert.equal(parts.at(-1)?.message_id, last.message_id);
  house.server.press(1, last, "Allow once");
  await house.reads(1, /^It was sent\.$/);
});

Deno.test("P005, P008: what comes twice is answered once, and what cannot be read is a dead letter", async () => {
  await using house = await TelegramHouse.open(CHAT);
  const { server } = house;
  const message = {
    message_id: 5,
    date: Math.floor(Date.now() / 1000),
    from: { id: 1, is_bot: false, first_name: "A" },
    chat: { id: 1, type: "private" },
    text: "what is a crab?",
  };
  server.push({ message: { ...message, text: { evil: true } } }, 700);
  server.push({ message }, 702);
  server.push({ message: { ...message, message_id: 4, text: "/help" } }, 701);
  server.push({ message }, 702);
  await house.reads(1, /A crab is an animal/);
  await house.reads(1, /\/help: this list/);
  server.push({ message }, 702);
  await server.until(() => house.logged.filter((line) => line.startsWith("already_known")).length);
  assert.match((await house.say(1, "/status")).text, /1 that could not be dealt with/);
  assert.equal(server.in(1).filter(({ text }) => text.startsWith("A crab")).length, 1);
});

function pause(): Promise<void> {
  return new Promise((go) => setTimeout(go, 5));
}
