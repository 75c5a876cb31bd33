import type { Json, JsonObject } from "../domain/json.ts";
import type { Failure } from "../domain/failure.ts";
import type { RunOutcome } from "../domain/turn.ts";

/** A program as the sandbox takes it. */
export interface Program {
  /** JavaScript that defines `run(args)`, or uses a top-level `return`. */
  readonly source: string;
  readonly args: JsonObject;
  /** Names of the functions that exist inside; `. / - :` appear as `_`. */
  readonly tools: readonly string[];
  /** Seed of `Math.random` and `crypto`-like ids: equal seeds give equal runs. */
  readonly seed: string;
  /** The time the program sees until the host answers a call, in milliseconds since 1970. */
  readonly now: number;
  /** What the guest's Date shows as local time: minutes as `Date.prototype.getTimezoneOffset`. */
  readonly timezoneOffset: number;
}

/** Hard limits of one run. Waiting for a tool or a person does not count as CPU time. */
export interface Limits {
  /** CPU time of the program in milliseconds. */
  readonly cpuMs: number;
  readonly memoryBytes: number;
  readonly stackBytes: number;
  /** Tool calls in all. */
  readonly calls: number;
  /** Tool calls under way at once; more wait. */
  readonly callsInFlight: number;
  readonly sourceBytes: number;
  /** Bytes of the arguments of one call. */
  readonly argumentBytes: number;
  /** Bytes of the result of one call. */
  readonly resultBytes: number;
  /** Bytes of everything printed; more is cut and marked. */
  readonly consoleBytes: number;
  /** Bytes of the program's own result. */
  readonly outputBytes: number;
}

/** The host's answer to one tool call. */
export type ToolReply =
  /** `now`: the host's time when it answered; the guest's clock moves to it. */
  | { readonly kind: "result"; readonly value: Json; readonly now: number }
  /** The promise in the program rejects with an `Error` that has this code and message. */
  | { readonly kind: "error"; readonly failure: Failure; readonly now: number }
  /** The run ends here. The program does not get to know. */
  | { readonly kind: "end"; readonly failure: Failure };

/** What the sandbox does with a call: it hands it over and waits. */
export interface ToolHost {
  (call: HostCall, signal: AbortSignal): Promise<ToolReply>;
  /**
   * Hears of a call whose arguments no host would take: the program is told the failure, at the time
   * that this resolves to, in the order of all answers. Absent: it is told at once.
   */
  refused?(call: RefusedCall): Promise<number>;
}

/** A call that a program made. */
export interface HostCall {
  readonly id: number;
  readonly tool: string;
  readonly args: JsonObject;
}

/** A call whose arguments are no sound object. */
export interface RefusedCall {
  readonly id: number;
  readonly tool: string;
  readonly failure: Failure;
}

/** A place where programs run that nobody trusts. */
export interface Sandbox {
  /**
   * Runs a program to its end. Never throws for anything the program does. When it resolves, no
   * further call of the program reaches `host`, its worker is ended, and `signal`s given to calls
   * still under way are aborted. Aborting `signal` cancels the run.
   */
  run(
    program: Program,
    limits: Limits,
    host: ToolHost,
    signal: AbortSignal,
  ): Promise<RunOutcome>;
  /** Starts a worker ahead of time, so that the next run begins at once. */
  warm(): void;
  /** Ends the workers in waiting. */
  close(): void;
}
