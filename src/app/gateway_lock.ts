import { CodedError } from "../domain/failure.ts";
import type { AppendFile, Files } from "../platform/platform.ts";
import { processId } from "../platform/process.ts";

/** Where the process that has the home says who it is. */
const LOCK = "gateway.lock";

/**
 * One gateway per home; whoever changes what a gateway keeps holds this too, where none runs.
 * @throws {CodedError} `gateway_runs`
 */
export async function lockHome(state: Files): Promise<AppendFile> {
  const lock = await state.openAppend(LOCK);
  if (lock) {
    await lock.cut(0);
    await lock.append(`${processId()}\n`, false);
    return lock;
  }
  const pid = (await state.readText(LOCK) ?? "").trim();
  throw new CodedError(
    "gateway_runs",
    `A gateway runs on this home already${pid === "" ? "" : `, as process ${pid}`}.`,
    "Stop that one first, or name another home with --home.",
  );
}
