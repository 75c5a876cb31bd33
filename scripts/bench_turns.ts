// Shows that nothing of a turn outlives it, for docs/performance.md: many turns in one process, and
// what the process holds before, after the first tenth and at the end.
import { type App, createApp } from "../src/app/app.ts";
import type { ApprovalReply, Approver } from "../src/approvals/approver.ts";
import type { Setting } from "../src/app/stores.ts";
import type { Surroundings } from "../src/app/surroundings.ts";
import { createHome, homeLayout } from "../src/config/home.ts";
import { parseConfig } from "../src/config/parse.ts";
import type { Answer } from "../src/domain/turn.ts";
import { createKeyedQueue } from "../src/platform/keyed_queue.ts";
import type { Files } from "../src/platform/platform.ts";
import { openFiles } from "../src/platform/files.ts";
import type { Sandbox } from "../src/sandbox/sandbox.ts";
import { NOBODY } from "../tests/fakes/nobody.ts";
import { startScriptedModel } from "../tests/fakes/scripted_model.ts";
import { chatting } from "../tests/flows/pipeline.ts";
import { type Gauges, printReadings, readGauges, type Reading, Turns } from "./bench_gauges.ts";
import { createTestSandbox, createTestWorkers } from "../tests/fakes/workers.ts";

const LANES = 50;

/** Says yes to every call, to this one alone. */
function approving(kind: "once" | "reject" = "once"): Approver {
  return { ask: (): Promise<ApprovalReply> => Promise.resolve({ kind }) };
}

/** A home with the house in it, and what goes on there. */
class Bench implements AsyncDisposable {
  readonly turns = new Turns();

  private constructor(readonly home: string, readonly app: App) {}

  static async open(
    sandbox: Sandbox,
    config: string,
    open: Setting["openFiles"] = openFiles,
  ): Promise<Bench> {
    const home = await Deno.realPath(await Deno.makeTempDir({ prefix: "clambot-bench-" }));
    await createHome(openFiles(home));
    const read = parseConfig(config, `${home}/config.json`);
    if (read.kind !== "ok") throw new Error(read.failure.message);
    const app = await createApp({
      layout: homeLayout(home),
      configPath: `${home}/config.json`,
      config: read.config,
      environment: {},
      terminal: NOBODY,
      workers: createTestWorkers(),
      openFiles: open,
    }, sandbox);
    return new Bench(home, app);
  }

  /** One message to its answer; it must end as it is said here. */
  async ask(conversation: string, text: string, wanted: string, approver = approving()) {
    await this.#take(conversation, text, wanted, approver, new AbortController().signal);
  }

  /** Two messages at the same moment, of which the later one is taken back while it waits. */
  async askAndTakeBack(conversation: string, text: string) {
    const ending = new AbortController();
    const first = this.ask(conversation, text, "completed");
    const second = this.#take(conversation, text, "cancelled", approving(), ending.signal);
    ending.abort(new Error("taken back"));
    await Promise.all([first, second]);
  }

  async #take(
    conversation: string,
    text: string,
    wanted: string,
    approver: Approver,
    signal: AbortSignal,
  ): Promise<void> {
    const message = { origin: "cli", conversation, text, at: Date.now() } as const;
    const surroundings = this.#watched(approver, signal);
    expect(await this.app.openTurn(message, surroundings, signal), wanted, text);
  }

  /** A script of the person's own, without a conversation. */
  async runScript(): Promise<void> {
    const source = `return (await time({ operation: "now" })).iso;`;
    const { signal } = new AbortController();
    const surroundings = this.#watched(approving(), signal);
    const script = { source, inputs: {}, tools: ["time"] };
    const message = { origin: "cli", conversation: "cli:run", text: "", at: 0 } as const;
    const ran = await this.app.runScript(script, message, surroundings, signal);
    expect(ran, "completed", "the script");
  }

  #watched(approver: Approver, signal: AbortSignal): Surroundings {
    this.turns.watch(signal);
    return { approver: this.turns.watch(approver), listen: this.turns.watch(() => {}) };
  }

  /** What the process holds when nothing goes on in the background. */
  async gauges(): Promise<Gauges> {
    await this.app.finish();
    return await readGauges(this.home, this.turns);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.app.finish();
    this.app.close();
    await Deno.remove(this.home, { recursive: true });
  }
}

function expect({ status, failure }: Answer, wanted: string, what: string): void {
  if ((failure?.code ?? status) === wanted) return;
  throw new Error(`"${what}" ended as ${failure?.code ?? status}: ${failure?.message}`);
}

/** Does `action` for every number below `total`, from `from` on, `lanes` at a time. */
async function each(from: number, total: number, action: (n: number) => Promise<void>) {
  let next = from;
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, async () => {
    while (next < total) await action(next++);
  }));
  for (const lane of lanes) if (lane.status === "rejected") throw lane.reason;
}

/** A sandbox that makes the one call that a script wants and is done. */
const STUB: Sandbox = {
  async run({ tools: [tool] }, _limits, host, signal) {
    const call = tool && await host({ id: 1, tool, args: { operation: "now" } }, signal);
    if (call && call.kind !== "result") {
      return { kind: "failed", failure: call.failure, console: [] };
    }
    return { kind: "completed", value: "Done.", console: [] };
  },
  warm() {},
  close() {},
};

/** A disk that keeps nothing: what grows then is kept by the house itself. */
function openForgetful(): Setting["openFiles"] {
  const queue = createKeyedQueue();
  const open = (path: string): Files => ({
    path,
    under: (name) => open(`${path}/${name}`),
    readText: () => Promise.resolve(undefined),
    readBytes: () => Promise.resolve(undefined),
    replace: () => Promise.resolve(),
    append: () => Promise.resolve(),
    list: () => Promise.resolve([]),
    stat: () => Promise.resolve(undefined),
    makeDirectory: () => Promise.resolve(),
    move: () => Promise.resolve(),
    remove: () => Promise.resolve(),
    restrict: () => Promise.resolve(),
    openAppend: () =>
      Promise.resolve({
        append: () => Promise.resolve(),
        cut: () => Promise.resolve(),
        close() {},
      }),
    locked: (name, action, signal) => queue.run(`${path}/${name}`, action, signal),
  });
  return open;
}

/** Turns after which everything that is loaded or made once is there. */
const WARM = 1000;

/** Turns without a worker: what is left of the house's own objects. */
async function simulate(
  what: string,
  total: number,
  take: (bench: Bench, n: number) => Promise<void>,
): Promise<void> {
  await using bench = await Bench.open(STUB, "{}", openForgetful());
  const started = performance.now();
  const readings: Reading[] = [];
  let done = 0;
  for (const until of [WARM / 10, WARM, total / 10, total].filter(isNew)) {
    await each(done, until, (n) => take(bench, n));
    readings.push({ turns: until, gauges: await bench.gauges() });
    done = until;
  }
  printReadings(`${total} ${what}`, readings, started, [1, readings.length - 1]);
}

function isNew<T>(one: T, index: number, all: readonly T[]): boolean {
  return all.indexOf(one) === index;
}

/** Scripts that are run with each turn of a conversation. */
const SCRIPTS = 3;

/** Programs in workers, questions, models and messages that are taken back, all at the same time. */
async function takeReal(rounds: number): Promise<void> {
  await using model = startScriptedModel();
  const sandbox = createTestSandbox();
  sandbox.warm();
  await using bench = await Bench.open(sandbox, model.config());
  const started = performance.now();
  const readings: Reading[] = [{ turns: 0, gauges: await bench.gauges() }];
  for (let round = 1; round <= rounds; round++) {
    model.reset();
    model.on("selection", chatting("An animal."));
    model.on("facts", { add: [], forget: [] });
    await each(0, LANES, async (lane) => {
      await takeOne(bench, round + lane, `cli:lane${lane}`);
      for (let n = 0; n < SCRIPTS; n++) await bench.runScript();
    });
    if (round % 5 === 0) console.error(`round ${round} of ${rounds}`);
    if (round === rounds / 10 || round === rounds) {
      model.reset();
      readings.push({ turns: round * LANES, gauges: await bench.gauges() });
    }
  }
  const what = `turns over ${LANES} conversations with ${SCRIPTS} runs beside each`;
  printReadings(`${rounds * LANES} ${what}`, readings, started, [1, 2]);
}

async function takeOne(bench: Bench, kind: number, conversation: string): Promise<void> {
  const write = `write hello to the file ${conversation.slice(4)}.txt`;
  switch (kind % 6) {
    case 0:
      return await bench.ask(conversation, "7 in roman numerals", "completed");
    case 1:
      return await bench.ask(conversation, write, "completed");
    case 2:
      return await bench.ask(conversation, write, "approval_denied", approving("reject"));
    case 3:
      return await bench.ask(conversation, "what is a crab?", "chat");
    case 4:
      return await bench.ask(conversation, "my name is Ada", "chat");
    default:
      return await bench.askAndTakeBack(conversation, "8 in roman numerals");
  }
}

/** Runs everything. */
export async function printTurns(): Promise<void> {
  await simulate("simulated turns of a script", 100_000, (bench) => bench.runScript());
  await simulate(
    "simulated turns over 1,000 conversations",
    10_000,
    (bench, n) => bench.ask(`cli:${n % 1000}`, "7 in roman numerals", "completed"),
  );
  await takeReal(20);
}
