import { type Attack, testAttacks } from "./sandbox_harness.ts";

const ends = "runtime_memory";

const BOMBS: readonly Attack[] = [
  { title: "keeps objects", source: "const a = []; for (;;) a.push({})" },
  { title: "keeps texts", source: "const a = []; for (;;) a.push('a'.repeat(1e6))" },
  { title: "keeps bytes", source: "const a = []; for (;;) a.push(new Uint8Array(1e6))" },
  { title: "keeps closures", source: "let f = () => 1; for (;;) { const g = f; f = () => g }" },
  { title: "keeps keys", source: "const o = {}; for (let i = 0;; i++) o['k' + i] = i" },
  { title: "fills a map", source: "const m = new Map(); for (let i = 0;; i++) m.set(i, { i })" },
  { title: "fills a set", source: "const s = new Set(); for (let i = 0;; i++) s.add('s' + i)" },
  { title: "keeps symbols", source: "const s = []; for (;;) s.push(Symbol('x'))" },
  { title: "keeps proxies", source: "const p = []; for (;;) p.push(new Proxy({}, {}))" },
  { title: "keeps weak references", source: "const w = []; for (;;) w.push(new WeakRef({}))" },
  {
    title: "registers for ever",
    source: "const f = new FinalizationRegistry(() => {}); for (;;) f.register({}, 'x'.repeat(99))",
  },
  { title: "keeps open promises", source: "const p = []; for (;;) p.push(new Promise(() => {}))" },
  { title: "queues reactions", source: "for (;;) Promise.resolve().then(() => {})" },
  { title: "queues microtasks", source: "for (;;) queueMicrotask(() => {})" },
  {
    title: "keeps rejected promises",
    source: "const p = []; for (;;) p.push(Promise.reject(new Error('x')))",
  },
  { title: "asks for a gigabyte at once", source: "new ArrayBuffer(2 ** 30)" },
  { title: "asks for shared memory", source: "new SharedArrayBuffer(1e8)" },
  {
    title: "grows a buffer",
    source: "new ArrayBuffer(1e6, { maxByteLength: 1e9 }).resize(9e8)",
  },
  { title: "repeats a text", source: "'a'.repeat(2 ** 29)" },
  { title: "pads a text", source: "'x'.padEnd(2 ** 29)" },
  { title: "fills a long array", source: "new Array(1e9).fill(0)" },
  { title: "makes an array from a length", source: "Array.from({ length: 2 ** 31 - 1 })" },
  { title: "spreads a long text", source: "[...'a'.repeat(1e7)]" },
  { title: "splits a long text", source: "'a'.repeat(5e6).split('')" },
  {
    title: "replaces short by long",
    source: "'a'.repeat(1e7).replace(/a/g, 'bbbbbbbbbbbbbbbb')",
  },
  {
    title: "collects endless entries",
    source: "Object.fromEntries((function* () { for (let i = 0;; i++) yield [i, i] })())",
  },
  { title: "nests without end", source: "let o = []; for (;;) o = [o]" },
  { title: "copies much", source: "structuredClone(Array.from({ length: 3e6 }, () => ({})))" },
  { title: "encodes much", source: "new TextEncoder().encode('a'.repeat(5e6) + 'a'.repeat(3e7))" },
  { title: "evaluates a giant text", source: "eval('[' + '1,'.repeat(3e6) + ']')" },
  { title: "writes giant JSON", source: "JSON.stringify(new Array(1e6).fill('a'.repeat(99)))" },
  { title: "joins a giant text", source: "new Array(3e6).fill('abcdefghijklmnop').join()" },
  {
    title: "fills everything and throws its last breath away",
    source: "const a = []; try { for (;;) a.push('a') } catch {} try { for (;;) a.push({}) } " +
      "catch {} const f = () => { for (;;) a.push([]) }; f()",
  },
].map((one) => ({ ends, ...one }));

const SURVIVORS: readonly Attack[] = [
  {
    title: "catches the end of its memory again and again",
    source: "const a = []; for (;;) { try { for (;;) a.push('a'.repeat(1e4)) } catch {} }",
    ends: "runtime_timeout",
    limits: { cpuMs: 500 },
  },
  {
    title: "catches the end of its memory and lets go",
    source: "let a = []; try { for (;;) a.push('a'.repeat(1e5)) } catch { a = null } return 'fine'",
    ends: { value: "fine" },
  },
  {
    title: "calls a tool with its memory full",
    source:
      "const a = []; try { for (;;) a.push('a'.repeat(1e5)) } catch {} return echo({ message: 'm' })",
    ends: { value: { message: "m" } },
    calls: 1,
  },
  {
    title: "returns something with its memory full",
    source: "globalThis.a = []; try { for (;;) a.push({}) } catch {} return 'done'",
    ends: { value: "done" },
  },
  {
    title: "draws a million random numbers in little memory",
    source: "let n = 0; for (let i = 0; i < 1.2e6; i++) n += Math.random(); return n > 0",
    ends: { value: true },
    limits: { memoryBytes: 8 * 1024 * 1024 },
  },
  {
    title: "looks for paths in an error of full memory",
    source: "const a = []; try { for (;;) a.push('a'.repeat(1e4)) } catch {} " +
      "try { for (;;) a.push(crypto.randomUUID()) } catch (e) { return /file:|\\.ts|node:/.test(e.stack) }",
    ends: { value: false },
  },
  {
    title: "doubles a text",
    source: "let s = 'a'; for (;;) s += s",
    ends: "runtime_execution_error",
  },
  {
    title: "doubles a number",
    source: "let n = 2n; for (;;) n *= n",
    ends: "runtime_execution_error",
  },
  { title: "asks for a giant number", source: "2n ** 100000000n", ends: "runtime_execution_error" },
  { title: "asks for too long an array", source: "new Array(-1)", ends: "runtime_execution_error" },
  {
    title: "asks for too long a text",
    source: "'a'.repeat(2 ** 30)",
    ends: "runtime_execution_error",
  },
  {
    title: "compiles a giant pattern",
    source: "new RegExp('a'.repeat(1e7))",
    ends: ["runtime_execution_error", "runtime_memory"],
  },
  {
    title: "throws a giant message",
    source: "throw new Error('a'.repeat(3e6))",
    ends: "runtime_execution_error",
  },
];

testAttacks("eat memory", BOMBS, { cpuMs: 5000, memoryBytes: 12 * 1024 * 1024 });
testAttacks("survive full memory", SURVIVORS, { cpuMs: 5000, memoryBytes: 24 * 1024 * 1024 });
