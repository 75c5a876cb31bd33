import { CodedError, type Failure } from "../domain/failure.ts";
import type { Clock } from "../platform/platform.ts";
import { ancestorsOf } from "./_listing.ts";
import type { AnsweredBy, RunEnd } from "./line.ts";
import type { ListedRun } from "./listed_run.ts";
import { openQuestions, type RunRecord } from "./record.ts";
import type { Run } from "./run.ts";

/** Means of ending runs that no process is at. */
export interface EndingMeans {
  readonly clock: Pick<Clock, "now">;
  list(): Promise<readonly ListedRun[]>;
  listOpen(): Promise<readonly ListedRun[]>;
  takeUp(run: string): Promise<Run>;
}

/** How runs are ended. */
export interface HowEnded {
  readonly how: RunEnd;
  readonly failure: Failure;
  /** Comes before the end, while no other process can be at the run. */
  readonly before?: (record: RunRecord) => Promise<void>;
}

/** How a run ends whose question nobody answered in time. */
export const EXPIRED: Failure = {
  code: "question_expired",
  message: "Nobody answered its question in time, so it ended there and nothing more was done.",
  hint: "Ask again, if it is still wanted.",
};

const CLOCK: AnsweredBy = { channel: "clock" };

/** Ends a run with all its parts, those first that were begun last. */
export async function endWhole(id: string, ending: HowEnded, means: EndingMeans): Promise<string> {
  const root = await means.takeUp(id);
  try {
    await ending.before?.(root.record);
    const all = await means.list();
    for (const { run, record, state } of all.toReversed()) {
      const isPart = record && ancestorsOf(record, all).some((one) => one.run === root.id);
      if (!isPart || record.ended || state === "running") continue;
      await endOne(await means.takeUp(run), ending, means);
    }
    await endOne(root, ending, means);
    return root.id;
  } finally {
    await root.close();
  }
}

async function endOne(run: Run, { how, failure }: HowEnded, { clock }: EndingMeans): Promise<void> {
  try {
    for (const { question, expiresAt } of openQuestions(run.record)) {
      if (expiresAt <= clock.now()) await run.answer(question, { kind: "expired" }, CLOCK);
    }
    await run.end(how, failure);
  } finally {
    await run.close();
  }
}

/** Ends the runs with a question whose time is over, and those that they are parts of. */
export async function endExpired(
  tell: (record: RunRecord) => Promise<void>,
  means: EndingMeans,
): Promise<readonly string[]> {
  const all = await means.listOpen();
  const late = all.filter(({ state, record }) =>
    state === "waiting" && record &&
    openQuestions(record).some(({ expiresAt }) => expiresAt <= means.clock.now())
  );
  const roots = new Set(
    late.map((one) => (one.record && ancestorsOf(one.record, all).at(-1) || one).run),
  );
  const ended: string[] = [];
  for (const run of roots) {
    try {
      ended.push(await endWhole(run, { how: "expired", failure: EXPIRED, before: tell }, means));
    } catch (error) {
      // another process is at it, or nothing is done with it
      if (!(error instanceof CodedError)) throw error;
    }
  }
  return ended;
}
