import type { FailureCode } from "../domain/failure.ts";
import type { Limits } from "./sandbox.ts";

const MIB = 1024 * 1024;

/** The codes of programs that met a limit. */
export type LimitCode =
  | "runtime_timeout"
  | "runtime_memory"
  | "runtime_stack"
  | "output_too_large"
  | "too_many_calls"
  | "script_too_large";

const SENTENCES: Record<LimitCode, (limits: Limits) => string> = {
  runtime_timeout: ({ cpuMs }) =>
    `The program used up its computing time of ${seconds(cpuMs)}; waiting does not count`,
  runtime_memory: ({ memoryBytes }) =>
    `The program needs more memory than the ${Math.round(memoryBytes / MIB)} MiB that it may use`,
  runtime_stack: () => "The program calls itself too deeply, or its values are nested too deeply",
  output_too_large: ({ outputBytes }) =>
    `The result of the program is larger than ${outputBytes} bytes`,
  too_many_calls: ({ calls }) => `The program may call tools ${calls} times, and called once more`,
  script_too_large: ({ sourceBytes }) => `The program is larger than ${sourceBytes} bytes`,
};

/** What a limit's failure says. */
export function limitFailure(
  code: LimitCode,
  limits: Limits,
): { code: LimitCode; message: string } {
  return { code, message: SENTENCES[code](limits) };
}

/** Whether a code stands for a limit. */
export function isLimitCode(code: FailureCode): code is LimitCode {
  return Object.hasOwn(SENTENCES, code);
}

function seconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${Math.round(ms / 100) / 10} s`;
}
