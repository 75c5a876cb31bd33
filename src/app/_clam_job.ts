import type { Work } from "../cron/job.ts";
import type { InboundMessage } from "../domain/message.ts";
import type { Answer } from "../domain/turn.ts";
import type { ListedRun } from "../runs/runs.ts";
import type { App } from "./app.ts";
import type { Surroundings } from "./surroundings.ts";

/** What a clam of a job is run with. */
export interface ClamJob {
  readonly work: Extract<Work, { readonly kind: "clam" }>;
  readonly message: InboundMessage;
  readonly around: Surroundings & { readonly turn: string };
  /** What a process before this one did of it. */
  readonly run: ListedRun | undefined;
}

/** Runs the clam of a job, once, however often a process ended on the way. */
export async function runClamJob(
  { work, message, around, run }: ClamJob,
  app: App,
  signal: AbortSignal,
): Promise<Answer> {
  if (run?.state === "interrupted" || run?.state === "waiting") {
    const { turn, ...rest } = around;
    return await app.resumeRun(turn, rest, signal);
  }
  if (run) return endedAnswer(run);
  const clam = await app.stores.library.get(work.clam);
  return await app.runClam(clam, work.input, message, around, signal);
}

/** Its end is on record, and what it said of it is not: it is not begun anew. */
function endedAnswer({ run, record }: ListedRun): Answer {
  const failure = record?.ended?.failure;
  const known = { turn: run, calls: [], modelCalls: 0, durationMs: 0, foreign: false };
  if (failure) return { ...known, status: "failed", reply: "", failure };
  const reply = `It was done; what came of it stands in clambot runs show ${run}.`;
  return { ...known, status: "completed", reply };
}
