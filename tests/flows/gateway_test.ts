import assert from "node:assert/strict";
import type { OutgoingMessage } from "../../src/channels/channel.ts";
import { ACCEPT, chatting, clam, GENERATE, worded } from "./pipeline.ts";
import { FaultyWorld, type Flow } from "./faulty_house.ts";
import { RunningGateway } from "./running_gateway.ts";

// The gateway over the whole house, heard and answered by the loopback channel. A restart is a new
// house and a new gateway over the same files.

const NEVER = new AbortController().signal;
const NOBODY_THERE = { ask: () => Promise.resolve({ kind: "unavailable" } as const) };
const CHAT: Flow = {
  name: "a chat",
  text: "",
  grants: [],
  script: (model) => model.on("selection", chatting("A crab is an animal.")),
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
    model.on("verdict", ACCEPT);
  },
};

Deno.test("what is said is answered once, however often it is said under the same id", async () => {
  await using world = new FaultyWorld();
  const running = await RunningGateway.over(await world.house(CHAT));
  const [answer] = await running.say("what is a crab?");
  assert.deepEqual([answer?.text, answer?.status], ["A crab is an animal.", "chat"]);
  const [again] = await running.say("what is a crab?");
  assert.equal(again?.text, answer?.text);
  const { sessions } = running.app.stores;
  assert.deepEqual((await sessions.read("loopback:anna")).map(({ role }) => role), [
    "user",
    "assistant",
  ]);
  await running.end();
});

Deno.test("what was answered is not begun anew, though the store of the gateway was lost", async () => {
  await using world = new FaultyWorld();
  let running = await RunningGateway.over(await world.house(CHAT));
  const at = Date.now();
  const [answer] = await running.say("what is a crab?", { at });
  const { state } = running.app.stores;
  await running.end();
  for await (const { name } of Deno.readDir(state.path)) {
    if (name.startsWith("gateway.sqlite")) await Deno.remove(`${state.path}/${name}`);
  }
  running = await RunningGateway.over(await world.again());
  const [again] = await running.say("what is a crab?", { at });
  assert.deepEqual([again?.text, again?.status], [answer?.text, "completed"]);
  assert.equal((await running.app.stores.sessions.read("loopback:anna")).length, 2);
  await running.end();
});

Deno.test("A127: a question waits, and its run goes on when it is answered, in its conversation", async () => {
  await using world = new FaultyWorld();
  const running = await RunningGateway.over(await world.house(ASKING));
  const [asked] = await running.say("send the report");
  assert.equal(asked?.status, "needs_person");
  assert.match(asked?.text ?? "", /May I\? [\s\S]*\/approve \w+ once/);
  assert.equal(world.effects, 0);
  assert.equal(running.gateway.status().parked, 1);
  const { runs } = running.app.stores;
  const by = { channel: "loopback", person: "anna" };
  const answered = await runs.answer(asked?.question ?? "", { kind: "once" }, by);
  const told = Promise.withResolvers<OutgoingMessage>();
  const { send } = running.channel;
  running.channel.send = (...given) => (told.resolve(given[0]), send(...given));
  running.gateway.resumeLater({ run: answered.run, conversation: "loopback:anna" });
  const late = await told.promise;
  assert.deepEqual([late.text, late.status, world.effects], ["It was sent.", "completed", 1]);
  assert.equal(running.gateway.status().parked, 0);
  await running.end();
});

Deno.test("what is too old is not acted on, and says so", async () => {
  await using world = new FaultyWorld();
  const running = await RunningGateway.over(await world.house(ASKING));
  const [answer] = await running.say("send the report", { at: 0 });
  assert.match(answer?.text ?? "", /came too late/);
  assert.equal(world.effects, 0);
  await running.end();
});

/** The same house in the next process, over the same files. */
async function restarted(world: FaultyWorld, running: RunningGateway): Promise<RunningGateway> {
  await running.end();
  return await RunningGateway.over(await world.again());
}

Deno.test("A236: a question that was answered while no gateway ran is told what came of it at the next start", async () => {
  await using world = new FaultyWorld();
  let running = await RunningGateway.over(await world.house(ASKING));
  const [asked] = await running.say("send the report", { id: "one" });
  await running.end();
  const app = await world.again();
  const by = { channel: "cli" };
  const { run } = await app.stores.runs.answer(asked?.question ?? "", { kind: "once" }, by);
  const answered = await app.resumeRun(run, { approver: NOBODY_THERE }, NEVER);
  assert.deepEqual([answered.reply, world.effects], ["It was sent.", 1]);
  running = await restarted(world, await RunningGateway.over(app));
  const [late] = await running.say("send the report", { id: "one" });
  assert.deepEqual([late?.text, late?.status], ["It was sent.", "completed"]);
  assert.equal(world.effects, 1);
  await running.end();
});

Deno.test("A236: a run that stands open is never begun anew, and one whose answer was lost says so", async () => {
  await using world = new FaultyWorld();
  let running = await RunningGateway.over(await world.house(ASKING));
  const [asked] = await running.say("send the report", { id: "one" });
  const { sessions, redactor } = running.app.stores;
  // as if the process had been killed before the conversation had the answer
  const before = await sessions.read("loopback:anna");
  const kept = before.filter(({ role }) => role === "user");
  assert.ok(await sessions.rewrite("loopback:anna", before, redactor.clean(kept)));
  running = await restarted(world, running);
  await running.idle();
  const pending = (await running.app.stores.runs.list()).flatMap(({ record }) => record?.questions);
  assert.deepEqual(pending.map((one) => one?.question), [asked?.question]);
  const [found] = await running.app.stores.runs.list();
  const run = await running.app.stores.runs.takeUp(found?.run ?? "");
  await run.end("failed");
  running = await restarted(world, running);
  await running.idle();
  const [told] = await running.say("send the report", { id: "one" });
  assert.match(told?.text ?? "", /what came of it was lost/);
  assert.equal(world.effects, 0);
  await running.end();
});
