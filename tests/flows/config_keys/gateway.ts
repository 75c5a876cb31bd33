import type { GatewaySetting } from "../../../src/app/gateway.ts";
import assert from "node:assert/strict";
import { openGatewayLog } from "../../../src/app/gateway_log.ts";
import { openHomeJobs } from "../../../src/app/home_jobs.ts";
import type { Job } from "../../../src/cron/job.ts";
import { homeLayout } from "../../../src/config/home.ts";
import { parseConfig } from "../../../src/config/parse.ts";
import { listLogFiles, logDay } from "../../../src/gateway/log_files.ts";
import { readWallSettings } from "../../../src/config/wall_settings.ts";
import { openFiles } from "../../../src/platform/files.ts";
import { chatting } from "../pipeline.ts";
import type { Pipeline } from "../pipeline.ts";
import { GATEWAY_CONFIG, RunningGateway } from "../running_gateway.ts";
import { alone, type Cases } from "./cases.ts";
import { openApp } from "./house.ts";
import { run } from "./run.ts";

/** A gateway as the configuration of the pipeline says. */
async function open({ clambot }: Pipeline): Promise<RunningGateway> {
  const { gateway = {}, cron = {} } = JSON.parse(
    await Deno.readTextFile(`${clambot.home}/config.json`),
  );
  const config: GatewaySetting = {
    ...GATEWAY_CONFIG,
    gateway: { ...GATEWAY_CONFIG.gateway, ...gateway },
    cron: { ...GATEWAY_CONFIG.cron, ...cron },
  };
  return await RunningGateway.over(await openApp(clambot.home), config);
}

/** How often the model was asked at once when four people say something. */
async function mostAtOnce(pipeline: Pipeline): Promise<number> {
  const { model } = pipeline;
  model.on("selection", chatting("Yes."));
  const running = await open(pipeline);
  let most = 0;
  const looking = setInterval(() => most = Math.max(most, running.gateway.status().running), 1);
  await Promise.all(["a", "b", "c", "d"].map((as) => running.say(`hello from ${as}`, { as })));
  clearInterval(looking);
  await running.end();
  return most;
}

const tooMany = async (pipeline: Pipeline) => {
  pipeline.model.on("selection", chatting("Yes."));
  const running = await open(pipeline);
  const all = await Promise.all([1, 2, 3].map((n) => running.say(`hello ${n}`)));
  await running.end();
  return all.flat().filter(({ text }) => text.startsWith("Too much of yours")).length;
};

const sinceHours = async (pipeline: Pipeline) => {
  pipeline.model.on("selection", chatting("Yes."));
  const running = await open(pipeline);
  const [answer] = await running.say("hello", { at: Date.now() - 5 * 3_600_000 });
  await running.end();
  return answer?.text.startsWith("This came too late") ?? null;
};

const wall = (name: "shutdownSeconds" | "maxFiles") => async ({ clambot }: Pipeline) =>
  readWallSettings(await Deno.readTextFile(`${clambot.home}/config.json`))[name];

/** Files of an old log, of 600 kB each, that are left when a gateway has noted something. */
const leftOfLog = async ({ clambot }: Pipeline) => {
  const app = await openApp(clambot.home);
  const path = `${clambot.home}/config.json`;
  const read = parseConfig(await Deno.readTextFile(path), path);
  assert.ok(read.kind === "ok");
  const layout = homeLayout(clambot.home);
  for (const days of [1, 2, 3, 4]) {
    const day = logDay(Date.now() - days * 86_400_000);
    await Deno.writeTextFile(`${layout.logs}/gateway-${day}.jsonl`, "x".repeat(600_000));
  }
  const log = openGatewayLog(read.config, app.stores, { layout, openFiles });
  log.debug("started");
  await log.close();
  app.close();
  return (await listLogFiles(openFiles(layout.logs))).length - 1;
};

/** Runs of three jobs that are due when the gateway starts, and how many were under way at once. */
async function runJobs(pipeline: Pipeline, isEnough: (runs: number) => boolean) {
  pipeline.model.on("selection", chatting("Yes."));
  const app = await openApp(pipeline.clambot.home);
  const home = await openHomeJobs(app.stores);
  for (const id of ["00aaaaaa", "00bbbbbb", "00cccccc"]) home.store.add(dueJob(id, Date.now()));
  home.database.close();
  app.close();
  const running = await open(pipeline);
  const underWay = () => running.jobs().filter(({ state }) => state === "running");
  let most = 0;
  const looking = setInterval(() => most = Math.max(most, underWay().length), 1);
  await running.say("hello"); // jobs had their time to begin
  const done = () => running.jobs().filter(({ state }) => state === "done").length;
  while (!isEnough(done())) await new Promise((resolve) => setTimeout(resolve, 5));
  clearInterval(looking);
  const runs = running.jobs().length;
  await running.end();
  return { most, runs };
}

function dueJob(id: string, now: number): Job {
  return {
    ...{ id, name: id, enabled: true, missed: "once", retries: 0, deleteAfterRun: false },
    ...{ schedule: { kind: "at", at: now }, work: { kind: "message", text: "hello" } },
    ...{ delivery: { deliver: true }, conversation: "cli:test", createdAt: now, nextAt: now },
  };
}

export const gateway: Cases = {
  ...alone("cron.enabled", {
    values: [true, false],
    observe: async (pipeline) => {
      const { cron } = JSON.parse(await Deno.readTextFile(`${pipeline.clambot.home}/config.json`));
      return (await runJobs(pipeline, (done) => done === 3 || !cron.enabled)).runs;
    },
    expected: [3, 0],
  }),
  ...alone("cron.atOnce", {
    values: [1, 3],
    observe: async (pipeline) => (await runJobs(pipeline, (done) => done === 3)).most,
    expected: [1, 3],
  }),
  ...alone("gateway.logs.keepDays", { values: [2, 9], observe: leftOfLog, expected: [2, 4] }),
  ...alone("gateway.logs.maxMiB", { values: [1, 9], observe: leftOfLog, expected: [1, 4] }),
  ...alone("gateway.concurrency", { values: [1, 3], observe: mostAtOnce, expected: [1, 3] }),
  ...alone("gateway.mostWaiting", { values: [1, 9], observe: tooMany, expected: [2, 0] }),
  ...alone("gateway.maxAgeHours", { values: [1, 9], observe: sinceHours, expected: [true, false] }),
  // what the launcher does with these two is shown by tests/flows/supervised_test.ts
  ...alone("gateway.shutdownSeconds", {
    values: [3, 9],
    observe: wall("shutdownSeconds"),
    expected: [3, 9],
  }),
  ...alone("gateway.maxFiles", {
    values: [100, 200],
    observe: wall("maxFiles"),
    expected: [100, 200],
  }),
};

export const runs: Cases = {
  ...alone("runs.keepDays", {
    values: [0, 30],
    observe: async (pipeline) => {
      await run(pipeline, "return 1;");
      await openFiles(`${pipeline.clambot.home}/runs`).remove("swept");
      const app = await openApp(pipeline.clambot.home);
      const left = await app.stores.runs.sweep();
      app.close();
      return left;
    },
    expected: [1, 0],
  }),
};
