import { type Attack, testAttacks } from "./sandbox_harness.ts";

const failed = "runtime_execution_error" as const;
const MIB = 2 ** 20;

const RESULTS: readonly Attack[] = [
  { title: "returns a function", source: "return () => 1", ends: failed },
  { title: "returns a symbol", source: "return Symbol('x')", ends: failed },
  { title: "returns a big integer", source: "return 1n", ends: failed },
  { title: "returns a cycle", source: "const a = []; a.push(a); return a", ends: failed },
  {
    title: "returns a throwing getter",
    source: "return { get a() { throw new Error('no') } }",
    ends: failed,
  },
  {
    title: "returns a throwing toJSON",
    source: "return { toJSON() { throw null } }",
    ends: failed,
  },
  { title: "returns a toJSON of nothing", source: "return { toJSON() {} }", ends: failed },
  {
    title: "returns a proxy that throws",
    source: "return new Proxy({}, { ownKeys() { throw 1 } })",
    ends: failed,
  },
  {
    title: "returns a proxy with a million keys",
    source:
      "return new Proxy({}, { ownKeys: () => Array.from({ length: 1e6 }, (_, i) => 'k' + i), getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }) })",
    ends: ["runtime_timeout", "runtime_memory", "output_too_large"],
  },
  {
    title: "returns an array without end",
    source: "return { length: 2 ** 53 - 1, ...[], toJSON() { return new Array(2 ** 32 - 1) } }",
    ends: ["runtime_timeout", "runtime_memory", "output_too_large"],
  },
  {
    title: "returns too much text",
    source: "return 'a'.repeat(100_001)",
    ends: "output_too_large",
    binary: { source: "return 'a'.repeat(4_200_000)" },
  },
  {
    title: "returns too many umlauts",
    source: "return 'ä'.repeat(60_000)",
    ends: "output_too_large",
    binary: { source: "return 'ä'.repeat(2_200_000)" },
  },
  {
    title: "returns too many zeros",
    source: "return '\\0'.repeat(20_000)",
    ends: "output_too_large",
    binary: { source: "return '\\0'.repeat(800_000)" },
  },
  {
    title: "returns too many objects",
    source: "return Array.from({ length: 60_000 }, () => ({}))",
    ends: "output_too_large",
    binary: { source: "return Array(2_000_000).fill({})" },
  },
  {
    title: "returns much more than too much",
    source: "return 'a'.repeat(2e7)",
    ends: "output_too_large",
    limits: { cpuMs: 10_000 }, // on a busy machine the time would be over first
  },
  {
    title: "returns a prototype key",
    source: 'return JSON.parse(\'{"__proto__":{"polluted":1}}\')',
    ends: { value: JSON.parse('{"__proto__":{"polluted":1}}') },
  },
  {
    title: "returns a promise of a promise",
    source: "return Promise.resolve(Promise.resolve(1))",
    ends: { value: 1 },
  },
  {
    title: "returns a thenable",
    source: "return { then(r) { r(1); r(2); throw 3 } }",
    ends: { value: 1 },
  },
  {
    title: "returns after it tampered with JSON",
    source: "JSON.stringify = () => 'null'; Array.prototype.toJSON = () => 1; return { a: 1 }",
    ends: { value: { a: 1 } },
  },
  { title: "returns half a character", source: "return '\\udfff'", ends: { value: "\udfff" } },
  {
    title: "is larger than allowed",
    source: `/*${"a".repeat(100_001)}*/`,
    ends: "script_too_large",
    binary: { source: `/*${"a".repeat(MIB / 4)}*/` },
  },
  {
    title: "has more bytes than allowed",
    source: `/*${"ä".repeat(60_000)}*/`,
    ends: "script_too_large",
    binary: { source: `/*${"ä".repeat(MIB / 8)}*/` },
  },
];

const CONSOLE: readonly Attack[] = [
  {
    title: "prints too much at once",
    source: "console.log('a'.repeat(1e7)); return 1",
    ends: { value: 1 },
  },
  {
    title: "prints too many lines",
    source: "for (let i = 0; i < 1e5; i++) console.log('abc'); return 1",
    ends: { value: 1 },
  },
  {
    title: "prints empty lines",
    source: "for (let i = 0; i < 3e5; i++) console.log(); return 1",
    ends: { value: 1 },
  },
  {
    title: "prints many values",
    source: "console.log(...new Array(5e4).fill('x')); return 1",
    ends: { value: 1 },
  },
  { title: "prints umlauts", source: "console.log('ä'.repeat(1e6)); return 1", ends: { value: 1 } },
  {
    title: "prints what throws",
    source: "console.log({ toJSON() { throw 1 } }, new Proxy({}, { get() { throw 1 } })); return 1",
    ends: { value: 1 },
  },
  { title: "prints a cycle", source: "console.log(globalThis); return 1", ends: { value: 1 } },
  {
    title: "prints every kind",
    source:
      "console.log(1n, Symbol(), null, undefined, () => 1, new Error('x'), NaN, -0, new Map()); return 1",
    ends: { value: 1 },
  },
  {
    title: "prints while it prints",
    source: "console.log({ toJSON() { console.log('inner'); return 1 } }); return 1",
    ends: { value: 1 },
  },
  {
    title: "replaces the console",
    source: "try { console.log = () => { throw 1 } } catch {} console.log('x'); return 1",
    ends: { value: 1 },
  },
];

testAttacks("return what cannot be", RESULTS, {
  cpuMs: 1000,
  outputBytes: 100_000,
  sourceBytes: 100_000,
});
testAttacks("print what they like", CONSOLE, { cpuMs: 5000 });
