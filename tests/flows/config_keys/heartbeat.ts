import assert from "node:assert/strict";
import { openJobsAtWork } from "../../../src/app/_jobs_at_work.ts";
import { openHomeJobs } from "../../../src/app/home_jobs.ts";
import { turnOf } from "../../../src/channels/channel.ts";
import { homeLayout } from "../../../src/config/home.ts";
import { parseConfig } from "../../../src/config/parse.ts";
import { openGatewayStore } from "../../../src/gateway/store.ts";
import { formatVerdict } from "../../../src/heartbeat/verdict.ts";
import { openFiles } from "../../../src/platform/files.ts";
import { createFakeClock } from "../../fakes/clock.ts";
import type { Pipeline } from "../pipeline.ts";
import { alone, type Cases } from "./cases.ts";
import { openApp } from "./house.ts";

const MINUTE_MS = 60_000;

/** When two tasks are begun, in minutes after noon, in the first three hours; each asks a model once. */
async function begun({ clambot }: Pipeline): Promise<number[]> {
  const app = await openApp(clambot.home);
  const path = `${clambot.home}/config.json`;
  const read = parseConfig(await Deno.readTextFile(path), path);
  assert.ok(read.kind === "ok");
  const layout = homeLayout(clambot.home);
  await openFiles(layout.memory).replace("HEARTBEAT.md", "- a\n- b");
  const noon = Date.parse("2026-05-04T12:00Z");
  const clock = createFakeClock(noon);
  const stores = { ...app.stores, clock };
  const home = await openHomeJobs(stores);
  const { heartbeat, channels } = openJobsAtWork({
    ...{ stores, home, store: openGatewayStore(home.database), channels: [] },
    ...{ logs: openFiles(layout.logs), memory: openFiles(layout.memory), config: read.config },
    log: { debug() {}, warn() {} },
    underWay: () => [],
  });
  const times: number[] = [];
  const ending = new AbortController();
  const turns: string[] = [];
  const sink = {
    async accept(updates: readonly { readonly channel: string; readonly update: string }[]) {
      times.push((clock.now() - noon) / MINUTE_MS);
      for (const update of updates) turns.push(await turnOf(update));
    },
  };
  const channel = channels.find(({ name }) => name === "heartbeat");
  const listening = channel?.listen(sink, ending.signal);
  for (let minute = 0; minute <= 180; minute++) {
    await heartbeat?.look(clock.now());
    for (let turn = turns.shift(); turn !== undefined; turn = turns.shift()) {
      const text = formatVerdict({ report: null, calls: 1 });
      const told = { key: turn, conversation: "heartbeat:x", turn, status: "completed", text };
      await heartbeat?.take(told as never);
    }
    clock.advance(MINUTE_MS);
  }
  ending.abort();
  await listening;
  home.database.close();
  app.close();
  return times;
}

const HOURLY = { heartbeat: { interval: 3600 } };

export const heartbeat: Cases = {
  ...alone("heartbeat.enabled", {
    given: HOURLY,
    values: [true, false],
    observe: begun,
    expected: [[60, 60, 120, 120, 180, 180], []],
  }),
  ...alone("heartbeat.interval", {
    values: [3600, 5400],
    observe: begun,
    expected: [[60, 60, 120, 120, 180, 180], [90, 90, 180, 180]],
  }),
  ...alone("heartbeat.quietHours", {
    given: { heartbeat: { interval: 3600, timezone: "UTC" } },
    values: ["12:30-14:30", "13:30-14:00"],
    observe: begun,
    expected: [[150, 150, 180, 180], [60, 60, 120, 120, 180, 180]],
  }),
  ...alone("heartbeat.timezone", {
    given: { heartbeat: { interval: 3600, quietHours: "22:00-07:00" } },
    values: ["Asia/Tokyo", "UTC"],
    observe: begun,
    // the first tick comes at ten in the evening in Tokyo
    expected: [[], [60, 60, 120, 120, 180, 180]],
  }),
  ...alone("heartbeat.callsPerTick", {
    given: HOURLY,
    values: [1, 2],
    observe: begun,
    expected: [[60, 120, 180], [60, 60, 120, 120, 180, 180]],
  }),
  ...alone("heartbeat.callsPerDay", {
    given: HOURLY,
    values: [0, 9],
    observe: begun,
    expected: [[], [60, 60, 120, 120, 180, 180]],
  }),
};
