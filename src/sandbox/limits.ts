import type { Limits } from "./sandbox.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

/** Limits of a run where neither the configuration nor the clam sets tighter ones. */
export const DEFAULT_LIMITS: Limits = {
  cpuMs: 10_000,
  memoryBytes: 64 * MIB,
  // about 1000 plain calls; from 400 KiB on the worker's own stack ends first, and the engine with it
  stackBytes: 256 * KIB,
  calls: 20,
  callsInFlight: 8,
  sourceBytes: 256 * KIB,
  argumentBytes: 256 * KIB,
  resultBytes: 4 * MIB,
  consoleBytes: 64 * KIB,
  outputBytes: 4 * MIB,
};
