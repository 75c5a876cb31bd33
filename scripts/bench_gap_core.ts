// The thread that scripts/bench_gap.ts measures: it lets 8 others compute, and sees how late its own
// timer comes.
import { DEFAULT_LIMITS } from "../src/sandbox/limits.ts";
import { createWorkerSandbox } from "../src/sandbox/worker_sandbox.ts";
import { readToCore } from "../src/walls/_messages.ts";
import { createLauncherLink } from "../src/walls/core_link.ts";

const RUNS = 8;
/** The timer, in milliseconds. */
const TICK = 5;

const link = createLauncherLink((message) => self.postMessage(message), console.error);

self.onmessage = async ({ data }: MessageEvent<unknown>) => {
  const order = data as { readonly kind: string; readonly busyMs: number };
  if (order.kind === "bare") return self.postMessage(await bare(order.busyMs));
  if (order.kind === "core") return self.postMessage(await core(order.busyMs));
  const message = readToCore(data);
  if (message?.kind === "answer" || message?.kind === "refusal") link.hear(message);
};
self.postMessage("ready");

/** The longest time between two ticks while something is done. */
async function longestGap(action: () => Promise<unknown>): Promise<number> {
  let [gap, last] = [0, performance.now()];
  const timer = setInterval(() => {
    const now = performance.now();
    gap = Math.max(gap, now - last);
    last = now;
  }, TICK);
  await action();
  clearInterval(timer);
  return gap;
}

async function bare(busyMs: number): Promise<number> {
  const script = `onmessage = () => {
    const end = performance.now() + ${busyMs};
    while (performance.now() < end);
    postMessage("done");
  };
  postMessage("ready");`;
  const threads = Array.from(
    { length: RUNS },
    () => new Worker(`data:text/javascript,${encodeURIComponent(script)}`, { type: "module" }),
  );
  const next = (thread: Worker) => new Promise((resolve) => thread.onmessage = resolve);
  await Promise.all(threads.map(next));
  const gap = await longestGap(() =>
    Promise.all(threads.map((thread) => {
      const done = next(thread);
      thread.postMessage("go");
      return done;
    }))
  );
  threads.forEach((thread) => thread.terminate());
  return gap;
}

async function core(busyMs: number): Promise<number> {
  const sandbox = createWorkerSandbox({ workers: link.workers, poolSize: RUNS, refill: false });
  sandbox.warm();
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const program = {
    source: "for (let n = 0; ; n++) if (n % 1e6 === 0) await tick({ n })",
    args: {},
    tools: ["tick"],
    seed: "",
    now: 0,
    timezoneOffset: 0,
  };
  const limits = { ...DEFAULT_LIMITS, cpuMs: 60_000, calls: 1_000_000 };
  const ending = new AbortController();
  const gap = await longestGap(async () => {
    const runs = Array.from({ length: RUNS }, () =>
      sandbox.run(
        program,
        limits,
        () => Promise.resolve({ kind: "result", value: null, now: 0 }),
        ending.signal,
      ));
    await new Promise((resolve) => setTimeout(resolve, busyMs));
    ending.abort();
    await Promise.all(runs);
  });
  sandbox.close();
  return gap;
}
