import * as z from "zod";
import type { JsonObject } from "../../domain/json.ts";
import { once } from "../../domain/once.ts";
import type { Clock } from "../../platform/platform.ts";
import { readArguments, toParameters } from "../_arguments.ts";
import type { Prepared, Tool } from "../tool.ts";

const LONGEST_SECONDS = 60;

const parameters = once(() =>
  z.strictObject({
    seconds: z.number().min(0).max(LONGEST_SECONDS).describe("How long to wait, at most 60"),
  })
);
const returns = once(() => z.object({ slept: z.number().describe("Seconds") }));

/** Waits; the time does not count as computing time. */
export function createSleepTool(clock: Pick<Clock, "sleep">): Tool {
  return {
    name: "sleep",
    description: "Waits for some seconds.",
    get parameters() {
      return toParameters(parameters);
    },
    get returns() {
      return toParameters(returns);
    },
    foreign: false,
    guidance: "",
    prepare: (args) => Promise.resolve().then(() => prepare(args, clock)),
  };
}

function prepare(args: JsonObject, clock: Pick<Clock, "sleep">): Prepared {
  const { seconds } = readArguments("sleep", parameters, args);
  return {
    args: { seconds },
    effect: "none",
    resource: { kind: "plain" },
    preview: { title: `wait ${seconds} seconds`, fields: [] },
    async run(_approved, signal) {
      await clock.sleep(seconds * 1000, signal);
      return { slept: seconds };
    },
  };
}
