import { isLarger } from "./_bytes.ts";
import type { FromWorker, Refusal } from "./_protocol.ts";

export type Call = Extract<FromWorker, { type: "call" }>;

/** The calls of one program: how many there were, which are under way, which wait. */
export interface Calls {
  /** Takes the next call; gives its number, or `undefined` when the program had all its calls. */
  take(tool: string, refused: string, args: string | undefined): number | undefined;
  /** A call was answered; the next one that waits goes out. */
  answered(): void;
  /** Whether the program waits for any answer. */
  isOpen(): boolean;
}

export interface CallLimits {
  readonly calls: number;
  readonly callsInFlight: number;
  readonly argumentBytes: number;
}

/** Numbers calls from 1 and lets `callsInFlight` of them out at a time, in order. */
export function createCalls(limits: CallLimits, send: (call: Call) => void): Calls {
  const waiting: Call[] = [];
  let taken = 0;
  let inFlight = 0;
  const sendNext = () => {
    while (inFlight < limits.callsInFlight && waiting.length > 0) {
      inFlight++;
      send(waiting.shift() as Call);
    }
  };
  return {
    take(tool, refused, args) {
      if (taken === limits.calls) return undefined;
      const id = ++taken;
      waiting.push({ type: "call", id, tool, args: sound(refused, args, limits.argumentBytes) });
      sendNext();
      return id;
    },
    answered() {
      inFlight--;
      sendNext();
    },
    isOpen: () => inFlight > 0 || waiting.length > 0,
  };
}

function sound(refused: string, args: string | undefined, limit: number): Call["args"] {
  if (refused !== "") return { refused: refused as Refusal };
  return args === undefined || isLarger(args, limit) ? { refused: "too_large" } : args;
}
