import type { Failure } from "../domain/failure.ts";
import type { JsonObject } from "../domain/json.ts";
import type { Terminal } from "../platform/platform.ts";
import { isTrueOf } from "./commands.ts";
import type { ExitCode } from "./context.ts";
import { answerJson, failureJson, formatFailure } from "./print.ts";

// How a command tells that it could not do its work, before the core runs as well as in it.

/**
 * Tells a failure and returns the exit code that belongs to it: with `--json` on the command line
 * as the one JSON value on standard output, else as sentences on standard error.
 */
export function tellFailure(
  failure: Failure,
  args: readonly string[],
  terminal: Pick<Terminal, "out" | "err">,
): ExitCode {
  try {
    if (wantsJson(args)) terminal.out(`${JSON.stringify(failedJson(failure, args))}\n`);
    else terminal.err(formatFailure(failure));
  } catch {
    tellAnyhow(failure, terminal);
  }
  return exitCodeFor(failure);
}

/** Where standard output takes nothing, standard error may; else there is nowhere to tell it. */
function tellAnyhow(failure: Failure, terminal: Pick<Terminal, "err">): void {
  try {
    terminal.err(formatFailure(failure));
  } catch {
    // the exit code says that it failed
  }
}

/** Whether the command line asks for JSON; nothing behind `--` counts. */
export function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return (end < 0 ? args : args.slice(0, end)).includes("--json");
}

function exitCodeFor({ code }: Failure): ExitCode {
  if (code === "usage") return 2;
  return code === "approval_needed" ? 3 : 1;
}

function failedJson(failure: Failure, args: readonly string[]): JsonObject {
  const status = failure.code === "approval_needed" ? "needs_person" : "failed";
  if (!isTrueOf(args, "answersJson")) {
    return { status, error: failureJson(failure) };
  }
  const nothing = { reply: "", value: null, modelCalls: 0, calls: [], foreign: false };
  const never = { now: () => 0, zone: () => "UTC" }; // nothing was done
  return answerJson({ ...nothing, status, failure, durationMs: 0 }, never);
}
