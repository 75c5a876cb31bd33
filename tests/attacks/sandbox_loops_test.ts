import assert from "node:assert/strict";
import { DEFAULT_LIMITS } from "../../src/sandbox/limits.ts";
import { type Attack, createCountingHost, runIn, testAttacks } from "./sandbox_harness.ts";
import { createTestSandbox } from "../fakes/workers.ts";

const ends = "runtime_timeout" as const;

/** Loops that the engine itself can interrupt. */
const SCRIPT_LOOPS: readonly Attack[] = [
  { title: "loops", source: "while (true) {}" },
  { title: "loops in run", source: "async function run() { for (;;); }" },
  { title: "loops with labels", source: "a: for (;;) { b: for (;;) continue a; }" },
  {
    title: "loops and catches",
    source: "for (;;) { try { for (;;); } catch {} finally { continue } }",
  },
  { title: "loops in a finally", source: "try { return 1 } finally { while (1); }" },
  {
    title: "loops in a generator",
    source: "function* g() { for (;;) yield 1 } for (const x of g());",
  },
  { title: "loops in a getter", source: "({ get a() { for (;;); } }).a" },
  { title: "loops in a proxy trap", source: "new Proxy({}, { get() { for (;;); } }).a" },
  { title: "loops in toJSON of its result", source: "return { toJSON() { for (;;); } }" },
  { title: "loops in a getter of its result", source: "return { get a() { for (;;); } }" },
  { title: "loops in a getter of a thrown error", source: "throw { get message() { for (;;); } }" },
  {
    title: "loops in toString of a thrown message",
    source: "throw { message: { toString() { for (;;); } } }",
  },
  { title: "loops in the stack of a thrown error", source: "throw { get stack() { for (;;); } }" },
  { title: "loops in an argument", source: "await echo({ get a() { for (;;); } })" },
  { title: "loops in something printed", source: "console.log({ toJSON() { for (;;); } })" },
  { title: "loops in a sort", source: "[3, 2, 1].sort(() => { for (;;); })" },
  { title: "loops in a replacer", source: "'a'.replace(/a/, () => { for (;;); })" },
  { title: "loops in valueOf", source: "+{ valueOf() { for (;;); } }" },
  {
    title: "loops in Symbol.hasInstance",
    source: "({}) instanceof { [Symbol.hasInstance]() { for (;;); } }",
  },
  { title: "loops in eval", source: "eval('for (;;);')" },
  { title: "loops in a made function", source: "new Function('for (;;);')()" },
  { title: "loops in a class field", source: "new class { a = (() => { for (;;); })() }" },
  {
    title: "recurses without end through tail positions",
    source: "const f = (n) => n > 500 ? f(0) : f(n + 1); for (;;) { try { f(0) } catch {} }",
  },
  {
    title: "waits for itself in microtasks",
    source: "const go = () => Promise.resolve().then(go); await go(); for (;;) await null",
  },
  { title: "floods microtasks", source: "for (;;) await null" },
  {
    title: "floods queueMicrotask",
    source: "const f = () => queueMicrotask(f); f(); await new Promise(() => {})",
  },
  {
    title: "loops in an async iterator",
    source: "for await (const x of (async function* () { for (;;) yield 1 })());",
  },
  { title: "resolves with endless thenables", source: "const t = { then(f) { f(t) } }; return t" },
  { title: "loops in a thenable", source: "return { then() { for (;;); } }" },
  { title: "loops after a call", source: "await echo({}); for (;;);", calls: 1 },
  { title: "loops while a call is under way", source: "never({}); for (;;);", calls: 1 },
].map((one) => ({ ends, ...one }));

/** Loops in native code, where the engine looks at the clock seldom or never. */
const NATIVE_LOOPS: readonly Attack[] = [
  { title: "joins a huge array", source: "new Array(2 ** 32 - 1).join('x')" },
  {
    title: "searches an endless array",
    source: "Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)",
  },
  {
    title: "searches backwards",
    source: "Array.prototype.lastIndexOf.call({ length: 2 ** 53 - 1 }, 1)",
  },
  {
    title: "looks for what is not there",
    source: "Array.prototype.includes.call({ length: 2 ** 53 - 1 }, 1)",
  },
  {
    title: "fills an endless array",
    ends: ["runtime_timeout", "runtime_memory"] as const,
    source: "Array.prototype.fill.call({ length: 2 ** 53 - 1 }, 1)",
  },
  {
    title: "reverses an endless array",
    source: "Array.prototype.reverse.call({ length: 2 ** 53 - 1 })",
  },
  {
    title: "copies within an endless array",
    source: "Array.prototype.copyWithin.call({ length: 2 ** 53 - 1 }, 0, 5)",
  },
  {
    title: "deletes from an endless array",
    source: "Array.prototype.shift.call({ length: 2 ** 53 - 1 })",
  },
  {
    title: "searches a long text again and again",
    source: "const s = 'a'.repeat(1e6); for (;;) s.indexOf('a'.repeat(5e5) + 'b')",
  },
  {
    title: "splits and joins",
    source: "let s = 'ab'.repeat(1e4); for (;;) s = s.split('').reverse().join('')",
  },
  {
    title: "sorts again and again",
    source:
      "const a = Array.from({ length: 1e5 }, (_, i) => (i * 7919) % 1e5); for (;;) a.toSorted()",
  },
  { title: "backtracks in a pattern", source: "/^(a+)+$/.test('a'.repeat(40) + 'b')" },
  { title: "backtracks through alternatives", source: "/^(a|a)*$/.test('a'.repeat(40) + 'b')" },
  { title: "backtracks with lookahead", source: "/^(?=(a+)+$)/.test('a'.repeat(40) + 'b')" },
  { title: "backtracks with references", source: "/^(a*)*\\1\\1\\1$/.test('a'.repeat(40) + 'b')" },
  {
    title: "multiplies giant numbers",
    source: "let a = 7n ** 100000n; for (;;) a = (a * a) % (2n ** 400000n)",
  },
  { title: "writes a giant number down", source: "for (;;) String(3n ** 200000n)" },
  {
    title: "draws random numbers for ever",
    source: "for (;;) crypto.getRandomValues(new Uint8Array(65536))",
  },
  {
    title: "parses addresses for ever",
    source: "for (;;) URL.parse('http://a/' + '../'.repeat(20000))",
  },
  {
    title: "normalises for ever",
    source: "const s = 'Å'.repeat(1e5); for (;;) s.normalize('NFD')",
  },
].map((one) => ({ ends, ...one }));

testAttacks("loop", SCRIPT_LOOPS, { cpuMs: 100 });
testAttacks("loop in native code", NATIVE_LOOPS, { cpuMs: 100 }, "each its own");

for (const source of ["for (;;);", "new Array(2 ** 32 - 1).join('x')"]) {
  Deno.test(`of two programs ${source} the one that may run for less time ends first`, async () => {
    const ended: number[] = [];
    await Promise.all([2500, 100].map(async (cpuMs) => {
      const sandbox = createTestSandbox();
      const { host } = createCountingHost();
      const outcome = await runIn(sandbox, source, { ...DEFAULT_LIMITS, cpuMs }, host);
      sandbox.close();
      assert.equal(outcome.kind === "failed" && outcome.failure.code, "runtime_timeout");
      ended.push(cpuMs);
    }));
    assert.deepEqual(ended, [100, 2500]);
  });
}
