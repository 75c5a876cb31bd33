import assert from "node:assert/strict";
import type { Json } from "../../../src/domain/json.ts";
import type { Pipeline } from "../pipeline.ts";

/** What `clambot run --json` prints of a program. */
export interface Ran {
  readonly status: string;
  readonly value: Json;
  readonly error?: { readonly code: string; readonly message: string };
  readonly waits?: { readonly expiresAt: string };
  readonly calls: readonly {
    readonly tool: string;
    readonly decision: string;
    readonly outcome: string;
  }[];
}

/** Runs a program that may call these tools, with nobody there to be asked. */
export async function run(
  { clambot: { here: clambot } }: Pipeline,
  script: string,
  tools = "",
): Promise<Ran> {
  const file = await clambot.write("program.js", script);
  const { object } = await clambot.json(["run", file, "--tools", tools]);
  return object as unknown as Ran;
}

/** The value of a program that must succeed. */
export async function valueOf(pipeline: Pipeline, script: string, tools: string): Promise<Json> {
  const { value, error } = await run(pipeline, script, tools);
  assert.equal(error, undefined);
  return value;
}
