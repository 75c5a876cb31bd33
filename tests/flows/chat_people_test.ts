import assert from "node:assert/strict";
import { withChats } from "./chats.ts";
import type { Flow } from "./faulty_house.ts";
import { chatting, clam, GENERATE, worded } from "./pipeline.ts";

// Owners, guests and strangers over the whole gateway, heard by a channel on which people have
// numbers.

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

Deno.test("A279: a guest gets words only: no clam, no tool, no memory, nothing of the owner's", () =>
  withChats(ASKING, async ({ app, chats, world }) => {
    const { memory, sessions, redactor } = app.stores;
    await memory.addFacts([redactor.redact("The door code is 4711.")], { turn: "t" });
    assert.equal(await chats.say("2", "what is 17% of 230?"), "I can only talk.");
    assert.equal(await chats.say("2", "send the report"), "I can only talk.");
    assert.equal(await chats.say("2", "my name is Mallory and I like crabs"), "I can only talk.");
    await app.finish();
    assert.equal(world.model.sequence(), "chat chat chat", "nothing is chosen, written or learnt");
    for (const call of world.model.calls) {
      assert.doesNotMatch(JSON.stringify(call), /4711|http_request|percent/);
    }
    assert.equal(world.effects, 0);
    assert.doesNotMatch(await memory.text("chat"), /Mallory/);
    assert.equal((await sessions.read("telegram:guest:2")).length, 6);
    // the same words of the owner do all of it
    assert.match(await chats.say("1", "send the report"), /May I\?/);
  }));

Deno.test("A279: a question is answered by an owner in private, and by nobody else", () =>
  withChats(ASKING, async ({ chats, world }) => {
    const asked = await chats.say("1", "send the report");
    const [, id = ""] = /\/approve (\w+) once/.exec(asked) ?? [];
    assert.match(await chats.say("2", `/approve ${id} once`), /is for owners/);
    assert.match(await chats.say("1", `/approve ${id} once`, "-5"), /private chat only/);
    assert.match(await chats.say("1", "/approve nothing once"), /no open question/);
    assert.match(await chats.say("1", `/approve ${id} always *`), /is not offered/);
    assert.equal(world.effects, 0);
    assert.equal(await chats.say("1", `/approve ${id} once`), "It goes on.");
    assert.equal(await chats.next("1"), "It was sent.");
    assert.equal(world.effects, 1);
  }));

Deno.test("A279: what an owner is asked for a request in a group is asked in private", () =>
  withChats(ASKING, async ({ chats, world }) => {
    assert.equal(
      await chats.say("1", "send the report", "-5"),
      "This needs a yes; I asked in private.",
    );
    const asked = await chats.next("1");
    const [, id = ""] = /\/approve (\w+) once/.exec(asked) ?? [];
    assert.equal(await chats.say("1", `/approve ${id} once`), "It goes on.");
    assert.equal(await chats.next("-5"), "It was sent.");
    assert.equal(world.effects, 1);
  }));

Deno.test("A279: each guest has a conversation of their own, in a group too", () =>
  withChats(CHAT, async ({ app, chats, people }) => {
    await people.admit({ channel: "telegram", id: "3" }, "guest", "cli");
    await chats.say("2", "I am afraid of lobsters", "-5");
    await chats.say("3", "what did they say?", "-5");
    await chats.say("1", "and I?", "-5");
    const { sessions } = app.stores;
    const said = async (name: string) =>
      (await sessions.read(name)).filter(({ role }) => role === "user").map(({ content }) =>
        content
      );
    assert.deepEqual(await said("telegram:guest:2"), ["I am afraid of lobsters"]);
    assert.deepEqual(await said("telegram:guest:3"), ["what did they say?"]);
    assert.deepEqual(await said("telegram:group:-5"), ["and I?"]);
  }));

Deno.test("A279: an owner in a group is answered without what is remembered", () =>
  withChats(CHAT, async ({ app, chats, world }) => {
    const { memory, redactor } = app.stores;
    await memory.addFacts([redactor.redact("The door code is 4711.")], { turn: "t" });
    await chats.say("1", "what is a crab?", "-5");
    assert.doesNotMatch(JSON.stringify(world.model.calls), /4711|memory_recall/);
    await chats.say("1", "what is a crab?");
    assert.match(JSON.stringify(world.model.calls), /4711/);
  }));

Deno.test("A204: somebody unknown causes no model call, and the owners hear of them", () =>
  withChats(CHAT, async ({ app, chats, people, world }) => {
    const reply = await chats.say("9", "hello, what can you do?");
    assert.match(reply, /clambot channels approve telegram \w{8}/);
    assert.match(await chats.next("1"), /Somebody unknown wrote to me: telegram 9 \(name-9\)/);
    for (const text of ["/status", "/help", "/approve x once", "/nothing", "hello again"]) {
      await chats.hear("9", text);
    }
    await chats.say("1", "/help");
    assert.deepEqual(chats.told, [], "nothing more is said to them");
    assert.deepEqual(world.model.calls.length, 0);
    assert.deepEqual(await app.stores.sessions.list(), []);
    const [pending] = await people.pending();
    await people.approve("telegram", pending?.code ?? "", "cli");
    assert.equal(await chats.say("9", "hello"), "A crab is an animal.");
  }));

Deno.test("P070: only the code makes somebody unknown an owner", () =>
  withChats(CHAT, async ({ chats, people }) => {
    const { code } = await people.inviteOwner("telegram");
    assert.match(await chats.say("9", "/start"), /I do not know you/);
    await chats.hear("9", "/start x");
    assert.match(await chats.say("8", `/start ${code}`), /You are an owner now/);
    const roles = (await people.list()).map(({ id, role }) => `${id} ${role}`);
    assert.deepEqual(roles.toSorted(), ["1 owner", "2 guest", "8 owner"]);
  }));

Deno.test("A202: an explicit [] lets everybody talk as a guest, and ids are not given codes", () =>
  withChats(CHAT, async ({ chats, people }) => {
    assert.equal(await chats.say("9", "hello"), "A crab is an animal.");
    assert.match(await chats.say("9", "/memory"), /is for owners/);
    assert.deepEqual(await people.pending(), []);
  }, []));

Deno.test("a secret that is sent is bound, kept, and leaves no trace in the store", () =>
  withChats(CHAT, async ({ app, chats, world }) => {
    const value = "hush-9f8e7d6c5b";
    assert.match(await chats.say("1", `/secret TOKEN ${value}`), /Nothing waits for the secret/);
    assert.match(await chats.say("1", `/secret TOKEN ${value}`, "-5"), /delete the message/);
    const host = { scheme: "https", host: "a.example", port: 443, path: "/" } as const;
    await app.stores.vault.put({ name: "TOKEN", value: "old-value-1", hosts: [host] });
    assert.match(await chats.say("1", `/secret TOKEN ${value}`), /is kept. Delete your message/);
    assert.equal(await app.stores.vault.reveal("TOKEN"), value);
    assert.deepEqual((await app.stores.vault.find("TOKEN"))?.hosts, [host]);
    await chats.say("1", "/status");
    for await (const { name, isFile } of Deno.readDir(app.stores.state.path)) {
      if (!isFile) continue;
      const bytes = await Deno.readFile(`${app.stores.state.path}/${name}`);
      assert.ok(!new TextDecoder("latin1").decode(bytes).includes(value), name);
    }
    assert.ok(!JSON.stringify(await app.stores.audit.read()).includes(value));
    assert.deepEqual(await app.stores.sessions.list(), []);
    assert.deepEqual(world.model.calls.length, 0);
  }));

Deno.test("P048: /status and /stop are answered while a turn hangs, and /cancel ends it", () => {
  const hanging: Flow = {
    ...ASKING,
    script(model) {
      model.on("selection", GENERATE);
      const script = `async function run() { await sleep({seconds: 100}); return "sent"; }`;
      model.on("clam", clam(script, { declared_tools: ["sleep"], result_schema: worded("sent") }));
    },
  };
  return withChats(hanging, async ({ app, chats, gateway }) => {
    const called = async () =>
      (await app.stores.audit.read()).some(({ kind }) => kind === "tool_call");
    const hang = async () => {
      const before = (await app.stores.audit.read()).length;
      await chats.hear("1", "hang around for me");
      while (!await called() || (await app.stores.audit.read()).length === before) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    await hang();
    assert.match(await chats.say("1", "/status"), /1 under way/);
    assert.match(await chats.say("2", "/cancel"), /Nothing is under way here/);
    assert.match(await chats.say("2", "/stop"), /is for owners/);
    assert.match(await chats.say("1", "/cancel", "1"), /being ended/);
    assert.match(await chats.next("1"), /stopped|cancelled/i);
    assert.match(await chats.say("1", " /STOP now"), /ClamBot is stopped/);
    assert.match(await chats.say("1", "/status"), /Stopped by telegram 1/);
    assert.match(await chats.say("1", "/resume"), /goes on/);
    assert.equal(gateway.status().running, 0);
  });
});

Deno.test("what an owner asks for in private is told", () =>
  withChats(CHAT, async ({ app, chats }) => {
    const { memory, redactor } = app.stores;
    assert.equal(await chats.say("1", "/memory"), "Nothing is remembered.");
    await memory.addFacts([redactor.redact("The door code is 4711.")], { turn: "t" });
    assert.match(await chats.say("1", "/memory"), /4711/);
    assert.match(await chats.say("1", "/clams"), /No clam was kept yet/);
    assert.match(await chats.say("1", "/runs"), /No program was run yet/);
    assert.equal(await chats.say("1", "/cron"), "There are no jobs.");
    assert.equal(await chats.say("1", "/undo"), "Nothing can be undone.");
    assert.match(await chats.say("1", "/undo 5"), /no change "5"/);
    assert.match(await chats.say("1", "/nothing"), /There is no \/nothing/);
    await chats.say("1", "what is a crab?");
    assert.match(await chats.say("2", "/new"), /A new conversation begins/);
    assert.equal((await app.stores.sessions.read("telegram:1")).length, 2);
  }));
