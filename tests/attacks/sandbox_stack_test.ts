import { type Attack, testAttacks } from "./sandbox_harness.ts";

const DEEP = "let o = {}; for (let i = 0; i < 1e5; i++) o = { o };";

const STACK: readonly Attack[] = [
  { title: "calls itself", source: "function f() { f() } f()" },
  { title: "calls itself in a getter", source: "const o = { get a() { return o.a } }; o.a" },
  { title: "calls itself in a proxy", source: "new Proxy({}, { get: (t, k, r) => r[k] }).a" },
  { title: "calls itself in toString", source: "const a = { toString: () => `${a}` }; `${a}`" },
  { title: "constructs itself", source: "class A { constructor() { new A() } } new A()" },
  { title: "awaits itself", source: "async function f() { await f() } await f()" },
  { title: "evaluates itself", source: "const f = () => eval('f()'); f()" },
  { title: "maps itself", source: "const f = () => [1].map(f); f()" },
  { title: "replaces itself", source: "const f = () => 'a'.replace(/a/, f); f()" },
  { title: "serialises itself", source: "const f = () => JSON.stringify({ toJSON: f }); f()" },
  { title: "yields itself", source: "function* f() { yield* f() } [...f()]" },
  { title: "returns a deep value", source: `${DEEP} return o` },
  { title: "prints a deep value", source: `${DEEP} console.log(o)` },
  { title: "sends a deep value", source: `${DEEP} await echo(o)` },
  { title: "copies a deep value", source: `${DEEP} structuredClone(o)` },
  {
    title: "flattens a deep array",
    source: "let a = []; for (let i = 0; i < 1e5; i++) a = [a]; a.flat(1 / 0)",
  },
  {
    title: "joins a deep array",
    source: "let a = []; for (let i = 0; i < 1e5; i++) a = [a]; `${a}`",
  },
  { title: "reads deep JSON", source: "JSON.parse('['.repeat(1e6))" },
  { title: "evaluates deep negation", source: "eval('!'.repeat(1e6) + 1)" },
  { title: "evaluates deep templates", source: "eval('`${'.repeat(1e5) + '}`'.repeat(1e5))" },
  {
    title: "chains proxies",
    source: "let p = {}; for (let i = 0; i < 5e4; i++) p = new Proxy(p, {}); p.x",
  },
].map((one) => ({ ends: "runtime_stack" as const, ...one }));

const PARSERS: readonly Attack[] = [
  { title: "is a deep array", source: `return ${"[".repeat(5e4)}${"]".repeat(5e4)}` },
  { title: "is a deep negation", source: `return ${"!".repeat(1e5)}1` },
  { title: "is a deep bracket", source: `return ${"(".repeat(1e5)}1${")".repeat(1e5)}` },
  { title: "is a deep block", source: `${"{".repeat(1e5)}${"}".repeat(1e5)}` },
  { title: "is a deep function", source: `${"()=>".repeat(6e4)}1` },
  { title: "is a deep condition", source: `${"if(1)".repeat(5e4)};` },
  { title: "closes the function around it", source: "return 1 }" },
  { title: "closes and reopens the function around it", source: "})(); (async () => {" },
  { title: "closes everything around it", source: "}})}}))}; while (1); ((((({{" },
  { title: "ends a comment that is none", source: "*/ return 1" },
  { title: "opens a comment", source: "return 1 /*" },
  { title: "opens a template", source: "return `${" },
  { title: "closes behind a line separator", source: "return 1\u2028}" },
  { title: "imports", source: "import fs from 'node:fs'" },
  { title: "exports", source: "export async function run() {}" },
  { title: "asks for import.meta", source: "return import.meta.url" },
  { title: "asks for super", source: "return super.constructor" },
  { title: "asks for new.target", source: "return new.target" },
  { title: "holds a zero character", source: "return 1\u0000" },
  { title: "has an unfinished pattern", source: "return /(/" },
].map((one) => ({ ends: "script_syntax_error" as const, ...one }));

const ENGINE: readonly Attack[] = [
  {
    title: "nests a pattern deeply",
    source: "new RegExp('(?:'.repeat(1e5) + ')'.repeat(1e5))",
    ends: ["runtime_execution_error", "runtime_stack"],
  },
  {
    title: "captures too much",
    source: "new RegExp('()'.repeat(1e5))",
    ends: "runtime_execution_error",
  },
  {
    title: "evaluates nonsense",
    source: "eval('function f(){'.repeat(1e5))",
    ends: ["runtime_execution_error", "runtime_stack"],
  },
  {
    title: "binds a function deeply",
    source: "let f = (x) => x; for (let i = 0; i < 1e5; i++) f = f.bind(null); f()",
    ends: ["runtime_memory", "runtime_stack"],
  },
  {
    title: "recurses while it catches",
    source: "const f = () => { try { f() } catch { f() } }; f()",
    ends: ["runtime_timeout", "runtime_stack"],
  },
  {
    title: "chains prototypes",
    source:
      "let o = {}; for (let i = 0; i < 1e5; i++) o = Object.create(o); return o.x === undefined",
    ends: { value: true },
  },
  {
    title: "comes back from the end of its stack",
    source: "const f = () => f(); try { f() } catch (e) { return e.name }",
    ends: { value: "RangeError" },
  },
  {
    title: "is not as deep as it looks",
    source: "const f = (n) => n ? f(n - 1) : 'bottom'; return f(900)",
    ends: { value: "bottom" },
  },
];

testAttacks("use up the stack", STACK, { cpuMs: 1000 });
testAttacks("are no programs", PARSERS, { cpuMs: 1000 });
testAttacks("strain the engine", ENGINE, { cpuMs: 500 });
