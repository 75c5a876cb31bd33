import { expireRuns } from "../app/expired_runs.ts";
import type { Stores } from "../app/stores.ts";
import { openQuestions } from "../runs/record.ts";
import type { ListedRun, RunFlaw } from "../runs/runs.ts";

/** What of the runs wants somebody to look at it; its fields are those of `--json`. */
export interface OpenRuns {
  /** Ids of questions that wait for an answer. */
  readonly questions: readonly string[];
  /** Runs whose process ended before they did. */
  readonly interrupted: readonly string[];
  readonly damaged: readonly string[];
  /** Where files of runs are not as they were meant to be. */
  readonly flaws: readonly (RunFlaw & { readonly run: string })[];
}

/** Looks over every run that is kept. */
export async function readOpenRuns(stores: Stores): Promise<OpenRuns> {
  await expireRuns(stores);
  const all = await stores.runs.list();
  const having = (state: ListedRun["state"]) =>
    // a part is gone on with in the run that it is a part of
    all.filter((one) => one.state === state && one.record?.opening.parent === undefined)
      .map(({ run }) => run);
  return {
    questions: all.flatMap(({ state, record }) =>
      state === "waiting" && record ? openQuestions(record).map(({ question }) => question) : []
    ),
    interrupted: having("interrupted"),
    damaged: having("damaged"),
    flaws: all.flatMap(({ run, flaw }) => flaw ? [{ run, ...flaw }] : []),
  };
}

/** Sentences about files that are not as they were meant to be. */
export function complainOfRuns({ flaws }: OpenRuns): string[] {
  return flaws.map(({ kind, run, file, line, offset }) => {
    const where = `runs/${file}: line ${line} (offset ${offset})`;
    return kind === "torn"
      ? `${where} is unfinished; clambot runs resume ${run} takes it out and goes on.`
      : `${where} is not as it was written, so nothing is done with the run; see clambot runs show ${run}.`;
  });
}

/** Sentences about what waits for the person. */
export function adviseOnRuns({ questions, interrupted }: OpenRuns): string[] {
  return [
    ...(questions.length > 0
      ? [`Questions wait for your answer: ${questions.join(", ")}; see clambot approvals pending.`]
      : []),
    ...interrupted.map((run) =>
      `The run ${run} was broken off; clambot runs resume ${run} goes on with it.`
    ),
  ];
}
