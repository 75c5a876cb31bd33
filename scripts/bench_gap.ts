// How long the core is kept from its work while it lets 8 programs compute at once, beside how long
// a bare timer is beside 8 threads that do nothing else: in turns, in one run.
import { createWorkerHost } from "../src/platform/worker_host.ts";
import type { ToCore } from "../src/walls/_messages.ts";
import { answerRequest } from "../src/walls/services.ts";
import { WORKER_SCRIPTS } from "../src/walls/worker_scripts.ts";

const ROUNDS = 7;
const BUSY_MS = 1_500;

/** Prints the median of both and of their ratios. */
export async function printGaps(): Promise<void> {
  const rounds: { readonly bare: number; readonly core: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const bare = await gapOf("bare");
    rounds.push({ bare, core: await gapOf("core") });
  }
  const show = (values: number[]) => median(values).toFixed(1);
  console.log("\n| longest gap of an event loop | median of 7 |");
  console.log("| --- | --- |");
  console.log(
    `| a bare timer beside 8 busy threads | ${show(rounds.map(({ bare }) => bare))} ms |`,
  );
  console.log(`| the core with 8 runs at once | ${show(rounds.map(({ core }) => core))} ms |`);
  const ratios = rounds.map(({ bare, core }) => core / bare);
  console.log(`| ratio (at most 1.5) | × ${median(ratios).toFixed(2)} |`);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** What one thread measures of itself; this one does what a launcher does for it. */
async function gapOf(kind: "bare" | "core"): Promise<number> {
  const workers = createWorkerHost(WORKER_SCRIPTS);
  const worker = new Worker(new URL("./bench_gap_core.ts", import.meta.url), {
    type: "module",
    name: kind,
    deno: { permissions: "inherit" },
  });
  const tell = (message: ToCore) =>
    worker.postMessage(message, "port" in message && message.port ? [message.port] : []);
  const places = { home: "", config: "", envFile: "" };
  try {
    return await new Promise((resolve, reject) => {
      worker.onerror = (event) => reject(new Error(event.message));
      worker.onmessage = async ({ data }) => {
        if (typeof data === "number") return resolve(data);
        if (data === "ready") return worker.postMessage({ kind, busyMs: BUSY_MS });
        if (data?.kind !== "request") return;
        const { start: startWorker, end: endWorker } = workers;
        const startServer = () => {
          throw new Error("no server is started here");
        };
        tell(await answerRequest(data, { args: [], places, startWorker, endWorker, startServer }));
      };
    });
  } finally {
    workers.endAll();
    worker.terminate();
  }
}
