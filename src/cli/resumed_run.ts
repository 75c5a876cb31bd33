import { printAnswer } from "./answer.ts";
import { expireRuns } from "../app/expired_runs.ts";
import type { CliContext, ExitCode } from "./context.ts";
import { tellDroppedGrants } from "./dropped_grants.ts";
import { cancelOnInterrupt } from "./options.ts";
import { answerJson, exitCodeOf } from "./print.ts";
import { showProgress } from "./progress.ts";
import { atTerminal } from "./surroundings.ts";
import { unlockIfWanted } from "./unlock.ts";

/** Options of a command that goes on with a run. */
export interface GoOnOptions {
  readonly grant?: readonly string[] | undefined;
  readonly expires?: string | undefined;
  readonly json?: true | undefined;
}

/** Goes on with a run here, and prints its answer. */
export async function goOnHere(
  run: string,
  options: GoOnOptions,
  context: CliContext,
): Promise<ExitCode> {
  const { startApp } = await import("../app/start.ts");
  await unlockIfWanted(context);
  const app = await startApp(context, { once: true });
  const { signal, release } = cancelOnInterrupt(context);
  const progress = showProgress(context.terminal, options.json === true);
  try {
    await tellDroppedGrants(app.stores, context);
    await expireRuns(app.stores);
    const id = await app.stores.runs.rootOf(run);
    const surroundings = { ...atTerminal(options, app.stores, context), ...progress.surroundings };
    const answer = await app.resumeRun(id, surroundings, signal);
    progress.end();
    const around = { terminal: context.terminal, clock: app.stores.clock };
    const told = { ...answerJson(answer, app.stores.clock), run: id };
    if (options.json) context.terminal.out(`${JSON.stringify(told)}\n`);
    else printAnswer(answer, around, progress.streamed());
    await app.finish();
    return exitCodeOf(answer);
  } finally {
    progress.end();
    release();
    app.close();
  }
}
