// What the record of a run adds to a call that has an effect: its intent before, its result after,
// both on the disk. `deno task bench` prints it.
import { openArtefacts } from "../src/artefacts/artefacts.ts";
import { createClock, createRandom } from "../src/platform/deno.ts";
import type { Files } from "../src/platform/platform.ts";
import type { Attempt } from "../src/runs/attempt.ts";
import { openRuns } from "../src/runs/runs.ts";
import { createRedactor } from "../src/secrets/redactor.ts";

type Report = (what: string, ms: number[], wanted: string) => void;

const CALLS = 300;
const AT_ONCE = 8;

/** Measures one call, and a call of eight that are made at once. */
export async function benchRecord(files: Files, report: Report): Promise<void> {
  const [clock, random] = [createClock(), createRandom()];
  const runs = openRuns({
    files: files.under("runs"),
    secrets: files.under("secrets"),
    clock,
    random,
    redactor: createRedactor([]),
    artefacts: openArtefacts(files.under("artefacts"), clock, random),
    keepDays: 30,
    questionMs: 1000,
  });
  const run = runs.open({
    turn: random.id(),
    conversation: "cli:bench",
    origin: "cli",
    purpose: "script",
    message: { text: "", at: clock.now() },
  });
  const program = { source: "", sha256: "", inputs: {}, declaredTools: [] };
  const attempt = await run.beginAttempt({ ...program, capabilities: [], limits: {} }, null);
  let call = 0;
  report("record of a call", await timesOf(() => record(attempt, ++call)), "< 1 ms");
  const eight = await timesOf(() =>
    Promise.all(Array.from({ length: AT_ONCE }, () => record(attempt, ++call)))
  );
  report(`record of one of ${AT_ONCE} calls at once`, eight.map((ms) => ms / AT_ONCE), "");
  await run.end("completed");
}

async function record(attempt: Attempt, call: number): Promise<void> {
  const args = { operation: "append", path: "/home/files/notes.txt", content: "a line\n" };
  const place = { call, print: "f".repeat(64) };
  const fingerprint = "e".repeat(64);
  const intent = await attempt.intend({
    ...place,
    ...{ tool: "fs", args, fingerprint, effect: "write", decision: "once", repeatable: false },
  });
  const result = { kind: "result", value: { bytes: 7 } } as const;
  intent.done(result);
  const told = { tool: "fs", args, decision: "once", outcome: "ok" } as const;
  await attempt.tell({
    ...place,
    ...{ fingerprint, result, now: 0, record: told, foreign: false, happened: true, durable: true },
  }, Promise.resolve());
}

async function timesOf(work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < CALLS; n++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times;
}
