import assert from "node:assert/strict";
import { presentInTurn } from "../../src/agent/present.ts";
import type { Limits } from "../../src/sandbox/sandbox.ts";
import { sha256Hex } from "../../src/text/canonical_json.ts";
import { Clambot } from "../flows/clambot.ts";
import type { Attack } from "./sandbox_harness.ts";
import { timeFor } from "./sandbox_time.ts";

// The hostile programs as kept clams of one home, asked for line by line in one process: hundreds
// of them cost one start. What came of each stands in the conversation and in the audit log.

/** What the tools of the attacks are in the program itself: real calls that end in the same way. */
const REAL_CALLS: Readonly<Record<string, string>> = {
  "echo({})": "echo({ message: 'm' })",
  "refuse({})": "http_request({ method: 'GET', url: 'http://127.0.0.1:9/' })",
  "stop({})": "fs({ operation: 'list', path: '.' })",
  "never({})": "sleep({ seconds: 60 })",
};
/** The same for what they end with. */
const REAL_WORDS: Readonly<Record<string, string>> = {
  "The test blocks everything": 'Cannot fetch "127.0.0.1:9": address 127.0.0.1 is of this machine.',
  "approval_denied": "approval_needed",
};
const TOOLS = ["echo", "http_request", "fs", "sleep"];

const LAST = "The attacks are over.";
/** For all programs of one list together, on a machine that does other things too. */
const PATIENCE_MS = 240_000;
const MOST_MEMORY = 700 * 1024 * 1024;

/** Runs hostile programs in the binary, one after the other in one process. */
export function testInBinary(about: string, attacks: readonly Attack[], limits: Partial<Limits>) {
  const tried = attacks.filter(({ binary }) => typeof binary !== "string").map(real);
  Deno.test(`the binary holds ${tried.length} programs that ${about}`, async (t) => {
    await using clambot = await Clambot.inEmptyHome();
    await writeHome(clambot, tried, limits);
    const told = await talk(clambot, tried.length);
    for (const [index, attack] of tried.entries()) {
      await t.step(`a program that ${attack.title}`, () => {
        const { code, reply, calls } = told.answers[index] ?? {};
        assertEnd(attack, code, reply);
        assert.equal(calls, attack.calls ?? 0, "calls that were made");
      });
    }
    assert.equal(told.answers[tried.length]?.reply, LAST, "an honest program still runs");
    assert.deepEqual(names(clambot.directory), [".clambot"], "nothing lies beside the home");
    assert.deepEqual(names(`${clambot.home}/workspace/files`), [], "no file was written");
  });
}

/** The attack as the program itself meets it. */
function real(attack: Attack): Attack {
  const one = { ...attack, ...(typeof attack.binary === "object" ? attack.binary : {}) };
  const ends = JSON.parse(replaceAll(JSON.stringify(one.ends), quoted(REAL_WORDS)));
  const isNothing = typeof one.ends === "object" && "value" in one.ends &&
    one.ends.value === undefined;
  return {
    ...one,
    source: replaceAll(one.source, REAL_CALLS),
    ends: isNothing ? { value: undefined } : ends,
  };
}

function replaceAll(text: string, words: Readonly<Record<string, string>>): string {
  return Object.entries(words).reduce((told, [from, to]) => told.replaceAll(from, () => to), text);
}

/** As they stand within JSON. */
function quoted(words: Readonly<Record<string, string>>): Record<string, string> {
  const inner = (text: string) => JSON.stringify(text).slice(1, -1);
  return Object.fromEntries(Object.entries(words).map(([from, to]) => [inner(from), inner(to)]));
}

async function writeHome(clambot: Clambot, attacks: readonly Attack[], limits: Partial<Limits>) {
  const memoryMiB = (limits.memoryBytes ?? 64 * 1024 * 1024) / 1024 / 1024;
  const config = {
    agents: { defaults: { availableTools: TOOLS, timezone: "UTC" } },
    sandbox: { memoryMiB, prewarm: 1 },
  };
  await put(clambot, "config.json", JSON.stringify(config));
  const last: Attack = {
    title: "",
    source: `return ${JSON.stringify(LAST)}`,
    ends: { value: LAST },
  };
  for (const [index, attack] of [...attacks, last].entries()) {
    const directory = `workspace/clams/attack-${String(index).padStart(4, "0")}`;
    const own = { ...limits, ...attack.limits };
    const manifest = {
      name: `attack ${index}`,
      sha256: await sha256Hex(new TextEncoder().encode(attack.source)),
      declared_tools: TOOLS.filter((tool) => new RegExp(`\\b${tool}\\b`).test(attack.source)),
      inputs: attack.args ?? {},
      limits: { timeout_ms: timeFor(attack, own), max_calls: own.calls ?? 20 },
      requests: [requestFor(index)],
      reusable: true,
      origin: "generated",
    };
    await put(clambot, `${directory}/run.js`, attack.source);
    await put(clambot, `${directory}/CLAM.md`, `---\n${JSON.stringify(manifest)}\n---\n`);
  }
}

async function put(clambot: Clambot, path: string, text: string): Promise<void> {
  const full = `${clambot.home}/${path}`;
  await Deno.mkdir(full.slice(0, full.lastIndexOf("/")), { recursive: true, mode: 0o700 });
  await Deno.writeTextFile(full, text, { mode: 0o600 });
}

/** It says the words that an answer must not have by accident, for here they are the answers. */
const requestFor = (index: number) =>
  `let attack number ${index} begin with undefined, NaN, null, Invalid Date and [object Object]`;

/** How one request ended. */
interface Told {
  /** The failure's code. */
  readonly code?: string;
  readonly reply?: string;
  /** Calls of tools that were made, allowed or not. */
  readonly calls?: number;
}

async function talk(clambot: Clambot, count: number): Promise<{ answers: readonly Told[] }> {
  const child = clambot.start(["agent"]);
  const output = child.stderr.pipeTo(new WritableStream()).catch(() => {});
  const patience = setTimeout(() => kill(child), PATIENCE_MS);
  try {
    const writer = child.stdin.getWriter();
    const lines = Array.from({ length: count + 1 }, (_, index) => `${requestFor(index)}\n`);
    await writer.write(new TextEncoder().encode(lines.join("")));
    await readUntil(child.stdout, LAST);
    await assertAtRest(child.pid);
    await writer.close();
    assert.equal((await child.status).code, 0);
  } finally {
    clearTimeout(patience);
    await kill(child);
    await output;
  }
  return { answers: await readAnswers(clambot) };
}

/** Where it has ended already there is nothing to kill. */
async function kill(child: Deno.ChildProcess): Promise<void> {
  try {
    child.kill("SIGKILL");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  await child.status;
}

async function readUntil(stream: ReadableStream<Uint8Array>, last: string): Promise<void> {
  let text = "";
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { value, done } = await reader.read();
    text = (text + (value ?? "")).slice(-10_000);
    if (text.includes(last)) break;
    assert.ok(!done, `the program ended or was ended before the last answer: …${text}`);
  }
  drain(reader);
}

async function drain(reader: ReadableStreamDefaultReader<string>): Promise<void> {
  while (!(await reader.read()).done);
}

/** Nothing of the attacks works on, and their memory was bounded. Seen where there is `/proc`. */
async function assertAtRest(pid: number): Promise<void> {
  if (Deno.build.os !== "linux") return;
  const peak = /^VmHWM:\s+(\d+) kB/m.exec(await readProcess(pid, "status"))?.[1];
  assert.ok(Number(peak) * 1024 < MOST_MEMORY, `${peak} kB at most`);
  let spent = 0;
  for (let attempt = 0; attempt < 20; attempt++) {
    const before = await cpuMs(pid);
    await new Promise((resolve) => setTimeout(resolve, 500));
    spent = await cpuMs(pid) - before;
    if (spent < 100) return;
  }
  assert.fail(`a thread works on: ${spent} ms of CPU in 500 idle ms`);
}

async function cpuMs(pid: number): Promise<number> {
  const fields = (await readProcess(pid, "stat")).split(") ")[1]?.split(" ") ?? [];
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

/** By another program: Deno reads nothing of `/proc` unless everything is allowed. */
async function readProcess(pid: number, name: string): Promise<string> {
  const { stdout } = await new Deno.Command("cat", { args: [`/proc/${pid}/${name}`] }).output();
  return new TextDecoder().decode(stdout);
}

async function readAnswers(clambot: Clambot): Promise<Told[]> {
  const calls = new Map<string, number>();
  for (const { turn, kind } of await readLines(`${clambot.home}/audit`)) {
    if (kind === "tool_call") calls.set(turn, (calls.get(turn) ?? 0) + 1);
  }
  const entries = await readLines(`${clambot.home}/workspace/sessions`);
  return entries.filter(({ role }) => role === "assistant").map(({ content, metadata }) => ({
    reply: content,
    calls: calls.get(metadata.turn) ?? 0,
    ...(metadata.code === undefined ? {} : { code: metadata.code }),
  }));
}

// deno-lint-ignore no-explicit-any -- lines of files that other tests look at closely
async function readLines(directory: string): Promise<any[]> {
  const files = names(directory).filter((name) => name.endsWith(".jsonl"));
  const texts = await Promise.all(files.map((name) => Deno.readTextFile(`${directory}/${name}`)));
  return texts.join("").split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

function names(directory: string): string[] {
  return [...Deno.readDirSync(directory)].map(({ name }) => name).sort();
}

function assertEnd({ ends }: Attack, code: string | undefined, reply: string | undefined) {
  const shown = JSON.stringify({ code, reply }).slice(0, 500);
  if (typeof ends === "object" && "value" in ends) {
    const expected = presentInTurn(ends.value).reply;
    // an answer without a word is none for a person
    assert.equal(code, expected.trim() === "" ? "result_invalid" : undefined, shown);
    if (expected.trim() !== "") assert.equal(reply, expected, shown);
    return;
  }
  assert.ok([ends].flat().includes(code as never), shown);
}
