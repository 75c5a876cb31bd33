import { type Attack, testAttacks } from "./sandbox_harness.ts";

const CALL = "return await echo({ message: 'm' });";
const ANSWER = { message: "m" };
/** The real tool takes nothing but a message, and says so. */
const FUSSY = { ends: "tool_arguments_invalid" } as const;
const TRY = "try { await refuse({}) } catch (e) { return [e.code, e.message] }";
const REFUSED = ["network_blocked", "The test blocks everything"];

/** What a program overwrites before an honest call, which must go through as it is. */
const TAMPERING: readonly (readonly [title: string, source: string])[] = [
  ["replaces JSON.stringify", "JSON.stringify = () => '{\"a\":2}';"],
  ["replaces JSON.parse", "JSON.parse = () => ({ forged: 1 });"],
  ["replaces JSON", "globalThis.JSON = { parse() {}, stringify() {} };"],
  ["replaces Promise", "globalThis.Promise = class {};"],
  ["replaces Promise.prototype.then", "Promise.prototype.then = () => { throw 1 };"],
  [
    "makes then a getter",
    "Object.defineProperty(Promise.prototype, 'then', { get() { throw 1 } });",
  ],
  [
    "replaces the constructor of promises",
    "Promise.prototype.constructor = function () { throw 1 };",
  ],
  ["sets a species", "Object.defineProperty(Promise, Symbol.species, { get() { throw 1 } });"],
  ["replaces Promise.resolve", "Promise.resolve = () => { throw 1 };"],
  ["replaces Reflect", "Reflect.apply = Reflect.defineProperty = () => { throw 1 };"],
  [
    "replaces call and apply",
    "Function.prototype.call = Function.prototype.apply = () => { throw 1 };",
  ],
  ["replaces bind", "Function.prototype.bind = () => { throw 1 };"],
  ["replaces iteration", "Array.prototype[Symbol.iterator] = () => { throw 1 };"],
  [
    "replaces array methods",
    "for (const k of Object.getOwnPropertyNames(Array.prototype)) if (k !== 'length') try { Array.prototype[k] = () => { throw 1 } } catch {}",
  ],
  [
    "replaces text methods",
    "for (const k of Object.getOwnPropertyNames(String.prototype)) if (k !== 'length') String.prototype[k] = () => { throw 1 };",
  ],
  [
    "replaces object methods",
    "for (const k of Object.getOwnPropertyNames(Object)) try { Object[k] = () => { throw 1 } } catch {}",
  ],
  ["replaces Error", "globalThis.Error = class { constructor() { throw 1 } };"],
  ["hooks stacks", "try { Error.prepareStackTrace = () => { throw 1 } } catch {}"],
  ["cuts stacks", "Error.stackTraceLimit = 0;"],
  [
    "sets a getter on every object",
    "Object.defineProperty(Object.prototype, 'resolve', { get() { throw 1 }, set() { throw 1 } });",
  ],
  [
    "sets a number key on every object",
    "Object.defineProperty(Object.prototype, '1', { get() { throw 1 }, set() { throw 1 } });",
  ],
  [
    "sets descriptor keys on every object",
    "Object.prototype.get = () => 1; Object.prototype.set = () => 1; Object.prototype.writable = false;",
  ],
  [
    "gives every text a toJSON",
    "String.prototype.toJSON = Number.prototype.toJSON = () => 'forged';",
  ],
  [
    "puts a proxy behind the global object",
    "Object.setPrototypeOf(globalThis, new Proxy({}, { get() { throw 1 } }));",
  ],
  ["seals the global object", "Object.preventExtensions(globalThis);"],
  [
    "freezes everything",
    "for (const k of Object.getOwnPropertyNames(globalThis)) try { Object.freeze(globalThis[k]); Object.freeze(globalThis[k].prototype) } catch {}",
  ],
  [
    "deletes everything",
    "for (const k of Reflect.ownKeys(globalThis)) try { delete globalThis[k] } catch {}",
  ],
  [
    "replaces typed arrays",
    "globalThis.Uint8Array = globalThis.Uint32Array = class { constructor() { throw 1 } };",
  ],
  ["replaces Symbol", "globalThis.Symbol = Object.assign(() => 1, { iterator: 1 });"],
  ["replaces Map and WeakMap", "Map.prototype.get = WeakMap.prototype.get = () => { throw 1 };"],
];

const ATTACKS: readonly Attack[] = [
  ...TAMPERING.map(([title, source]) => ({
    title,
    source: `${source} ${CALL}`,
    ends: { value: ANSWER },
    calls: 1,
  })),
  ...TAMPERING.map(([title, source]) => ({
    title: `${title} and hopes for an error`,
    source: `${source} ${TRY}`,
    ends: { value: REFUSED },
    calls: 1,
  })),
  {
    title: "replaces the tool",
    source: `try { echo = () => 1 } catch {} ${CALL}`,
    ends: { value: ANSWER },
    calls: 1,
  },
  {
    title: "deletes the tool",
    source: `delete globalThis.echo; ${CALL}`,
    ends: { value: ANSWER },
    calls: 1,
  },
  {
    title: "redefines the tool",
    source: "Object.defineProperty(globalThis, 'echo', { value: 1 })",
    ends: "runtime_execution_error",
  },
  {
    title: "gives every object a toJSON",
    source:
      `Object.prototype.toJSON = () => ({ message: "m" }); return await echo({ message: "5" })`,
    ends: { value: ANSWER },
    calls: 1,
  },
  {
    title: "makes every object a thenable",
    source: "Object.prototype.then = (r) => r('mine'); return await echo({})",
    ends: { value: "mine" },
    calls: 1,
  },
  {
    title: "looks while answers are read",
    source:
      "let n = 0; Object.defineProperty(Object.prototype, 'then', { get() { n++ } }); await echo({}); return n > 0",
    ends: { value: true },
    calls: 1,
  },
  {
    title: "asks the tool for its caller",
    source: "return echo.caller",
    ends: "runtime_execution_error",
  },
  {
    title: "asks the tool for its arguments",
    source: "return echo.arguments",
    ends: "runtime_execution_error",
  },
  {
    title: "asks the stack for functions",
    source:
      "let got; try { Error.prepareStackTrace = (e, s) => { got = s } } catch {} await echo({ toJSON() { new Error().stack; return { message: 'm' } } }); return got === undefined",
    ends: { value: true },
    calls: 1,
  },
  { title: "constructs the tool", source: "new echo({})", ends: "runtime_execution_error" },
  {
    title: "uses the tool's constructor",
    source: "return typeof echo.constructor('return this')().Deno",
    ends: { value: "undefined" },
  },
  {
    title: "calls a tool that it did not declare",
    source: "await secrets_add({})",
    ends: "runtime_execution_error",
  },
  {
    title: "looks for tools by name",
    source: "return ['web_fetch', 'time', '__proto__x', 'call'].map((n) => typeof globalThis[n])",
    ends: { value: ["undefined", "undefined", "undefined", "undefined"] },
  },
  {
    title: "walks everything for functions of the host",
    source: `
    const seen = new Set();
    const walk = (o, d) => {
      if ((typeof o !== "object" || o === null) && typeof o !== "function" || seen.has(o) || d > 8) return;
      seen.add(o);
      for (const k of Reflect.ownKeys(o)) {
        const p = Object.getOwnPropertyDescriptor(o, k);
        for (const v of [p.value, p.get, p.set]) walk(v, d + 1);
      }
      walk(Object.getPrototypeOf(o), d + 1);
    };
    walk(globalThis, 0);
    return [...seen].filter((o) => typeof o === "function").map((o) => o.name)
      .filter((n) => /^(print|report|entropy|url|callTool|settle|begin|start|finish|explain)$/.test(n))`,
    ends: { value: [] },
  },
];

const ARGUMENTS: readonly Attack[] = [
  ...([
    ["null", "null"],
    ["a text", "'x'"],
    ["an array", "[1]"],
    ["two objects", "{}, {}"],
    ["a function", "() => 1"],
    ["a big integer", "1n"],
    ["a symbol", "Symbol()"],
    ["a date", "new Date(0)"],
    ["a big integer inside", "{ a: 1n }"],
    ["a throwing getter", "{ get a() { throw 1 } }"],
    ["a toJSON that gives text", "{ toJSON() { return 'x' } }"],
    ["a toJSON that gives nothing", "{ toJSON() {} }"],
    ["a proxy that throws", "new Proxy({}, { ownKeys() { throw 1 } })"],
    [
      "a revoked proxy",
      "(() => { const p = Proxy.revocable({}, {}); p.revoke(); return p.proxy })()",
    ],
    ["a cycle", "(() => { const a = {}; a.a = a; return a })()"],
    ["a prototype key", "{ ['__proto__']: { polluted: 1 } }"],
    ["a prototype key deep inside", 'JSON.parse(\'{"a":[{"__proto__":{"polluted":1}}]}\')'],
    [
      "a deep object",
      "(() => { let o = {}; for (let i = 0; i < 300; i++) o = { o }; return o })()",
    ],
    ["300 KB", "{ a: 'a'.repeat(300_000) }"],
    ["300 KB of umlauts", "{ a: 'ä'.repeat(150_000) }"],
    ["300 KB of zeros", "{ a: '\\0'.repeat(50_000) }"],
  ] as const).map(([title, source]) => ({
    title: `sends ${title}`,
    source: `return await echo(${source}).catch((e) => e.code)`,
    ends: { value: "tool_arguments_invalid" },
  })),
  {
    title: "sends nothing",
    source: "return await echo()",
    ends: { value: {} },
    calls: 1,
    binary: FUSSY,
  },
  {
    title: "sends undefined",
    source: "return await echo(undefined)",
    ends: { value: {} },
    calls: 1,
    binary: FUSSY,
  },
  {
    title: "sends a map",
    source: "return await echo(new Map([[1, 2]]))",
    ends: { value: {} },
    calls: 1,
    binary: FUSSY,
  },
  {
    title: "sends what JSON cannot say",
    source: "return await echo({ a: undefined, b() {}, c: NaN, d: [undefined] })",
    ends: { value: { c: null, d: [null] } },
    calls: 1,
    binary: FUSSY,
  },
  {
    title: "sends half a character",
    source: "return await echo({ message: '\\ud800' })",
    ends: { value: { message: "\ud800" } },
    calls: 1,
  },
  {
    title: "sends something that changes when it is read",
    source: "let n = 0; return await echo({ get a() { return n++ }, get b() { return n++ } })",
    ends: { value: { a: 0, b: 1 } },
    calls: 1,
    binary: FUSSY,
  },
  {
    title: "sends names of a prototype",
    source: "return await echo({ constructor: { prototype: 1 }, then: 1, length: 5 })",
    ends: { value: { constructor: { prototype: 1 }, then: 1, length: 5 } },
    calls: 1,
    binary: FUSSY,
  },
  {
    title: "changes what it sent",
    source: "const o = { message: 'm' }; const p = echo(o); o.message = 'n'; return await p",
    ends: { value: ANSWER },
    calls: 1,
  },
  {
    title: "calls within an argument",
    source: "await echo({ toJSON() { echo({}); return { message: 'm' } } })",
    ends: { value: undefined },
    calls: 2,
  },
];

testAttacks("tamper with the bridge", ATTACKS, { cpuMs: 500 });
testAttacks("send what is no object", ARGUMENTS, { cpuMs: 500 });
