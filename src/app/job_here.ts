import type { Work } from "../cron/job.ts";
import type { InboundMessage } from "../domain/message.ts";
import type { Answer } from "../domain/turn.ts";
import { runClamJob } from "./_clam_job.ts";
import type { App } from "./app.ts";
import type { Surroundings } from "./surroundings.ts";

/** Something that a job does, for a person who is there. */
export interface WorkHere {
  readonly work: Work;
  /** What is said, or the clam is run for. */
  readonly message: InboundMessage;
  readonly around: Surroundings & { readonly turn: string };
}

/** Does what a job does, for the person who is there: they can be asked. */
export async function runJobHere(
  { work, message, around }: WorkHere,
  app: App,
  signal: AbortSignal,
): Promise<Answer> {
  switch (work.kind) {
    case "text":
      return told(work.text, around.turn);
    case "message":
      return await app.openTurn(message, around, signal);
    case "clam":
      return await runClamJob({ work, message, around, run: undefined }, app, signal);
  }
}

function told(reply: string, turn: string): Answer {
  const nothing = { calls: [], modelCalls: 0, durationMs: 0, foreign: false };
  return { status: "completed", reply, turn, ...nothing };
}
