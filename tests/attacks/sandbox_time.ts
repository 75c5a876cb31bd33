import type { Limits } from "../../src/sandbox/sandbox.ts";
import type { Attack } from "./sandbox_harness.ts";

/**
 * Computing time of an attack. Only what must use it up gets little: on a busy machine others would
 * use it up too.
 */
export function timeFor({ ends }: Attack, { cpuMs = 1000 }: Partial<Limits>): number {
  return JSON.stringify(ends).includes("runtime_timeout") ? cpuMs : Math.max(cpuMs, 10_000);
}
