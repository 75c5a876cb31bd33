import assert from "node:assert/strict";
import type { JobRun } from "../../src/cron/ledger.ts";
import type { KeptNotice } from "../../src/gateway/notices.ts";
import type { GatewaySetting } from "../../src/app/gateway.ts";
import { openFiles } from "../../src/platform/files.ts";
import type { Files } from "../../src/platform/platform.ts";
import { summarizeUsage } from "../../src/usage/summary.ts";
import { FaultyWorld, type Flow } from "./faulty_house.ts";
import { ACCEPT, chatting, clam, GENERATE, worded } from "./pipeline.ts";
import { GATEWAY_CONFIG, RunningGateway } from "./running_gateway.ts";

// Standing tasks over the whole house: the gateway does them, and tells the owner what is worth it.

const SOON: GatewaySetting["heartbeat"] = { ...GATEWAY_CONFIG.heartbeat, interval: 0.2 };

class Beating implements AsyncDisposable {
  readonly #notices: KeptNotice[] = [];

  private constructor(
    readonly running: RunningGateway,
    readonly files: Files,
    readonly directory: string,
  ) {}

  static async over(
    world: FaultyWorld,
    flow: Flow,
    tasks: string,
    heartbeat: Partial<GatewaySetting["heartbeat"]> = {},
  ): Promise<Beating> {
    const directory = await Deno.makeTempDir();
    const files = openFiles(directory);
    await files.replace("HEARTBEAT.md", tasks);
    const config = { ...GATEWAY_CONFIG, heartbeat: { ...SOON, ...heartbeat } };
    const more = { memory: files, logs: files };
    const running = await RunningGateway.over(await world.house(flow), config, more);
    return new Beating(running, files, directory);
  }

  get notices(): readonly string[] {
    this.#notices.push(...this.running.home.notices.take());
    return this.#notices.map(({ text }) => text);
  }

  get ticks(): readonly JobRun[] {
    return this.running.home.store.history({ job: "heartbeat", most: 100 }).toReversed();
  }

  /** Waits for something to happen, a minute long. */
  async until(isSo: () => boolean): Promise<void> {
    for (let tries = 0; !isSo(); tries++) {
      assert(tries < 3_000, "it did not happen within a minute");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async events(): Promise<readonly { readonly event: string; readonly run_id?: string }[]> {
    const text = await this.files.readText("gateway_cron_events.jsonl") ?? "";
    return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.running.end();
    await Deno.remove(this.directory, { recursive: true });
  }
}

function looking(...reports: readonly (string | { readonly report: string | null })[]): Flow {
  return {
    ...{ name: "looks", text: "", grants: [] },
    script(model) {
      model.on("selection", chatting("The disk is 95 % full."));
      model.on("report", ...reports);
    },
  };
}

Deno.test("P138, A232: only what a verdict wants told reaches the owner", async () => {
  await using world = new FaultyWorld();
  const flow = looking(
    "Quiet hours, I will check and stay silent.",
    { report: null },
    { report: "Disk 95 % full" },
    { report: null },
  );
  await using beating = await Beating.over(world, flow, "- [ ] Look at the disk");
  await beating.until(() => beating.ticks.length >= 4);
  assert.deepEqual(beating.notices, ["Disk 95 % full\n\n(Standing task: Look at the disk)"]);
  const [, , , fourth] = world.model.named("report");
  assert.match(fourth?.text ?? "", /Told last:\n<untrusted \w+>\nDisk 95 % full\n/);
  const { stores } = beating.running.app;
  const { byOrigin } = await summarizeUsage(stores.ledger, 1, stores.clock.now());
  assert.deepEqual(byOrigin.map(({ name }) => name), ["heartbeat"]);
  const events = await beating.events();
  assert.deepEqual(events.slice(0, 2).map(({ event }) => event), [
    "cron_executor_started",
    "cron_orchestrator_completed",
  ]);
  assert(events.every(({ run_id }) => run_id !== undefined));
});

Deno.test("A20, A232: without a task, and in quiet hours, no model is asked", async () => {
  await using world = new FaultyWorld();
  const flow = looking({ report: "x" });
  const seeded = "# Standing tasks\n\n> What ClamBot should look at now and then.\n";
  await using empty = await Beating.over(world, flow, seeded);
  const quiet = { quietHours: "00:00-23:59", timezone: quietZone() };
  await using quieted = await Beating.over(world, flow, "- [ ] Look at the disk", quiet);
  await using off = await Beating.over(world, flow, "- [ ] Look at the disk", { enabled: false });
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  for (const { ticks, notices } of [empty, quieted, off]) {
    assert.deepEqual([world.model.calls.length, ticks, notices], [0, [], []]);
  }
});

/** A zone in which it is far from midnight. */
function quietZone(): string {
  const hour = new Date().getUTCHours();
  return hour > 1 && hour < 22 ? "UTC" : "Asia/Tokyo";
}

Deno.test("A232: what a day may use is held against before anything is asked", async () => {
  await using world = new FaultyWorld();
  await using beating = await Beating.over(
    world,
    looking({ report: "x" }),
    "- [ ] Look at the disk",
    { callsPerDay: 2 },
  );
  await beating.until(() => beating.ticks.some(({ state }) => state === "skipped"));
  assert.equal(world.model.calls.length, 2);
  assert.match(beating.ticks.at(-1)?.reason ?? "", /2 requests to models of this day are used up/);
});

Deno.test("A274: a task that wants more requests than its tick has left fails before it sends them", async () => {
  await using world = new FaultyWorld();
  await using beating = await Beating.over(
    world,
    looking({ report: "x" }),
    "- [ ] Look at the disk",
    { callsPerTick: 1 },
  );
  await beating.until(() => beating.ticks.length > 0);
  assert.equal(world.model.sequence().split(" ")[0], "selection");
  assert.match(beating.notices[0] ?? "", /"Look at the disk" failed: .*one tick of the heartbeat/);
});

const SENDING: Flow = {
  ...{ name: "sends", text: "", grants: [] },
  script(model, server) {
    model.on("selection", GENERATE);
    const script = `async function run() {
      await http_request({method: "POST", url: "${server}/effect/beat"});
      return "It was sent.";
    }`;
    const more = { declared_tools: ["http_request"], result_schema: worded("sent") };
    model.on("clam", clam(script, more));
    model.on("verdict", ACCEPT);
    model.on("report", { report: null });
  },
};

Deno.test("A229: a task without a lease asks the owner, who is told what came of it", async () => {
  await using world = new FaultyWorld();
  await using beating = await Beating.over(world, SENDING, "- [ ] Send the report (once)");
  await beating.until(() => beating.notices.length > 0);
  assert.match(beating.notices[0] ?? "", /"Send the report" needs an answer\.\n\nMay I\?/);
  assert.equal(world.effects, 0);
  const { runs } = beating.running.app.stores;
  const [waiting] = await runs.listOpen();
  const [question] = waiting?.record?.questions ?? [];
  await runs.answer(question?.question ?? "", { kind: "once" }, { channel: "cli" });
  const { conversation = "" } = waiting?.record?.opening ?? {};
  const answer = await beating.running.gateway.resume({ run: waiting?.run ?? "", conversation });
  assert.deepEqual([answer.reply, world.effects], ["It was sent.", 1]);
  await beating.until(() => beating.notices.length > 1);
  assert.equal(beating.notices[1], "It was sent.\n\n(Standing task: Send the report)");
  await beating.until(() =>
    Deno.readTextFileSync(`${beating.directory}/HEARTBEAT.md`).includes("[x]")
  );
});
