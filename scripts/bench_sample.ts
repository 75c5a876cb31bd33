// Measures one checkout, for scripts/bench_against.ts: for each line of standard input it measures
// once more and prints a JSON object of milliseconds. The one argument is the checkout's directory
// as a URL; it is started with that one's deno.json.

const [root = new URL("../", import.meta.url).href] = Deno.args;

const load = <T>(path: string): Promise<T> => import(new URL(path, root).href);
const createSandbox = await findSandbox();
const { DEFAULT_LIMITS } = await load<typeof import("../src/sandbox/limits.ts")>(
  "src/sandbox/limits.ts",
);
const { createMatcher } = await load<typeof import("../src/clams/match.ts")>("src/clams/match.ts");
const { openLibrary } = await load<typeof import("../src/clams/library.ts")>(
  "src/clams/library.ts",
);
const { STARTERS } = await load<typeof import("../src/clams/starters.ts")>("src/clams/starters.ts");
const { openFiles } = await load<typeof import("../src/platform/files.ts")>(
  "src/platform/files.ts",
);
const { createClock, createRandom } = await load<typeof import("../src/platform/deno.ts")>(
  "src/platform/deno.ts",
);

type CreateSandbox = typeof import("../tests/fakes/workers.ts").createTestSandbox;

/** Checkouts before the launcher started the workers have a sandbox that starts its own. */
async function findSandbox(): Promise<CreateSandbox> {
  try {
    return (await load<{ createTestSandbox: CreateSandbox }>("tests/fakes/workers.ts"))
      .createTestSandbox;
  } catch {
    return (await load<{ createWorkerSandbox: CreateSandbox }>("src/sandbox/worker_sandbox.ts"))
      .createWorkerSandbox;
  }
}

const clock = createClock();
const limits = { ...DEFAULT_LIMITS, calls: 1000 };
const { signal } = new AbortController();

function program(source: string) {
  return { source, args: {}, tools: ["echo"], seed: "bench", now: 0, timezoneOffset: 0 };
}

async function firstCall(): Promise<number> {
  const sandbox = createSandbox({ poolSize: 1, refill: false });
  sandbox.warm();
  await clock.sleep(500);
  const start = performance.now();
  let taken = NaN;
  await sandbox.run(
    program("return await echo({ n: 1 });"),
    limits,
    () => {
      taken = performance.now() - start;
      return Promise.resolve({ kind: "result", value: 1, now: 0 });
    },
    signal,
  );
  sandbox.close();
  return taken;
}

const CALLS = 200;

/** Between the first call that arrives and the last one. */
async function roundTrip(): Promise<number> {
  const sandbox = createSandbox({ poolSize: 0 });
  let [first, last] = [NaN, NaN];
  await sandbox.run(
    program(`for (let i = 0; i <= ${CALLS}; i++) await echo({ i });`),
    limits,
    ({ args }) => {
      if (args.i === 0) first = performance.now();
      last = performance.now();
      return Promise.resolve({ kind: "result", value: 1, now: 0 });
    },
    signal,
  );
  sandbox.close();
  return (last - first) / CALLS;
}

const directory = await Deno.makeTempDir({ prefix: "clambot-bench-" });
const files = openFiles(directory);
const library = openLibrary({
  workspace: files.under("workspace"),
  state: files.under("state"),
  clock,
  random: createRandom(),
  starters: STARTERS,
});
const manifest = {
  name: "topic",
  description: "Tells about a topic",
  language: "javascript",
  declaredTools: [],
  inputs: { value: "x" },
  inputSchema: {},
  capabilities: [],
  secrets: [],
  limits: {},
  requests: [],
  templates: ["topic 77 of {value:word} now"],
  reusable: true,
} as const;
await library.add({ script: "return 1", manifest }, "generated");
const matcher = createMatcher({ library });

const MATCHES = 20;

async function match(): Promise<number> {
  const start = performance.now();
  for (let n = 0; n < MATCHES; n++) {
    if (!await matcher.find("topic 77 of ETH now")) throw new Error("Nothing matched.");
  }
  return (performance.now() - start) / MATCHES;
}

for await (const _line of Deno.stdin.readable) {
  console.log(JSON.stringify({
    "sandbox, warm, to the first tool call": await firstCall(),
    "tool round trip": await roundTrip(),
    "match": await match(),
  }));
}
library.close();
await Deno.remove(directory, { recursive: true });
