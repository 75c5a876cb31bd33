// Measures the engine beside quickjs-emscripten, the package that most programs take for this, in
// one run and in turns: each does the same work with the same limits, from a new engine on.
import { getQuickJS, type QuickJSContext, type QuickJSWASMModule } from "quickjs-emscripten";
import { parts } from "../src/sandbox/_engine.ts";
import { createGuest, type GuestHost } from "../src/sandbox/_guest.ts";
import type { Engine } from "../src/sandbox/_image.ts";
import { makeImage } from "../src/sandbox/_make_image.ts";
import { wrapScript } from "../src/sandbox/_script.ts";
import { DEFAULT_LIMITS } from "../src/sandbox/limits.ts";
import { createTestSandbox } from "../tests/fakes/workers.ts";

const LIMITS = { ...DEFAULT_LIMITS, calls: 1000, cpuMs: 2_000 };
const MIB = 2 ** 20;

/** What is run, as the body of an async function; `echo` answers with its argument. */
const PROGRAMS: readonly (readonly [what: string, body: string, rounds: number])[] = [
  ["one call", "return await echo({ n: 1 });", 15],
  [
    "100 calls, one after the other",
    "let sum = 0; for (let n = 0; n < 100; n++) sum += (await echo({ n })).n; return sum;",
    15,
  ],
  [
    "a loop of 300,000 rounds",
    "let sum = 0; for (let n = 0; n < 300000; n++) sum = (sum * 31 + n) % 1000003; return sum;",
    15,
  ],
  [
    "a memory bomb",
    "const all = []; for (;;) all.push('a'.repeat(1e5));",
    1, // the peer's memory stays as large as it became
  ],
];

/** How a program ended, and the size of the engine's memory where it can be seen. */
interface Ran {
  readonly value: string;
  readonly bytes?: number;
}

type Runner = (body: string) => Promise<Ran>;

/** Prints medians of each way to run each program. */
export async function printPeers(): Promise<void> {
  const module = await WebAssembly.compile(parts.wasm);
  const engine = { module, image: await makeImage(module) };
  const ours: Runner = (body) => runInGuest(engine, body);
  const sandbox = createTestSandbox({ poolSize: 1 });
  sandbox.warm();
  const { signal } = new AbortController();
  const walled: Runner = async (source) => {
    const program = { source, args: {}, tools: ["echo"], seed: "", now: 0, timezoneOffset: 0 };
    const outcome = await sandbox.run(
      program,
      LIMITS,
      ({ args }) => Promise.resolve({ kind: "result", value: args, now: 0 }),
      signal,
    );
    return {
      value: outcome.kind === "completed"
        ? JSON.stringify(outcome.value)
        : outcome.kind === "failed"
        ? outcome.failure.code
        : outcome.kind,
    };
  };
  const peer = await getQuickJS();
  const ways: readonly (readonly [string, Runner])[] = [
    ["quickjs-emscripten", (body) => runInPeer(peer, body)],
    ["engine here", ours],
    ["sandbox here", walled],
  ];
  console.log(
    "\n| what | quickjs-emscripten | engine alone, here | sandbox (worker, limits), here |",
  );
  console.log("|---|---|---|---|");
  for (const [what, body, rounds] of PROGRAMS) {
    const cells = await compareWays(ways, body, rounds);
    console.log(`| ${what} | ${cells.join(" | ")} |`);
  }
  sandbox.close();
}

async function compareWays(
  ways: readonly (readonly [string, Runner])[],
  body: string,
  rounds: number,
): Promise<string[]> {
  const taken = ways.map(() => [] as number[]);
  const last: (Ran | undefined)[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const [at, [, run]] of ways.entries()) {
      await new Promise((resolve) => setTimeout(resolve, 300)); // the next worker gets ready
      const start = performance.now();
      last[at] = await run(body);
      taken[at]?.push(performance.now() - start);
    }
  }
  return taken.map((all, at) => {
    const median = all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? NaN;
    const { bytes, value = "" } = last[at] ?? {};
    const size = bytes === undefined ? "" : `, ${Math.round(bytes / MIB)} MiB`;
    return `${median.toFixed(1)} ms${size}: ${value.trim().slice(0, 40)}`;
  });
}

/** A new engine of ours in this thread, without the walls around it. */
async function runInGuest(engine: Engine, body: string): Promise<Ran> {
  const [guest, memory] = await withMemory(() => createGuest(engine));
  const calls: { readonly id: number; readonly args: string }[] = [];
  const deadline = performance.now() + LIMITS.cpuMs;
  let lastId = 0;
  const host: GuestHost = {
    call(_tool, _refused, args = "{}") {
      calls.push({ id: ++lastId, args });
      return lastId;
    },
    print: () => {},
    entropy: (length) => new Uint8Array(length),
    url: () => "",
    mustStop: () => performance.now() > deadline,
    now: () => 0,
    elapsed: () => 0,
    timezoneOffset: () => 0,
  };
  guest.serve(host, LIMITS);
  guest.begin(JSON.stringify({ tools: [{ tool: "echo", name: "echo" }], args: {}, ...LIMITS }));
  guest.start(wrapScript(body));
  guest.drain();
  for (let call = calls.shift(); call !== undefined; call = calls.shift()) {
    guest.settle(call.id, call.args, undefined);
    guest.drain();
  }
  const { texts } = guest.state() === "fulfilled" ? guest.finish() : guest.explain();
  return { value: texts.join(" "), bytes: memory.buffer.byteLength };
}

/** What an engine was made by, and its memory, which nothing else shows. */
async function withMemory<Made>(make: () => Promise<Made>): Promise<[Made, WebAssembly.Memory]> {
  const { instantiate } = WebAssembly;
  let memory: WebAssembly.Memory | undefined;
  WebAssembly.instantiate = (async (module: WebAssembly.Module, imports: WebAssembly.Imports) => {
    const instance = await instantiate(module, imports);
    memory = instance.exports.memory as WebAssembly.Memory;
    return instance;
  }) as typeof WebAssembly.instantiate;
  try {
    const made = await make();
    if (memory === undefined) throw new Error("No engine was made.");
    return [made, memory];
  } finally {
    WebAssembly.instantiate = instantiate;
  }
}

/** A new runtime and context of the peer in this thread, with the same limits. */
async function runInPeer(peer: QuickJSWASMModule, body: string): Promise<Ran> {
  const runtime = peer.newRuntime();
  runtime.setMemoryLimit(LIMITS.memoryBytes);
  runtime.setMaxStackSize(LIMITS.stackBytes);
  const deadline = performance.now() + LIMITS.cpuMs;
  runtime.setInterruptHandler(() => performance.now() > deadline);
  const context = runtime.newContext();
  offerEcho(context);
  const promise = context.unwrapResult(
    context.evalCode(`(async () => { ${body} })().then((value) => JSON.stringify(value))`),
  );
  const settled = context.resolvePromise(promise);
  runtime.executePendingJobs();
  const result = await settled;
  const value = context.dump("value" in result ? result.value : result.error);
  const bytes = peer.getWasmMemory().buffer.byteLength;
  return { value: typeof value === "string" ? value : String(value?.message), bytes };
}

function offerEcho(context: QuickJSContext): void {
  const echo = context.newFunction("echo", (args) => {
    const text = JSON.stringify(context.dump(args));
    const promise = context.newPromise();
    queueMicrotask(() => {
      const parsed = context.unwrapResult(context.evalCode(`(${text})`));
      promise.resolve(parsed);
      parsed.dispose();
      context.runtime.executePendingJobs();
    });
    return promise.handle;
  });
  context.setProp(context.global, "echo", echo);
  echo.dispose();
}
