import { type Attack, testAttacks } from "./sandbox_harness.ts";

/** Ways to the outside that other places have; here each must be `undefined`. */
const OUTSIDE = [
  "Deno",
  "process",
  "require",
  "module",
  "exports",
  "self",
  "window",
  "global",
  "globalThis.parent",
  "Worker",
  "SharedWorker",
  "postMessage",
  "onmessage",
  "close",
  "importScripts",
  "fetch",
  "XMLHttpRequest",
  "WebSocket",
  "EventSource",
  "Request",
  "Response",
  "BroadcastChannel",
  "MessageChannel",
  "WebAssembly",
  "navigator",
  "location",
  "localStorage",
  "caches",
  "indexedDB",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "requestAnimationFrame",
  "Buffer",
  "__dirname",
  "__filename",
  "Bun",
  "std",
  "os",
  "bjson",
  "scriptArgs",
  "print",
  "load",
  "loadScript",
  "gc",
  "readFile",
  "system",
  "Atomics",
  "ShadowRealm",
  "Temporal",
  "alert",
  "prompt",
  "confirm",
  "document",
  "crypto.subtle",
  "performance.memory",
  "host_call",
  "wasm_malloc",
  "qjs_eval",
];

const GETTERS: readonly (readonly [string, string])[] = [
  ["the global object of a made function", "Function('return this')()"],
  [
    "the global object of a made async function",
    "await (async () => {}).constructor('return globalThis')()",
  ],
  [
    "the global object of a made generator",
    "(function* () {}).constructor('return globalThis')().next().value",
  ],
  ["the global object of eval", "(0, eval)('this')"],
  ["this", "(function () { return this })()"],
  ["the constructor of the constructor of a tool", "echo.constructor.constructor('return this')()"],
  ["the constructor of an answer", "(await echo({})).constructor.constructor('return this')()"],
  [
    "the constructor of a failure",
    "(await refuse({}).catch((e) => e)).constructor.constructor('return this')()",
  ],
  ["the constructor of the console", "console.log.constructor('return this')()"],
  ["the constructor of the arguments", "args.constructor.constructor('return this')()"],
  ["the constructor of a URL", "URL.constructor('return this')()"],
  ["a callback of a native function", "[1].map(function () { return this })[0] ?? globalThis"],
];

const ATTACKS: readonly Attack[] = [
  {
    title: "looks for the outside by name",
    source: `return ${JSON.stringify(OUTSIDE)}.filter((name) => {
      try { return eval(name) !== undefined } catch { return false } })`,
    ends: { value: [] },
  },
  ...GETTERS.map(([title, source]) => ({
    title: `looks for the outside through ${title}`,
    source:
      `const g = ${source}; return [typeof g.Deno, typeof g.process, typeof g.fetch, g.Object === Object]`,
    ends: { value: ["undefined", "undefined", "undefined", true] },
    calls: /await (echo|refuse)/.test(source) ? 1 : 0,
  })),
  ...[
    "node:fs",
    "node:process",
    "file:///etc/passwd",
    "https://example.com/x.js",
    "npm:left-pad",
    "jsr:@std/fs",
    "./worker.ts",
    "data:text/javascript,export default 1",
    "std",
    "os",
    "qjs:os",
    "bjson",
    "",
  ].map((name) => ({
    title: `imports "${name}"`,
    source: `return (await import(${JSON.stringify(name)})).default`,
    ends: "runtime_execution_error" as const,
  })),
  {
    title: "imports by a made function",
    source: "return await new Function('return import(\"node:fs\")')()",
    ends: "runtime_execution_error",
  },
  {
    title: "imports with an attribute",
    source: "return await import('file:///etc/passwd', { with: { type: 'text' } })",
    ends: "runtime_execution_error",
  },
  {
    title: "looks at the stack for paths",
    source:
      "try { null.x } catch (e) { return /file:|\\/work|\\.ts|node:/.test(e.stack + e.message) }",
    ends: { value: false },
  },
  {
    title: "looks at a failed call for paths",
    source:
      "try { await refuse({}) } catch (e) { return [/file:|\\.ts|node:/.test(e.stack), Object.keys(e), e.name] }",
    ends: { value: [false, ["code"], "Error"] },
    calls: 1,
  },
  {
    title: "looks at a failed import for paths",
    source:
      "try { await import('x') } catch (e) { return /file:|\\.ts|node:/.test(e.stack + e.message) }",
    ends: { value: false },
  },
  {
    title: "measures time with a loop",
    source:
      "const a = [Date.now(), performance.now()]; for (let i = 0; i < 1e6; i++); return Date.now() - a[0] + performance.now() - a[1] + (new Date() - a[0])",
    ends: { value: 0 },
  },
  {
    title: "looks for the real time",
    source: "return [new Date().toISOString(), Date(), performance.timeOrigin]",
    ends: { value: ["2023-11-14T22:13:20.000Z", "Tue Nov 14 2023 22:13:20 GMT+0000", 0] },
    binary: "its time is the machine's",
  },
  {
    title: "looks for the host's zone",
    source: "return [new Date(0).getTimezoneOffset(), new Date(2020, 6, 1).toISOString()]",
    ends: { value: [0, "2020-07-01T00:00:00.000Z"] },
  },
  {
    title: "asks where the host is",
    source: "return [(1.5).toLocaleString(), new Date(0).toLocaleDateString()]",
    ends: { value: ["1.5", "01/01/1970"] },
  },
  {
    title: "pollutes prototypes",
    source:
      "Object.prototype.polluted = Array.prototype.polluted = Function.prototype.polluted = 'yes'; return 1",
    ends: { value: 1 },
  },
  {
    title: "leaves something behind",
    source: "globalThis.left = 1; Object.prototype.polluted = 1; echo.mark = 1; return 1",
    ends: { value: 1 },
  },
  {
    title: "calls its run twice by eval",
    source: "let n = 0; async function run() { return ++n } eval('run(args)')",
    ends: { value: 1 },
  },
  {
    title: "names the parts of the wrapper",
    source:
      "return [typeof watch, typeof end, typeof watchRun, typeof endRun, typeof _clamw, typeof _clame]",
    ends: { value: Array(6).fill("undefined") },
  },
  {
    title: "looks at the arguments of the wrapper",
    source: "return arguments.length",
    ends: ["runtime_execution_error", "script_syntax_error"],
  },
  { title: "returns through an HTML comment", source: "return 1 <!-- }", ends: { value: 1 } },
  {
    title: "looks for its source",
    source: "return run.toString().length > 0\nfunction run() {}",
    ends: { value: true },
  },
  {
    title: "shares memory",
    source: "return [new SharedArrayBuffer(8).byteLength, typeof Atomics]",
    ends: { value: [8, "undefined"] },
  },
  {
    title: "writes where engines were hurt before",
    source:
      "const a = new Uint8Array(8); const b = a.buffer; const d = b.transfer(0); return [a.length, a[0] === undefined, d.byteLength]",
    ends: { value: [0, true, 0] },
  },
  {
    title: "detaches while it sorts",
    source:
      "const a = new Uint32Array(1000).map((_, i) => -i); a.sort((x, y) => { try { a.buffer.transfer() } catch {} return x - y }); return a.length",
    ends: { value: 0 },
  },
  {
    title: "shrinks while it copies",
    source:
      "const b = new ArrayBuffer(1000, { maxByteLength: 2000 }); const a = new Uint8Array(b); a.set({ length: 900, get 0() { b.resize(1); return 1 } }); return a.length",
    ends: { value: 1 },
  },
  {
    title: "empties while it iterates",
    source: "const a = [1, 2, 3, 4]; return a.map((x, i) => { a.length = 0; return x }).length",
    ends: { value: 4 },
  },
  {
    title: "frees while it maps",
    source:
      "const m = new Map([[1, 1], [2, 2]]); for (const [k] of m) { m.clear(); if (m.size === 0 && k < 9) m.set(k + 1, 1) } return m.size",
    ends: { value: 0 },
  },
  {
    title: "changes a pattern while it matches",
    source:
      "const r = /a/y; r[Symbol.match]; let n = 0; 'aaa'.replace(/a/g, () => { r.compile?.('b'); n++; return '' }); return n",
    ends: { value: 3 },
  },
  {
    title: "lies about lengths",
    source:
      "const a = [1, 2, 3]; return a.concat({ length: 2 ** 32, [Symbol.isConcatSpreadable]: true, get 0() { a.length = 0; return 1 } }).length > 0",
    ends: ["runtime_execution_error", "runtime_timeout", "runtime_memory"],
  },
  {
    title: "reads outside a view",
    source: "const v = new DataView(new ArrayBuffer(8)); v.getUint32(2 ** 31)",
    ends: "runtime_execution_error",
  },
  {
    title: "slices with an evil species",
    source:
      "class A extends Uint8Array { static get [Symbol.species]() { return function () { return new Uint8Array(1) } } } new A(100).slice()",
    ends: "runtime_execution_error",
  },
];

testAttacks("look for a way out", ATTACKS, { cpuMs: 500 });
