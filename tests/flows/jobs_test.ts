import assert from "node:assert/strict";
import type { JobOutcome } from "../../src/gateway/cron_ops.ts";
import type { Job, Work } from "../../src/cron/job.ts";
import { ACCEPT, chatting, clam, GENERATE, worded } from "./pipeline.ts";
import { SOME_ANSWER } from "../fakes/gateway.ts";
import { FaultyWorld, type Flow } from "./faulty_house.ts";
import { openControl } from "../../src/app/gateway_control.ts";
import { runJobNow } from "../../src/app/home_jobs.ts";
import { findGateway } from "../../src/gateway/control_client.ts";
import { setStopMark } from "../../src/runs/stop_mark.ts";
import { GATEWAY_CONFIG, RunningGateway } from "./running_gateway.ts";

// Jobs of a gateway over the whole house. A restart is a new house and a new gateway over the same
// files; due jobs are put into the store as they stand when their time has come.

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

function dueJob(id: string, work: Work): Job {
  const at = Date.now();
  return {
    ...{ id, name: id, enabled: true, missed: "once", retries: 0, deleteAfterRun: false, work },
    ...{ schedule: { kind: "at", at }, delivery: { deliver: true }, conversation: "cli:test" },
    ...{ createdAt: at, nextAt: at },
  };
}

/** Puts a job into a gateway that runs, and waits for what comes of it first. */
async function runJob(running: RunningGateway, job: Job): Promise<JobOutcome> {
  const { promise, resolve } = Promise.withResolvers<JobOutcome>();
  running.home.ended.onRing((outcome) => outcome.run.job === job.id && resolve(outcome));
  running.home.store.add(job);
  running.home.bell.ring(undefined);
  return await promise;
}

/** Waits until something is kept for the owner. */
async function notices(running: RunningGateway): Promise<readonly string[]> {
  while (running.home.notices.count() === 0) await new Promise((go) => setTimeout(go, 5));
  return running.home.notices.take().map(({ text }) => text);
}

Deno.test("a message of a job is answered in a conversation of its own, and waits for the owner (A219)", async () => {
  await using world = new FaultyWorld();
  const running = await RunningGateway.over(await world.house(CHAT));
  const { run, text } = await runJob(
    running,
    dueJob("0000crab", { kind: "message", text: "what is a crab?" }),
  );
  assert.deepEqual([run.state, run.tries, text], ["done", 1, "A crab is an animal."]);
  assert.deepEqual(await notices(running), ["A crab is an animal."]);
  const said = await running.app.stores.sessions.read("cron:0000crab");
  assert.deepEqual(said.map(({ role }) => role), ["user", "assistant"]);
  assert.equal(running.home.store.find("0000crab"), undefined, "it was to be done once");
  await running.end();
});

Deno.test("a job that needs a yes asks the owner and waits, over a restart, and acts once (A229, P117)", async () => {
  await using world = new FaultyWorld();
  let running = await RunningGateway.over(await world.house(ASKING));
  const { run } = await runJob(
    running,
    dueJob("0000send", { kind: "message", text: "send the report" }),
  );
  assert.equal(run.state, "waiting");
  const [asked = ""] = await notices(running);
  assert.match(asked, /The job "0000send" \(0000send\) needs an answer[^]*May I\?/);
  assert.equal(world.effects, 0);
  await running.end();
  running = await RunningGateway.over(await world.again());
  await running.idle();
  const { runs } = running.app.stores;
  const [question] = (await runs.list()).flatMap(({ record }) => record?.questions ?? []);
  const by = { channel: "cli" };
  const answered = await runs.answer(question?.question ?? "", { kind: "once" }, by);
  const { promise, resolve } = Promise.withResolvers<JobOutcome>();
  running.home.ended.onRing((outcome) => outcome.run.state === "done" && resolve(outcome));
  running.gateway.resumeLater({ run: answered.run, conversation: "cron:0000send" });
  assert.equal((await promise).text, "It was sent.");
  assert.equal(world.effects, 1);
  assert.equal((await notices(running)).at(-1), "It was sent.");
  await running.end();
});

Deno.test("a job that is removed while it waits ends its run, and says no more", async () => {
  await using world = new FaultyWorld();
  const running = await RunningGateway.over(await world.house(ASKING));
  const work = { kind: "message", text: "send the report" } as const;
  await runJob(running, dueJob("0000send", work));
  await notices(running);
  await running.home.book.remove("0000send");
  while (running.home.store.open("0000send")) await new Promise((go) => setTimeout(go, 5));
  const [listed] = await running.app.stores.runs.list();
  assert.equal(listed?.state, "cancelled");
  assert.equal(world.effects, 0);
  await running.end();
});

Deno.test("a clam of a job runs without a model, and says what it made (A227)", async () => {
  await using world = new FaultyWorld();
  const running = await RunningGateway.over(await world.house(CHAT));
  const input = { text: "abc" };
  const { run, text } = await runJob(
    running,
    dueJob("0000hash", { kind: "clam", clam: "starter-sha256", input }),
  );
  assert.deepEqual([run.state, run.reason], ["done", undefined]);
  assert.match(text, /ba7816bf8f01cfea/);
  await running.end();
});

const NEVER = new AbortController().signal;

Deno.test("a job that is run by hand while everything is stopped is told as skipped", async () => {
  await using world = new FaultyWorld();
  const running = await RunningGateway.over(await world.house(CHAT));
  const { stores } = running.app;
  await setStopMark(stores.state, "cli", stores.clock);
  running.home.store.add({
    ...dueJob("0000hand", { kind: "text", text: "Tea" }),
    schedule: { kind: "at", at: Date.now() + 3_600_000 },
    nextAt: Date.now() + 3_600_000,
  });
  const { run } = await runJobNow("0000hand", running.home, stores.clock, NEVER);
  assert.deepEqual([run.state, run.reason], ["skipped", "Everything was told to stop."]);
  await running.end();
});

Deno.test({
  name: "a gateway that begins no jobs says so to whoever wants to run one",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using world = new FaultyWorld();
    const config = { ...GATEWAY_CONFIG, cron: { enabled: false, atOnce: 3 } };
    const running = await RunningGateway.over(await world.house(CHAT), config);
    const { app, gateway, home, channel: loopback } = running;
    running.home.store.add(dueJob("0000hand", { kind: "text", text: "Tea" }));
    const log = { debug() {}, warn() {} };
    const path = `${app.stores.state.path}/gateway.sock`;
    const about = { pid: Deno.pid };
    const means = { app, gateway, home, loopback, log, about, beginsJobs: false };
    const control = await openControl(path, means);
    const found = await findGateway(path, app.stores, NEVER);
    assert(found.kind === "there");
    const asked = found.gateway.ask("cron.run", { id: "0000hand" }, NEVER);
    await assert.rejects(asked, /cron\.enabled is false/);
    assert.deepEqual(running.jobs(), []);
    found.gateway.close();
    control.close();
    await running.end();
  },
});

Deno.test("a run that does not end by its signal is left, and gives its place back (A224)", async () => {
  await using world = new FaultyWorld();
  const app = await world.house(CHAT);
  const hung = Promise.withResolvers<never>();
  const openTurn: typeof app.openTurn = (message, { turn = "" }) =>
    message.text === "hang" ? hung.promise : Promise.resolve({ ...SOME_ANSWER, turn });
  const budgets = GATEWAY_CONFIG.agents.budgets;
  const perTurn = { ...budgets.perTurn, seconds: 0.02 };
  const running = await RunningGateway.over({ ...app, openTurn }, {
    ...GATEWAY_CONFIG,
    agents: { ...GATEWAY_CONFIG.agents, budgets: { ...budgets, perTurn } },
    cron: { enabled: true, atOnce: 1 },
  }, { graceMs: 0 });
  const { run, text } = await runJob(
    running,
    dueJob("0000hang", { kind: "message", text: "hang" }),
  );
  assert.deepEqual([run.state, run.code], ["failed", "budget_exceeded"]);
  assert.match(text, /so it was left/);
  const work = { kind: "message", text: "what is a crab?" } as const;
  assert.equal((await runJob(running, dueJob("0000next", work))).run.state, "done");
  await running.end();
});
