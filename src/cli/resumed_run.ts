import type { Answer } from "../domain/turn.ts";
import type { Clock } from "../platform/platform.ts";
import { printAnswer } from "./answer.ts";
import { expireRuns } from "../app/expired_runs.ts";
import type { CliContext, ExitCode } from "./context.ts";
import { tellDroppedGrants } from "./dropped_grants.ts";
import { askLive, readLiveAnswer } from "./live.ts";
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
    const code = tellRunAnswer(
      answer,
      id,
      options,
      { ...context, clock: app.stores.clock },
      progress.streamed(),
    );
    await app.finish();
    return code;
  } finally {
    progress.end();
    release();
    app.close();
  }
}

/** Goes on with a run: in the gateway, where one runs, else here; and prints its answer. */
export async function goOnWithRun(
  run: string,
  options: GoOnOptions,
  context: CliContext,
): Promise<ExitCode> {
  const { openStores } = await import("../app/stores.ts");
  const stores = openStores(context);
  try {
    const id = await stores.runs.rootOf(run);
    const { grant = [], expires } = options;
    const live = await askLive(context, "runs.resume", {
      run: id,
      grant: [...grant],
      ...(expires === undefined ? {} : { expires }),
    });
    if (live) {
      const around = { ...context, clock: stores.clock };
      return tellRunAnswer(readLiveAnswer(live.value), id, options, around);
    }
  } finally {
    stores.library.close();
  }
  return await goOnHere(run, options, context);
}

/** Prints how a run went on. */
export function tellRunAnswer(
  answer: Answer,
  run: string,
  { json }: Pick<GoOnOptions, "json">,
  around: Pick<CliContext, "terminal"> & { readonly clock: Clock },
  streamed = false,
): ExitCode {
  const told = { ...answerJson(answer, around.clock), run };
  if (json) around.terminal.out(`${JSON.stringify(told)}\n`);
  else printAnswer(answer, around, streamed);
  return exitCodeOf(answer);
}
