import assert from "node:assert/strict";
import type { Failure } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { RunOutcome } from "../domain/turn.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import type { Program, Sandbox, ToolHost } from "./sandbox.ts";
import { MEMORY_CEILING } from "./_engine.ts";
import { createTestSandbox, createWorkersHere } from "../../tests/fakes/workers.ts";

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);

/** Answers with the arguments; every answer is a second later than the one before. */
function createEcho(): ToolHost {
  let now = NOW;
  return ({ args }) => Promise.resolve({ kind: "result", value: args, now: now += 1000 });
}

function run(
  sandbox: Sandbox,
  source: string,
  program: Partial<Program> = {},
  host: ToolHost = createEcho(),
): Promise<RunOutcome> {
  const whole = { source, args: {}, tools: ["echo"], seed: "s", now: NOW, timezoneOffset: 0 };
  return sandbox.run(
    { ...whole, ...program },
    { ...DEFAULT_LIMITS, cpuMs: 10_000 },
    host,
    new AbortController().signal,
  );
}

/** Runs a program that must complete; gives its value. */
async function valueOf(sandbox: Sandbox, source: string, program: Partial<Program> = {}) {
  const outcome = await run(sandbox, source, program);
  assert.equal(outcome.kind, "completed", JSON.stringify(outcome));
  return (outcome as { value: Json | undefined }).value;
}

/** Runs a program that must fail; gives its failure. */
async function failureOf(sandbox: Sandbox, source: string, program: Partial<Program> = {}) {
  const outcome = await run(sandbox, source, program);
  assert.equal(outcome.kind, "failed", JSON.stringify(outcome));
  return (outcome as { failure: Failure }).failure;
}

Deno.test("a run that is stopped while its worker starts ends at once, and the worker too", async () => {
  const sandbox = createTestSandbox({ poolSize: 0 });
  const stop = new AbortController();
  const order: string[] = [];
  const program = { source: "return 1", args: {}, tools: [], seed: "s", now: NOW };
  const stopped = sandbox.run(
    { ...program, timezoneOffset: 0 },
    { ...DEFAULT_LIMITS, cpuMs: 10_000 },
    createEcho(),
    stop.signal,
  ).then((outcome) => order.push(outcome.kind));
  const next = valueOf(sandbox, "return 2").then((value) => order.push(`${value}`));
  stop.abort();
  await Promise.all([stopped, next]);
  assert.deepEqual(order, ["cancelled", "2"]);
  sandbox.close();
});

/** What a program does is asked, and not what holds it: so it needs no thread of its own. */
function test(name: string, body: (sandbox: Sandbox) => Promise<void>) {
  Deno.test(name, async () => {
    const sandbox = createTestSandbox({ workers: createWorkersHere(), poolSize: 0 });
    try {
      await body(sandbox);
    } finally {
      sandbox.close();
    }
  });
}

const COUNT = "let n = 0;";
const CALLED_ONCE: Record<string, string> = {
  "nothing calls it": `${COUNT} async function run(args) { return [++n, args.x] }`,
  "the program returns its call": `${COUNT} async function run(args) { return [++n, args.x] }
    return await run(args)`,
  "the last line awaits it": `${COUNT} async function run(args) { return [++n, args.x] }
    await run(args);`,
  "the last line calls it": `${COUNT} function run(args) { return [++n, args.x] }
    run(args)`,
  "a constant is called": `${COUNT} const run = async (args) => [++n, args.x];
    await run(args)`,
  "a variable is called": `${COUNT} var run = async function (args) { return [++n, args.x] };
    run(args).then(console.log)`,
  "a global is called": `${COUNT} run = async (args) => [++n, args.x];
    await run(args)`,
  "a constant is not called": `${COUNT} const run = async (args) => [++n, args.x];`,
  "it is printed": `${COUNT} async function run(args) { return [++n, args.x] }
    console.log(await run(args))`,
  "a main function calls it": `${COUNT} async function run(args) { return [++n, args.x] }
    (async () => { await run(args) })()`,
  "eval calls it": `${COUNT} async function run(args) { return [++n, args.x] }
    eval("run(args)")`,
  "a block gives it its value": `${COUNT} let run; if (true) { run = () => [++n, args.x]; }
    await run(args)`,
  "it is put into the global object": `${COUNT} globalThis.run = () => [++n, args.x];
    await run(args)`,
  "it is taken out of an object": `${COUNT} const { run } = { run: () => [++n, args.x] };
    run(args)`,
  "it gets another value and is called": `${COUNT} let run = () => [++n, args.x];
    if (n === 0) run = async () => [++n, args.x];
    await run(args)`,
  "it is put into the global object and not called":
    `${COUNT} globalThis.run = () => [++n, args.x];`,
  "only a comment calls it": `${COUNT} async function run(args) { return [++n, args.x] }
    // await run(args)`,
};

test("A101: run(args) is called exactly once, whoever calls it", async (sandbox) => {
  for (const [how, source] of Object.entries(CALLED_ONCE)) {
    assert.deepEqual(await valueOf(sandbox, source, { args: { x: 5 } }), [1, 5], how);
  }
});

test("A101: a program without run may return and await at its top", async (sandbox) => {
  assert.equal(await valueOf(sandbox, "return args.a + 1", { args: { a: 1 } }), 2);
  assert.deepEqual(await valueOf(sandbox, "const { a } = await echo({ a: 3 }); return a"), 3);
  assert.equal(await valueOf(sandbox, "const args = { a: 7 }; return args.a"), 7);
  assert.equal(await valueOf(sandbox, "1 + 1"), undefined);
});

test("A101: what a program returns itself stands before what its run gave", async (sandbox) => {
  const source = "async function run() { return 1 } await run(); return 2";
  assert.equal(await valueOf(sandbox, source), 2);
  const fallback = "async function run() { throw 1 } try { await run() } catch { return 'plan B' }";
  assert.equal(await valueOf(sandbox, fallback), "plan B");
});

test("A102: texts pass as they are, other values as JSON, undefined is no value", async (sandbox) => {
  const values: [string, Json | undefined][] = [
    ["'a\\nb\"\\u0000'", 'a\nb"\u0000'],
    ["''", ""],
    ["{ a: [1, null, true], b: undefined }", { a: [1, null, true] }],
    ["new Date(0)", "1970-01-01T00:00:00.000Z"],
    ["null", null],
    ["undefined", undefined],
    ["NaN", null],
  ];
  for (const [source, value] of values) {
    assert.deepEqual(await valueOf(sandbox, `return ${source}`), value, source);
  }
});

test("A103: a result of a megabyte arrives byte for byte", async (sandbox) => {
  const source = `let text = ''; for (let i = 0; text.length < 1_000_000; i++) text += 'ä€😀 ' + i;
    return [text, text.length]`;
  const [text, length] = await valueOf(sandbox, source) as [string, number];
  let expected = "";
  for (let i = 0; expected.length < 1_000_000; i++) expected += `ä€😀 ${i}`;
  assert.equal(text, expected);
  assert.equal(length, expected.length);
});

test("A104: what is printed and what is returned are two things", async (sandbox) => {
  const source = `console.log("a", 1, { b: [null] }); console.error(new TypeError("c"));
    console.info(undefined, 5n, () => 1); console.warn(); console.debug("e"); return "value"`;
  const outcome = await run(sandbox, source);
  assert.deepEqual(outcome, {
    kind: "completed",
    value: "value",
    console: ['a 1 {"b":[null]}', "TypeError: c", "undefined 5n [function ]", "", "e"],
  });
});

test("A104: an exception after output is an error, and the output is kept", async (sandbox) => {
  const outcome = await run(sandbox, "console.log('so far');\nthrow new Error('no further')");
  assert.deepEqual(outcome, {
    kind: "failed",
    failure: { code: "runtime_execution_error", message: "no further", line: 2 },
    console: ["so far"],
  });
});

test("A105: declared tools exist under names a program can write", async (sandbox) => {
  const tools = ["a.b", "c/d", "e-f", "g:h", "i_j"];
  const source = "return [a_b, c_d, e_f, g_h, i_j].map((tool) => typeof tool + tool.name)";
  assert.deepEqual(
    await valueOf(sandbox, source, { tools }),
    ["a_b", "c_d", "e_f", "g_h", "i_j"].map((name) => `function${name}`),
  );
  const called: string[] = [];
  await run(sandbox, "await a_b({}); await i_j({})", { tools }, ({ tool }) => {
    called.push(tool);
    return Promise.resolve({ kind: "result", value: null, now: NOW });
  });
  assert.deepEqual(called, ["a.b", "i_j"], "the host hears the declared name");
});

test("A105: a tool may bear the name of something that exists already", async (sandbox) => {
  for (const tool of ["JSON", "Promise", "Object", "constructor", "__proto__", "then", "crypto"]) {
    const source = `return await globalThis[${JSON.stringify(tool)}]({ a: 1 })`;
    assert.deepEqual(await valueOf(sandbox, source, { tools: [tool] }), { a: 1 }, tool);
  }
});

test("a tool whose name cannot be had inside ends the run before it starts", async (sandbox) => {
  for (
    const tools of [["args"], ["console"], ["run"], ["undefined"], ["a.b", "a_b"], ["a b"], [""]]
  ) {
    const { code } = await failureOf(sandbox, "return 1", { tools });
    assert.equal(code, "undeclared_tool", tools.join());
  }
});

test("A106: no declared tools means no tools", async (sandbox) => {
  const source =
    "return Reflect.ownKeys(globalThis).filter((key) => /echo|fs|http/.test(String(key)))";
  assert.deepEqual(await valueOf(sandbox, source, { tools: [] }), []);
  const { code, message, hint } = await failureOf(sandbox, "await echo({})", { tools: [] });
  assert.match(hint ?? "", /declare/);
  assert.deepEqual([code, message], [
    "runtime_execution_error",
    "ReferenceError: echo is not defined",
  ]);
});

test("A110: equal seeds give equal chance, others another", async (sandbox) => {
  const source = `return [Math.random(), Math.random(), crypto.randomUUID(),
    [...crypto.getRandomValues(new Uint8Array(8))]]`;
  const [first, again, other] = [
    await valueOf(sandbox, source, { seed: "one" }),
    await valueOf(sandbox, source, { seed: "one" }),
    await valueOf(sandbox, source, { seed: "two" }),
  ] as [[number, number, string, number[]], Json, Json];
  assert.deepEqual(first, again);
  assert.notDeepEqual(first, other);
  assert.ok(first[0] !== first[1] && first[0] >= 0 && first[0] < 1);
  assert.match(first[2], /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
});

test("A110: random numbers are spread evenly", async (sandbox) => {
  const source = `const counts = new Array(10).fill(0);
    for (let i = 0; i < 20_000; i++) counts[Math.floor(Math.random() * 10)]++; return counts`;
  const counts = await valueOf(sandbox, source) as number[];
  assert.ok(counts.every((count) => count > 1800 && count < 2200), counts.join());
});

test("A110: the guest's clock shows the run's time and moves only with answers", async (sandbox) => {
  const source = `const look = () => [Date.now(), new Date().getTime(), performance.now()];
    const start = look(); for (let i = 0; i < 1e6; i++); const later = look();
    await echo({}); return [start, later, look()]`;
  const start = [NOW, NOW, 0];
  assert.deepEqual(await valueOf(sandbox, source), [start, start, [NOW + 1000, NOW + 1000, 1000]]);
});

test("a program's dates are in the zone that it was given", async (sandbox) => {
  const source = "return [new Date(2026, 0, 2).toISOString(), new Date().getTimezoneOffset()]";
  const value = await valueOf(sandbox, source, { timezoneOffset: -120 });
  assert.deepEqual(value, ["2026-01-01T22:00:00.000Z", -120]);
});

test("failures name the line of the person's program", async (sandbox) => {
  const cases: [source: string, code: string, line: number][] = [
    ["\n\nthrow new Error('x')", "runtime_execution_error", 3],
    ["async function run() {\n  return nothing.here;\n}", "runtime_execution_error", 2],
    ["const run = async () => {\n\n  null.x;\n};\nawait run(args);", "runtime_execution_error", 3],
    ["let a = 1;\nlet b c;", "script_syntax_error", 2],
    ["let a = 1;\nlet a = 2;", "script_syntax_error", 2],
    ["function f() {\n  f();\n}\nf();", "runtime_stack", 2],
  ];
  for (const [source, code, line] of cases) {
    const failure = await failureOf(sandbox, source);
    assert.deepEqual([failure.code, failure.line], [code, line], source);
  }
});

test("programs find the web's small tools", async (sandbox) => {
  const source = `const url = new URL("../b?x=1", "https://host.example:8443/a/");
    url.searchParams.set("q", "ä &"); url.hash = "end";
    return [url.href, url.origin, url.searchParams.get("x"), URL.canParse("no"),
      new URLSearchParams({ a: "1 2" }).toString(), [...new URLSearchParams("?b=2&b=3").getAll("b")],
      new TextDecoder().decode(new TextEncoder().encode("€")), atob(btoa("abc")),
      structuredClone({ list: [new Date(0)] })]`;
  assert.deepEqual(await valueOf(sandbox, source), [
    "https://host.example:8443/b?x=1&q=%C3%A4+%26#end",
    "https://host.example:8443",
    "1",
    false,
    "a=1+2",
    ["2", "3"],
    "€",
    "abc",
    { list: ["1970-01-01T00:00:00.000Z"] },
  ]);
});

test("arguments with names of prototypes reach nobody's prototype", async (sandbox) => {
  const args = JSON.parse('{"__proto__":{"x":1},"constructor":2}') as JsonObject;
  const value = await valueOf(sandbox, "return [Object.keys(args), ({}).x ?? null]", { args });
  assert.deepEqual(value, [["__proto__", "constructor"], null]);
});

test("no limit lets a program have more memory than the ceiling of the engine itself", async (sandbox) => {
  const source = `const all = [];
    try { while (all.length < 40) all.push(new ArrayBuffer(2 ** 22)) } catch { /* full */ }
    const got = all.length; all.length = 0; return 4 * got;`;
  const limits = { ...DEFAULT_LIMITS, memoryBytes: 4 * MEMORY_CEILING, cpuMs: 60_000 };
  const program = { source, args: {}, tools: [], seed: "s", now: NOW, timezoneOffset: 0 };
  const never = new AbortController().signal;
  const outcome = await sandbox.run(program, limits, createEcho(), never);
  assert.ok(outcome.kind === "completed", JSON.stringify(outcome));
  const mebibytes = outcome.value as number;
  assert.ok(mebibytes > 64 && mebibytes * 2 ** 20 < MEMORY_CEILING, `${mebibytes}`);
});
