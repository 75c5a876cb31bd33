import assert from "node:assert/strict";
import { sha256Hex } from "../../src/text/canonical_json.ts";
import { Clambot } from "./clambot.ts";

// Clams that use other clams, as a person sees them.

interface Kept {
  readonly script: string;
  readonly tools: readonly string[];
  /** YAML of the manifest, line by line. */
  readonly more?: readonly string[];
}

interface Told {
  readonly status: string;
  readonly reply: string;
  readonly run?: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly waits?: { readonly run: string; readonly question: string };
  readonly calls: readonly {
    readonly tool: string;
    readonly decision: string;
    readonly outcome: string;
  }[];
}

interface Listed {
  readonly run: string;
  readonly state: string;
  readonly parent?: string;
}

/** Writes what it is told, and says so. */
const WRITER: Kept = {
  script: `async function run({word}) {
    await fs({operation: "append", path: "out.txt", content: word});
    return "wrote " + word;
  }`,
  tools: ["fs"],
  more: ["inputs: {word: x}"],
};

class Home implements AsyncDisposable {
  private constructor(readonly clambot: Clambot) {}

  static async keeping(clams: Readonly<Record<string, Kept>>): Promise<Home> {
    const home = new Home((await Clambot.inEmptyHome()).here);
    for (const [id, clam] of Object.entries(clams)) await home.keep(id, clam);
    return home;
  }

  async keep(id: string, { script, tools, more = ["inputs: {}"] }: Kept): Promise<void> {
    const directory = `.clambot/workspace/clams/${id}`;
    await this.clambot.write(`${directory}/run.js`, script);
    await this.clambot.write(
      `${directory}/CLAM.md`,
      [
        ...["---", `name: ${id}`, "description: Does it.", "language: javascript", "version: 1"],
        ...[`sha256: ${await sha256Hex(script)}`, `declared_tools: [${tools.join(", ")}]`, ...more],
        ...["requests: []", "reusable: true", "origin: person"],
        ...["created_at: 2026-11-01T00:00:00Z", "---", ""],
      ].join("\n"),
    );
  }

  async json<T = Told>(code: number, ...args: string[]): Promise<T> {
    const ended = await this.clambot.run([...args, "--json"]);
    assert.equal(ended.code, code, `${args.join(" ")}: ${ended.stdout}${ended.stderr}`);
    return JSON.parse(ended.stdout);
  }

  async runs(): Promise<readonly Listed[]> {
    return await this.json(0, "runs", "list");
  }

  async out(): Promise<string> {
    const path = `${this.clambot.home}/workspace/files/out.txt`;
    return await Deno.readTextFile(path).catch(() => "");
  }

  async grant(): Promise<string> {
    const root = await Deno.realPath(this.clambot.directory);
    return `fs:file:${root}/.clambot/workspace/files/out.txt`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.clambot[Symbol.asyncDispose]();
  }
}

/** Uses a clam once for each word, one after the other. */
const using = (id: string, ...words: string[]): Kept => ({
  script: `async function run() {
    const said = [];
    for (const word of ${JSON.stringify(words)}) {
      const {value} = await clam({id: "${id}", inputs: {word}});
      said.push(value);
    }
    return said.join(", ");
  }`,
  tools: ["clam"],
});

Deno.test("a clam uses another one: its value, its own run, and its calls in the account", async () => {
  await using home = await Home.keeping({ writer: WRITER, both: using("writer", "a", "b") });
  const told = await home.json(0, "clams", "run", "both", "--grant", await home.grant());
  assert.equal(told.reply, "wrote a, wrote b");
  assert.equal(await home.out(), "ab");
  assert.deepEqual(told.calls.map(({ tool, decision }) => [tool, decision]), [
    ["clam", "not_required"],
    ["fs", "granted"],
    ["clam", "not_required"],
    ["fs", "granted"],
  ]);
  const [whole, ...parts] = (await home.runs()).toReversed();
  assert.deepEqual(parts.map(({ state, parent }) => [state, parent]), [
    ["completed", whole?.run],
    ["completed", whole?.run],
  ]);
  for (const { run } of await home.runs()) {
    assert.deepEqual(await home.json(0, "runs", "replay", run), { run, same: true });
  }
});

Deno.test("what a used clam had called counts for the whole when both go on", async () => {
  const append = 'await fs({operation: "append", path: "out.txt", content: "x"});';
  const script = `async function run() { ${append.repeat(3)} return "wrote"; }`;
  await using home = await Home.keeping({
    writer: { ...WRITER, script },
    both: using("writer", "a"),
  });
  await home.clambot.write(
    ".clambot/config.json",
    JSON.stringify({ agents: { budgets: { perTurn: { toolCalls: 3 } } } }),
  );
  const first = await home.json(3, "clams", "run", "both");
  const answer = (code: number, { waits }: Told) =>
    home.json(code, "approvals", "answer", waits?.question ?? "", "--once");
  const refused = await answer(1, await answer(3, first));
  assert.match(JSON.stringify(refused.error), /budget of 3 tool calls/);
  assert.equal(await home.out(), "xx");
});

Deno.test("questions of used clams stop both, and both go on in the right place", async () => {
  await using home = await Home.keeping({ writer: WRITER, both: using("writer", "a", "b") });
  const first = await home.json(3, "clams", "run", "both");
  assert.equal(first.error?.code, "approval_needed");
  const states = async () => (await home.runs()).toReversed().map(({ state }) => state);
  assert.deepEqual(await states(), ["waiting", "waiting"]);
  const whole = (await home.runs()).at(-1)?.run ?? "";
  assert.equal(first.waits?.run, whole, "what goes on is the whole");
  const second = await home.json(
    3,
    ...["approvals", "answer", first.waits?.question ?? "", "--once"],
  );
  assert.equal(second.run, whole);
  assert.equal(await home.out(), "a");
  assert.deepEqual(await states(), ["waiting", "completed", "waiting"]);
  const part = (await home.runs()).find(({ state, parent }) => parent && state === "waiting");
  const again = await home.json(3, "runs", "resume", part?.run ?? "");
  assert.equal(again.waits?.question, second.waits?.question);
  const last = await home.json(
    0,
    ...["approvals", "answer", second.waits?.question ?? "", "--once"],
  );
  assert.equal(last.reply, "wrote a, wrote b");
  assert.equal(await home.out(), "ab");
  assert.deepEqual(await states(), ["completed", "completed", "completed"]);
  assert.deepEqual(last.calls.map(({ tool }) => tool), ["clam", "fs", "clam", "fs"]);
});

Deno.test("a no to a used clam ends all that it is a part of", async () => {
  await using home = await Home.keeping({ writer: WRITER, both: using("writer", "a", "b") });
  const first = await home.json(3, "clams", "run", "both");
  const { question = "" } = first.waits ?? {};
  const ended = await home.json(1, "approvals", "answer", question, "--reject");
  assert.equal(ended.error?.code, "approval_denied");
  assert.equal(await home.out(), "");
  assert.deepEqual((await home.runs()).map(({ state }) => state), ["rejected", "rejected"]);
});

Deno.test("cancelling a part cancels the whole", async () => {
  await using home = await Home.keeping({ writer: WRITER, both: using("writer", "a") });
  await home.json(3, "clams", "run", "both");
  const [part, whole] = await home.runs();
  const cancelled = await home.json(0, "runs", "cancel", part?.run ?? "");
  assert.deepEqual(cancelled, { run: whole?.run, state: "cancelled" });
  assert.deepEqual((await home.runs()).map(({ state }) => state), ["cancelled", "cancelled"]);
});

Deno.test("a used clam gets nothing that only the one that uses it was allowed", async () => {
  const own = `await fs({operation: "append", path: "out.txt", content: "own "});`;
  const uses: Kept = {
    script: `async function run() { ${own}
      return (await clam({id: "writer", inputs: {word: "other"}})).value; }`,
    tools: ["fs", "clam"],
  };
  await using home = await Home.keeping({ writer: WRITER, uses });
  const scope = (await home.grant()).slice("fs:".length);
  const first = await home.json(3, "clams", "run", "uses");
  const { question = "" } = first.waits ?? {};
  const second = await home.json(3, "approvals", "answer", question, "--turn", scope);
  assert.equal(await home.out(), "own ");
  const last = await home.json(
    0,
    ...["approvals", "answer", second.waits?.question ?? "", "--once"],
  );
  assert.equal(last.reply, "wrote other");
  assert.deepEqual(last.calls.map(({ decision }) => decision), ["turn", "not_required", "once"]);
});

Deno.test("a used clam keeps to its own capabilities and inputs, and its own lease counts", async () => {
  const bound = [
    ...["inputs: {word: x}", "input_schema: {type: object, properties: {word: {type: string}}}"],
    ...["capabilities:", "  - method: fs", "    constraints:", "      - param: operation"],
    ...["        is_in: [append]", "      - param: path", "        is_in: [out.txt]"],
  ];
  const lax: Kept = {
    script:
      `async function run() { return (await clam({id: "writer", inputs: {word: 5}})).value; }`,
    tools: ["clam"],
  };
  await using home = await Home.keeping({
    writer: { ...WRITER, more: bound },
    both: using("writer", "a", "b"),
    lax,
  });
  const wrong = await home.json(1, "clams", "run", "lax");
  assert.match(wrong.error?.message ?? "", /The input "word" does not fit/);
  const leased = await home.clambot.run(["approvals", "lease", "writer", "--yes", "--json"]);
  assert.equal(leased.code, 0, leased.stdout + leased.stderr);
  const told = await home.json(0, "clams", "run", "both");
  assert.equal(told.reply, "wrote a, wrote b");
  const decisions = told.calls.map(({ decision }) => decision);
  assert.deepEqual(decisions, ["not_required", "lease", "not_required", "lease"]);
});

Deno.test("no clam uses itself, and no more than three are within each other", async () => {
  const on = (id: string): Kept => ({
    script: `async function run() { return (await clam({id: "${id}"})).value; }`,
    tools: ["clam"],
  });
  const end: Kept = { script: `async function run() { return "the end"; }`, tools: [] };
  const chain = { one: on("two"), two: on("three"), three: on("end"), zero: on("one"), end };
  await using home = await Home.keeping({ ...chain, self: on("other"), other: on("self") });
  assert.equal((await home.json(0, "clams", "run", "one")).reply, "the end");
  const deep = await home.json(1, "clams", "run", "zero");
  assert.match(deep.error?.message ?? "", /more than 3 clams would be within each other/);
  const circle = await home.json(1, "clams", "run", "self");
  assert.match(circle.error?.message ?? "", /"self" cannot be used here: it would use itself/);
  const unknown = await home.clambot.write("program.js", on("nobody").script);
  const none = await home.json(1, "run", unknown, "--tools", "clam");
  assert.equal(none.error?.code, "clam_not_found");
});

Deno.test("a used clam that ended before a kill is not used again: its value stands on record", async () => {
  await using home = await Home.keeping({ writer: WRITER, both: using("writer", "a", "b") });
  const first = await home.json(3, "clams", "run", "both", "--grant", await home.grant() + "x");
  const second = await home.json(3, "approvals", "answer", first.waits?.question ?? "", "--once");
  const whole = second.run ?? "";
  // what stands in the file of the whole after the kill: nothing of the first use
  const runs = `${home.clambot.home}/runs`;
  for await (const { name } of Deno.readDir(runs)) {
    if (!name.includes(whole)) continue;
    const lines = (await Deno.readTextFile(`${runs}/${name}`)).split("\n");
    const last = lines.findIndex((line) => line.includes('"kind":"attempt"'));
    await Deno.writeTextFile(`${runs}/${name}`, `${lines.slice(0, last + 1).join("\n")}\n`);
  }
  const third = await home.json(3, "runs", "resume", whole);
  assert.equal(third.waits?.question, second.waits?.question);
  const last = await home.json(0, "approvals", "answer", third.waits?.question ?? "", "--once");
  assert.equal(last.reply, "wrote a, wrote b");
  assert.equal(await home.out(), "ab");
  assert.deepEqual(last.calls.map(({ tool }) => tool), ["clam", "fs", "clam", "fs"]);
});

Deno.test("text of others stays such from clam to clam, in both directions", async () => {
  const reads: Kept = {
    script: `async function run() {
      return (await fs({operation: "read", path: "theirs.txt"})).content;
    }`,
    tools: ["fs"],
  };
  const hands: Kept = {
    script: `async function run() {
      const {value} = await clam({id: "reads"});
      return (await clam({id: "writer", inputs: {word: value}})).value;
    }`,
    tools: ["clam"],
  };
  await using home = await Home.keeping({ reads, hands, writer: WRITER });
  await home.clambot.write(".clambot/workspace/files/theirs.txt", "their own words of some length");
  const root = await Deno.realPath(home.clambot.directory);
  const grant = `fs:exact:read:${root}/.clambot/workspace/files/theirs.txt`;
  const file = `fs:file:${root}/.clambot/workspace/files/theirs.txt`;
  const first = await home.json(3, "clams", "run", "hands", "--grant", file);
  assert.equal(first.error?.code, "approval_needed", grant);
  interface Pending {
    readonly request: {
      readonly foreign: boolean;
      readonly derived: readonly { readonly name: string; readonly isCertain: boolean }[];
    };
  }
  const [pending] = await home.json<Pending[]>(0, "approvals", "pending");
  assert.equal(pending?.request.foreign, true);
  assert.ok(pending?.request.derived.some(({ isCertain }) => isCertain), "said of the words");
});
