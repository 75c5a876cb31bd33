import type { Failure } from "../domain/failure.ts";
import type { Files } from "../platform/platform.ts";

const NAME = "stop";

/**
 * Looks for the mark that stops everything with an effect, in every process of the home: a file
 * `stop` in the state directory. `undefined` when there is none.
 */
export async function findStopMark(state: Files): Promise<Failure | undefined> {
  if (!await state.stat(NAME)) return undefined;
  return {
    code: "stopped",
    message: `ClamBot was told to stop: nothing is done while ${state.path}/${NAME} stands there.`,
    hint: "Remove that file to let it go on.",
  };
}
