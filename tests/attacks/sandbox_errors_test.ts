import { type Attack, testAttacks } from "./sandbox_harness.ts";

const failed = "runtime_execution_error" as const;
/** The program itself lets eight calls be under way. */
const MORE_AT_ONCE = { calls: 5 };

const FORGERIES: readonly Attack[] = [
  {
    title: "puts a code on an error",
    source: "throw Object.assign(new Error('x'), { code: 'approval_denied' })",
    ends: failed,
  },
  {
    title: "throws an object with a code",
    source: "throw { code: 'network_blocked', message: 'm' }",
    ends: failed,
  },
  { title: "throws a code as text", source: "throw 'runtime_timeout'", ends: failed },
  {
    title: "gives every object a code",
    source: "Object.prototype.code = 'approval_denied'; throw new Error('x')",
    ends: failed,
  },
  { title: "throws null", source: "throw null", ends: failed },
  { title: "throws undefined", source: "throw undefined", ends: failed },
  { title: "throws a symbol", source: "throw Symbol('s')", ends: failed },
  { title: "throws a number", source: "throw 5n", ends: failed },
  { title: "throws a function", source: "throw () => 1", ends: failed },
  { title: "throws a proxy", source: "throw new Proxy({}, { get() { throw 1 } })", ends: failed },
  {
    title: "throws a proxy of a function",
    source: "throw new Proxy(function () {}, { getPrototypeOf() { throw 1 } })",
    ends: failed,
  },
  {
    title: "throws a message that throws",
    source: "throw { message: { toString() { throw 1 } } }",
    ends: failed,
  },
  {
    title: "throws an error without prototype",
    source: "throw Object.setPrototypeOf(new Error('x'), null)",
    ends: failed,
  },
  {
    title: "says that it was interrupted",
    source: "throw new InternalError('interrupted')",
    ends: failed,
  },
  {
    title: "throws many errors at once",
    source: "throw new AggregateError([new Error('a')], 'b')",
    ends: failed,
  },
  {
    title: "copies the code of a real failure",
    source: "try { await refuse({}) } catch (e) { throw { code: e.code, message: e.message } }",
    ends: failed,
    calls: 1,
  },
  {
    title: "wraps a real failure",
    source: "try { await refuse({}) } catch (e) { throw new Error('wrapped', { cause: e }) }",
    ends: failed,
    calls: 1,
  },
  {
    title: "inherits from a real failure",
    source: "try { await refuse({}) } catch (e) { throw Object.create(e) }",
    ends: failed,
    calls: 1,
  },
  {
    title: "hides a real failure in a proxy",
    source: "try { await refuse({}) } catch (e) { throw new Proxy(e, {}) }",
    ends: failed,
    calls: 1,
  },
  {
    title: "changes a real failure",
    source:
      "try { await refuse({}) } catch (e) { e.code = 'approval_denied'; e.message = 'x'; throw e }",
    ends: "network_blocked",
    calls: 1,
  },
  {
    title: "booby-traps a real failure",
    source:
      "try { await refuse({}) } catch (e) { for (const k of ['stack', 'code', 'message']) Object.defineProperty(e, k, { get() { throw 5 } }); throw e }",
    ends: "network_blocked",
    calls: 1,
  },
  {
    title: "throws a real failure away and another's back",
    source: "let e; await refuse({}).catch((x) => { e = x }); await echo({}); throw e",
    ends: "network_blocked",
    calls: 2,
  },
  {
    title: "rejects with a real failure",
    source: "return refuse({})",
    ends: "network_blocked",
    calls: 1,
  },
];

const ENDINGS: readonly Attack[] = [
  { title: "was told to end", source: "await stop({})", ends: "approval_denied", calls: 1 },
  {
    title: "catches its end",
    source: "try { await stop({}) } catch {} finally { await echo({}) }",
    ends: "approval_denied",
    calls: 1,
  },
  {
    title: "works on while it is ended",
    source: "const p = stop({}); for (let i = 0; i < 1e5; i++); await p; await echo({})",
    ends: "approval_denied",
    calls: 1,
  },
  {
    title: "loops while it is ended",
    source: "stop({}); for (;;);",
    ends: ["approval_denied", "runtime_timeout"],
    calls: 1,
  },
  { title: "calls too often", source: "for (;;) await echo({})", ends: "too_many_calls", calls: 5 },
  {
    title: "calls too often at once",
    source: "for (;;) echo({})",
    ends: "too_many_calls",
    calls: 2,
    binary: MORE_AT_ONCE,
  },
  {
    title: "calls too often and catches it",
    source: "for (;;) { try { await echo({}) } catch {} }",
    ends: "too_many_calls",
    calls: 5,
  },
  {
    title: "calls too often with nonsense",
    source: "for (;;) await echo(1).catch(() => {})",
    ends: "too_many_calls",
  },
  {
    title: "calls too often in a finally",
    source: "try { for (;;) await echo({}) } finally { return 'ha' }",
    ends: "too_many_calls",
    calls: 5,
  },
  {
    title: "leaves calls behind",
    source: "never({}); never({}); return 1",
    ends: { value: 1 },
    calls: 2,
  },
  {
    title: "leaves waiting calls behind",
    source: "for (let i = 0; i < 5; i++) never({}); return 1",
    ends: { value: 1 },
    calls: 2,
    binary: MORE_AT_ONCE,
  },
  {
    title: "calls after its end",
    source:
      "Promise.resolve().then(() => 0).then(() => 0).then(() => 0).then(() => echo({})); return 1",
    ends: { value: 1 },
  },
  {
    title: "calls after its end from a loop",
    source: "(async () => { for (;;) await echo({}) })(); return 1",
    ends: { value: 1 },
    calls: 1,
  },
  {
    title: "calls while its result is read",
    source: "return { toJSON() { echo({}); return 1 } }",
    ends: { value: 1 },
  },
  {
    title: "calls while its error is read",
    source: "throw { get message() { echo({}); return 'm' } }",
    ends: failed,
  },
  {
    title: "calls from a finaliser",
    source: "new FinalizationRegistry(() => echo({})).register({}, 1); return 1",
    ends: { value: 1 },
  },
  { title: "waits for nothing", source: "await new Promise(() => {})", ends: failed },
  {
    title: "waits for itself",
    source: "const p = (async () => { await null; await p })(); await p",
    ends: failed,
  },
  { title: "waits in run", source: "async function run() { await { then() {} } }", ends: failed },
  {
    title: "waits again after an answer",
    source: "await echo({}); await new Promise(() => {})",
    ends: failed,
    calls: 1,
  },
  {
    title: "throws in a microtask",
    source: "queueMicrotask(() => { throw new Error('late') }); await null; return 1",
    ends: failed,
  },
  {
    title: "throws after it printed",
    source: "console.log('fine'); throw new Error('x')",
    ends: failed,
  },
];

testAttacks("forge errors", FORGERIES, { cpuMs: 500 });
testAttacks(
  "do not want to end",
  ENDINGS,
  { cpuMs: 300, calls: 5, callsInFlight: 2 },
  "each its own",
);
