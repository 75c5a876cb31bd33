import { openArtefacts } from "../../src/artefacts/artefacts.ts";
import { createClock, createRandom } from "../../src/platform/deno.ts";
import type { Attempt } from "../../src/runs/attempt.ts";
import type { Run, RunPorts } from "../../src/runs/run.ts";
import { openRuns, type Runs } from "../../src/runs/runs.ts";
import { SOME_PROGRAM, SOME_TURN } from "./alone.ts";
import { MemoryDisk } from "./memory_disk.ts";
import { NO_SECRETS } from "./plainly.ts";

/** Runs that are kept on a disk in memory, of a home of their own unless `ports` say otherwise. */
export function openTestRuns(ports: Partial<RunPorts> = {}, disk = new MemoryDisk()): Runs {
  const [clock, random] = [createClock(), createRandom()];
  return openRuns({
    files: disk.openFiles("/home/runs"),
    secrets: disk.openFiles("/home/secrets"),
    clock,
    random,
    redactor: NO_SECRETS,
    artefacts: openArtefacts(disk.openFiles("/home/artefacts"), clock, random),
    keepDays: 30,
    questionMs: 3_600_000,
    ...ports,
  });
}

/** The next attempt of a run, for tests that begin one without waiting. */
export function attemptOf(run: Run): Attempt {
  let begun: Attempt | undefined;
  const beginning = run.beginAttempt(SOME_PROGRAM, null).then((attempt) => begun = attempt);
  const there = () => {
    if (!begun) throw new Error("This attempt has not begun yet.");
    return begun;
  };
  return {
    get start() {
      return there().start;
    },
    get isCaughtUp() {
      return begun?.isCaughtUp ?? true;
    },
    find: async (place) => await (await beginning).find(place),
    recall: (fingerprint) => there().recall(fingerprint),
    intend: async (intent) => await (await beginning).intend(intent),
    tell: async (telling, also) => await (await beginning).tell(telling, also),
  };
}

/** A run of its own with its first attempt, as a road wants them. */
export function someAttempt(): { readonly run: Run; readonly attempt: Attempt } {
  const run = openTestRuns().open(SOME_TURN);
  return { run, attempt: attemptOf(run) };
}
