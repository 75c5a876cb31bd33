import { createCalls } from "./_calls.ts";
import { createPrinted } from "./_console.ts";
import type { Guest, GuestEntry, GuestHost } from "./_guest.ts";
import type { FromWorker, HostReply, RunOrder } from "./_protocol.ts";
import type { ByteStream } from "./_random.ts";
import { wrapScript } from "./_script.ts";
import { createCpuClock } from "./_cpu_clock.ts";
import { describeUrl } from "./_url.ts";
import {
  readError,
  readThrown,
  readValue,
  TIME_IS_OVER,
  TOO_MANY_CALLS,
  type Verdict,
  WAITS_FOREVER,
} from "./_verdict.ts";

/** What one run stands on. */
export interface RunMeans {
  readonly guest: Guest;
  readonly entropy: ByteStream;
  /** One `Int32`: anything but 0 stops the engine. */
  readonly stop: Int32Array;
  /** Reaches the host. */
  readonly post: (message: FromWorker) => void;
}

/** One program in one engine, as the worker runs it. */
export interface ProgramRun {
  start(): void;
  answer(reply: HostReply): void;
}

/** Lays out the run of one program; each step of it is a slice of the program's time. */
export function createRun(order: RunOrder, { guest, entropy, stop, post }: RunMeans): ProgramRun {
  const { limits, source } = order;
  const cpuClock = createCpuClock(limits.cpuMs);
  const printed = createPrinted(limits.consoleBytes);
  const calls = createCalls(limits, (call) => {
    flush();
    post(call);
  });
  let now = order.now;
  let seen = 0;
  /** Why the program must stop, whatever it does. */
  let ending: Verdict | undefined;
  /** The program has come to its end: no call goes out any more. */
  let isClosed = false;

  const host: GuestHost = {
    call(tool, refused, args) {
      if (isClosed || ending !== undefined) return 0;
      const id = calls.take(tool, refused, args);
      if (id === undefined) ending = TOO_MANY_CALLS;
      return id ?? 0;
    },
    print: printed.add,
    entropy,
    url: describeUrl,
    mustStop() {
      if (cpuClock.isOver()) ending ??= TIME_IS_OVER;
      return ending !== undefined || Atomics.load(stop, 0) !== 0;
    },
    now: () => now,
    elapsed: () => Math.max(0, now - order.now),
    timezoneOffset: () => order.timezoneOffset,
  };
  const flush = () => {
    const lines = printed.take();
    if (lines.length > 0) post({ type: "printed", lines });
  };
  /** What the program has come to; `undefined` while it waits for answers. */
  const judge = (entry: GuestEntry): Verdict | undefined => {
    if (ending !== undefined) return ending;
    const state = entry === "ok" ? guest.state() : "rejected";
    if (state === "pending") return calls.isOpen() ? undefined : WAITS_FOREVER;
    isClosed = true;
    return state === "fulfilled"
      ? readValue(guest.finish(), limits.outputBytes)
      : readError(guest.explain(), source.split("\n").length, entry === "unreadable");
  };
  /** Lets the program go on. */
  const step = (work: () => GuestEntry) => {
    seen++;
    if (isClosed) return;
    let verdict: Verdict | undefined;
    const end = cpuClock.spend(() => {
      const entry = work();
      verdict = judge(entry === "ok" ? guest.drain() : entry);
    });
    if (end === "timeout") ending ??= TIME_IS_OVER;
    else if (end !== "ok") verdict = readThrown(end.thrown);
    verdict = ending ?? verdict;
    isClosed = verdict !== undefined;
    flush();
    post(verdict ?? { type: "rest", seen, cpuMs: cpuClock.usedMs() });
  };

  return {
    start: () =>
      step(() => {
        const script = wrapScript(source);
        guest.serve(host, limits);
        const begun = guest.begin(
          JSON.stringify({ tools: order.tools, args: order.args, ...limits }),
        );
        return begun === "ok" ? guest.start(script) : begun;
      }),
    answer({ id, answer, now: time }) {
      now = time;
      step(() => {
        calls.answered();
        return "value" in answer
          ? guest.settle(id, answer.value, undefined)
          : guest.settle(id, answer.message, answer.code);
      });
    },
  };
}
