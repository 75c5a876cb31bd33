import { type Calls, createCalls } from "./_calls.ts";
import { createPrinted, type Printed } from "./_console.ts";
import type { FromWorker, HostReply, RunOrder, WorkerSetup } from "./_protocol.ts";
import { createGuest, type Entry, type GuestHost } from "./_quickjs.ts";
import { createByteStream } from "./_random.ts";
import { wrapScript } from "./_script.ts";
import { createSlices, type Slices } from "./_slices.ts";
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

/** One program in one engine, as the worker runs it. */
export interface Run {
  start(order: RunOrder): Promise<void>;
  answer(reply: HostReply): void;
}

/** Builds the engine, ready for one program. `post` reaches the host. */
export async function createRun(
  setup: WorkerSetup,
  post: (message: FromWorker) => void,
): Promise<Run> {
  const stop = new Int32Array(setup.stop);
  const clock = { start: 0, now: 0, timezoneOffset: 0 };
  let entropy = (length: number) => new Uint8Array(length);
  let slices: Slices | undefined;
  let printed: Printed = createPrinted(0);
  let calls: Calls | undefined;
  let lines = 0;
  let outputBytes = 0;
  let seen = 0;
  /** Why the program must stop, whatever it does. */
  let ending: Verdict | undefined;
  /** The program has come to its end: no call goes out any more. */
  let isClosed = false;

  const guestHost: GuestHost = {
    call(tool, refused, args) {
      if (isClosed || ending !== undefined) return 0;
      const id = calls?.take(tool, refused, args);
      if (id === undefined) ending = TOO_MANY_CALLS;
      return id ?? 0;
    },
    print: (line) => printed.add(line),
    entropy: (length) => entropy(length),
    url: describeUrl,
    mustStop() {
      if (slices?.isOver()) ending ??= TIME_IS_OVER;
      return ending !== undefined || Atomics.load(stop, 0) !== 0;
    },
    now: () => clock.now,
    elapsed: () => Math.max(0, clock.now - clock.start),
    timezoneOffset: () => clock.timezoneOffset,
  };
  const guest = await createGuest(setup.engine, guestHost);
  await warmUp();

  /** Lets the program go on in a slice of its time, and looks what it came to. */
  const step = (work: () => Entry | "unreadable") => {
    seen++;
    if (slices === undefined || isClosed) return;
    let verdict: Verdict | undefined;
    const end = slices.spend(() => {
      const entry = work();
      verdict = judge(entry === "ok" ? guest.drain() : entry);
    });
    if (end === "timeout") ending ??= TIME_IS_OVER;
    else if (end !== "ok") verdict = readThrown(end.thrown);
    verdict = ending ?? verdict;
    if (verdict !== undefined) isClosed = true;
    flush();
    post(verdict ?? { type: "rest", seen, cpuMs: slices.usedMs() });
  };
  const judge = (entry: Entry | "unreadable"): Verdict | undefined => {
    if (ending !== undefined) return ending;
    const state = entry === "ok" ? guest.state() : "rejected";
    if (state === "pending") return calls?.isOpen() ? undefined : WAITS_FOREVER;
    isClosed = true;
    return state === "fulfilled"
      ? readValue(guest.finish(), outputBytes)
      : readError(guest.explain(), lines, entry === "unreadable");
  };
  const flush = () => {
    const fresh = printed.take();
    if (fresh.length > 0) post({ type: "printed", lines: fresh });
  };

  return {
    async start(order) {
      const { limits } = order;
      const stream = await createByteStream(order.seed);
      entropy = stream;
      outputBytes = limits.outputBytes;
      lines = order.source.split("\n").length;
      Object.assign(clock, {
        start: order.now,
        now: order.now,
        timezoneOffset: order.timezoneOffset,
      });
      printed = createPrinted(limits.consoleBytes);
      calls = createCalls(limits, (call) => {
        flush();
        post(call);
      });
      slices = createSlices(limits.cpuMs);
      step(() => {
        const script = wrapScript(order.source);
        guest.limit(
          limits.memoryBytes,
          limits.stackBytes,
          Math.max(limits.argumentBytes, limits.outputBytes, limits.consoleBytes) + 4096,
        );
        const begun = guest.begin(JSON.stringify({
          tools: order.tools,
          args: order.args,
          argumentBytes: limits.argumentBytes,
          outputBytes: limits.outputBytes,
          consoleBytes: limits.consoleBytes,
        }));
        return begun === "ok" ? guest.start(script) : begun;
      });
    },
    answer(reply) {
      clock.now = reply.now;
      step(() => {
        calls?.answered();
        const { answer, id } = reply;
        return "value" in answer
          ? guest.settle(id, answer.value, undefined)
          : guest.settle(id, answer.message, answer.code);
      });
    },
  };
}

/** Does once what every run does, so that the runtime has it compiled when it counts. */
async function warmUp(): Promise<void> {
  wrapScript('async function run(args) { const { a = [1] } = await f({ "b": `${args.c}` }); }');
  (await createByteStream(""))(1);
  createSlices(1000).spend(() => {});
}
