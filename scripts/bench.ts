// Numbers for docs/performance.md: medians over several runs, printed as a table beside the targets.
// Start-up is measured from source and, where dist/clambot stands, with the binary. `--turns` runs
// scripts/bench_turns.ts alone, `--gap` scripts/bench_gap.ts, `--gateway` scripts/bench_gateway.ts, `--peer` scripts/bench_peer.ts, `--against DIRECTORY`
// scripts/bench_against.ts.
import { benchRecord } from "./bench_record.ts";
import { createMatcher } from "../src/clams/match.ts";
import { openLibrary } from "../src/clams/library.ts";
import { STARTERS } from "../src/clams/starters.ts";
import { createClock, createRandom } from "../src/platform/deno.ts";
import { openFiles } from "../src/platform/files.ts";
import { DEFAULT_LIMITS } from "../src/sandbox/limits.ts";
import type { Program, ToolHost } from "../src/sandbox/sandbox.ts";
import { openSessions } from "../src/sessions/sessions.ts";
import { Clambot } from "../tests/flows/clambot.ts";
import { printAgainst } from "./bench_against.ts";
import { printModelCalls } from "./bench_calls.ts";
import { printGaps } from "./bench_gap.ts";
import { printPeers } from "./bench_peer.ts";
import { printGateway } from "./bench_gateway.ts";
import { printTurns } from "./bench_turns.ts";
import { createTestSandbox } from "../tests/fakes/workers.ts";
import { plainly } from "../tests/fakes/plainly.ts";

const clock = createClock();
const random = createRandom();
const rows: string[][] = [];

function report(what: string, milliseconds: number[], target: string): void {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  rows.push([what, show(at(0.5)), show(at(0.95)), target]);
  console.log(`${what}: ${show(at(0.5))} (p95 ${show(at(0.95))})`);
}

function show(milliseconds: number): string {
  return milliseconds < 10 ? `${milliseconds.toFixed(2)} ms` : `${Math.round(milliseconds)} ms`;
}

async function measure(times: number, action: () => unknown): Promise<number[]> {
  const taken: number[] = [];
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    await action();
    taken.push(performance.now() - start);
  }
  return taken;
}

async function startUp(kind: "source" | "binary"): Promise<void> {
  await using clambot = kind === "source"
    ? await Clambot.fromSource()
    : await Clambot.inEmptyHome();
  const ask = ["agent", "-m", "what time is it in Tokyo?"];
  await clambot.run(ask);
  report(
    `--version, ${kind}`,
    await measure(11, () => clambot.run(["--version"])),
    kind === "binary" ? "< 80 ms" : "",
  );
  report(
    `agent -m on a starter clam, ${kind}`,
    await measure(11, () => clambot.run(ask)),
    kind === "binary" ? "< 300 ms" : "",
  );
}

function program(source: string, tools: readonly string[] = []): Program {
  return { source, args: {}, tools, seed: "bench", now: clock.now(), timezoneOffset: 0 };
}

const limits = { ...DEFAULT_LIMITS, calls: 1000, callsInFlight: 100 };
const signal = new AbortController().signal;

async function sandboxNumbers(): Promise<void> {
  const oneCall = program(`return await echo({n: 1});`, ["echo"]);
  const firstCall = async (warm: boolean) => {
    const sandbox = createTestSandbox({ poolSize: warm ? 1 : 0 });
    if (warm) {
      sandbox.warm();
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    const start = performance.now();
    let taken = 0;
    await sandbox.run(oneCall, limits, () => {
      taken = performance.now() - start;
      return Promise.resolve({ kind: "result", value: 1, now: clock.now() });
    }, signal);
    sandbox.close();
    return taken;
  };
  const cold: number[] = [];
  const warm: number[] = [];
  for (let i = 0; i < 15; i++) {
    cold.push(await firstCall(false));
    warm.push(await firstCall(true));
  }
  report("sandbox, cold, to the first tool call", cold, "");
  report("sandbox, warm, to the first tool call", warm, "< 10 ms");

  const answer: ToolHost = () => Promise.resolve({ kind: "result", value: 1, now: clock.now() });
  const sandbox = createTestSandbox({ poolSize: 0 });
  const many = program(`for (let i = 0; i < 500; i++) await echo({i}); return 1;`, ["echo"]);
  const runs = await measure(5, () => sandbox.run(many, limits, answer, signal));
  const none = await measure(5, () => sandbox.run(program("return 1;"), limits, answer, signal));
  report("tool round trip", runs.map((taken, i) => (taken - (none[i] ?? 0)) / 500), "< 1 ms");

  const slow: ToolHost = async () => {
    await clock.sleep(20);
    return { kind: "result", value: 1, now: clock.now() };
  };
  const parallel = program(
    `await Promise.all(Array.from({length: 100}, (_, i) => echo({i}))); return 1;`,
    ["echo"],
  );
  report(
    "100 parallel calls of 20 ms, with the start of the worker",
    await measure(5, () => sandbox.run(parallel, limits, slow, signal)),
    "",
  );

  let gap = 0;
  let last = performance.now();
  const watch = setInterval(() => {
    gap = Math.max(gap, performance.now() - last);
    last = performance.now();
  }, 5);
  await Promise.all(
    Array.from({ length: 100 }, () => sandbox.run(oneCall, limits, answer, signal)),
  );
  clearInterval(watch);
  report("longest gap of the event loop during 100 concurrent runs", [gap], "< 100 ms");
  sandbox.close();
}

async function storeNumbers(): Promise<void> {
  const directory = await Deno.makeTempDir();
  const files = openFiles(directory);
  const library = openLibrary({
    workspace: files.under("workspace"),
    state: files.under("state"),
    clock,
    random,
    starters: STARTERS,
  });
  const manifest = (n: number) => ({
    name: `clam ${n}`,
    description: `Answers number ${n}`,
    language: "javascript",
    declaredTools: [],
    inputs: { value: "x" },
    inputSchema: {},
    capabilities: [],
    secrets: [],
    limits: {},
    requests: [`request number ${n} please`],
    templates: [`topic ${n} of {value:word} now`],
    reusable: true,
  });
  const matcher = createMatcher({ library });
  const ask = () => matcher.find("topic 77 of ETH now");
  for (let n = 0; n < 100; n++) {
    await library.add({ script: "return 1", manifest: manifest(n) }, "generated");
  }
  const few = await measure(200, ask);
  report("match among 100 clams", few, "");
  const total = Number(Deno.env.get("CLAMBOT_BENCH_CLAMS") ?? 10_000);
  for (let n = 100; n < total; n++) {
    await library.add({ script: "return 1", manifest: manifest(n) }, "generated");
  }
  report(`match among ${total} clams`, await measure(200, ask), "< 1 ms");
  library.close();

  const sessions = plainly(openSessions(files.under("sessions"), clock));
  report(
    "append to a session, with fsync",
    await measure(100, () => sessions.append("cli:bench", { role: "user", content: "hello" })),
    "",
  );
  await benchRecord(files, report);
  await Deno.remove(directory, { recursive: true });
}

async function printNumbers(): Promise<void> {
  await startUp("source");
  const binary = new URL("../dist/clambot", import.meta.url).pathname;
  if (await Deno.stat(binary).catch(() => undefined)) {
    Deno.env.set("CLAMBOT_BINARY", binary);
    await startUp("binary");
  }
  await sandboxNumbers();
  await storeNumbers();
  console.log("\n| what | median | p95 | target |\n|---|---|---|---|");
  for (const row of rows) console.log(`| ${row.join(" | ")} |`);
  await printModelCalls();
}

const [part, directory] = Deno.args;
switch (part) {
  case undefined:
    await printNumbers();
    await printGaps();
    await printPeers();
    await printTurns();
    await printGateway();
    break;
  case "--turns":
    await printTurns();
    break;
  case "--gap":
    await printGaps();
    break;
  case "--gateway":
    await printGateway();
    break;
  case "--peer":
    await printPeers();
    break;
  case "--against":
    if (directory === undefined) throw new Error("Say which checkout: --against DIRECTORY");
    await printAgainst(directory);
    break;
  default:
    throw new Error(
      `"${part}" is none of --turns, --gap, --gateway, --peer and --against DIRECTORY.`,
    );
}
