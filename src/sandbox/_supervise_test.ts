import assert from "node:assert/strict";
import fc from "fast-check";
import type { RunOutcome } from "../domain/turn.ts";
import { createWorkerHost, workersOf } from "../platform/worker_host.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import type { Limits, RefusedCall, ToolHost } from "./sandbox.ts";
import { supervise } from "./_supervise.ts";

// The worker is the second wall: here it has fallen, and its script is the attacker's own.

const NOW = 5;

/** Runs a worker without permissions whose script is `script`; `say` sends what it likes. */
async function runHostile(script: string, host: ToolHost, limits: Partial<Limits> = {}) {
  const source = `onmessage = ({ data: port }) => {
    const say = (m) => port.postMessage(typeof m === "string" ? m : JSON.stringify(m));
    port.onmessage = ({ data }) => { const order = JSON.parse(data); ${script} };
  };`;
  const clam = new URL(`data:text/javascript,${encodeURIComponent(source)}`);
  const worker = await workersOf(createWorkerHost({ clam })).start("clam");
  return await supervise(
    { worker, stop: new Int32Array(new SharedArrayBuffer(4)) },
    {
      type: "run",
      source: "",
      args: {},
      tools: [{ tool: "echo", name: "echo" }],
      seed: "",
      now: NOW,
      timezoneOffset: 0,
      limits: { ...DEFAULT_LIMITS, cpuMs: 60_000, ...limits },
    },
    host,
    new AbortController().signal,
  );
}

const codeOf = (outcome: RunOutcome) => outcome.kind === "failed" ? outcome.failure.code : "";
const echo: ToolHost = ({ args }) => Promise.resolve({ kind: "result", value: args, now: NOW });
const call = (id: number, more = "") =>
  `say({ type: "call", id: ${id}, tool: "echo", args: "{}" ${more} });`;

/** What a worker may not say, and never gets a call through by it. */
const LIES: Record<string, string> = {
  "text that is no JSON": `say("hello");`,
  "an object": `port.postMessage({ type: "done" });`,
  "a number": `port.postMessage(5);`,
  "something on the channel of its thread": `self.postMessage("hello");`,
  "an unknown type": `say({ type: "exec", command: "ls" });`,
  "an array": `say([{ type: "done" }]);`,
  "ready once more": `say({ type: "ready" });`,
  "a failure with a code of its own":
    `say({ type: "failed", code: "approval_denied", message: "" });`,
  "a failure of a call that never was": `say({ type: "failed_call", id: 7 });`,
  "a failure on line -1": `say({ type: "failed", code: "runtime_memory", message: "", line: -1 });`,
  "a value that is no JSON": `say({ type: "done", value: "{" });`,
  "a value that is no text": `say({ type: "done", value: { a: 1 } });`,
  "rest before work": `say({ type: "rest", seen: 2, cpuMs: 0 });`,
  "rest with less time than none": `say({ type: "rest", seen: 1, cpuMs: -1 });`,
  "rest twice":
    `say({ type: "rest", seen: 1, cpuMs: 0 }); say({ type: "rest", seen: 1, cpuMs: 0 });`,
  "call number 2 first": call(2),
  "a call without arguments": `say({ type: "call", id: 1, tool: "echo" });`,
  "a refusal of its own": `say({ type: "call", id: 1, tool: "echo", args: { refused: "x" } });`,
  "a tool that is no text": `say({ type: "call", id: 1, tool: ["echo"], args: "{}" });`,
  "lines that are no text": `say({ type: "printed", lines: [1] });`,
  "something that throws": `throw new Error("down");`,
  "something that rejects": `Promise.reject(new Error("down"));`,
};

for (const [lie, script] of Object.entries(LIES)) {
  Deno.test(`a worker that sends ${lie} ends its run as runtime_broken`, async () => {
    const outcome = await runHostile(script, () => assert.fail("a call got through"));
    assert.equal(codeOf(outcome), "runtime_broken", JSON.stringify(outcome));
  });
}

Deno.test("a worker cannot call what its program has not declared", async () => {
  for (const tool of ["fs", "__proto__", "constructor", "echo ", "toString", ""]) {
    const script = `say({ type: "call", id: 1, tool: ${JSON.stringify(tool)}, args: "{}" });`;
    const outcome = await runHostile(script, () => assert.fail("a call got through"));
    assert.equal(codeOf(outcome), "undeclared_tool", tool);
  }
});

Deno.test("a worker cannot call more often, or more at once, than allowed", async () => {
  let calls = 0;
  const never: ToolHost = () => (calls++, new Promise(() => {}));
  const script = Array.from({ length: 9 }, (_, i) => call(i + 1)).join("");
  const crowd = await runHostile(script, never, { callsInFlight: 3 });
  assert.deepEqual([codeOf(crowd), calls], ["runtime_broken", 3]);
  const many = await runHostile(
    `globalThis.id ??= 0; id++; say({ type: "rest", seen: id, cpuMs: 0 });
     say({ type: "call", id, tool: "echo", args: "{}" });`,
    (request, signal) => (calls++, echo(request, signal)),
    { calls: 4 },
  );
  assert.deepEqual([codeOf(many), calls], ["too_many_calls", 3 + 4]);
});

Deno.test("a worker cannot send arguments that the host would not take", async () => {
  const bad = ["", "[]", "1", "{", "null", '{"__proto__":1}', `{"a":"${"x".repeat(300_000)}"}`];
  for (const args of bad) {
    const script = `if (order.type === "run") {
        say({ type: "call", id: 1, tool: "echo", args: ${JSON.stringify(args)} });
      } else say({ type: "done", value: JSON.stringify(order.answer.code) });`;
    const refused: string[] = [];
    const host = Object.assign((): Promise<never> => assert.fail("a call got through"), {
      refused: ({ failure }: RefusedCall) => Promise.resolve(refused.push(failure.code)),
    });
    const outcome = await runHostile(script, host);
    assert.deepEqual(refused, ["tool_arguments_invalid"]);
    const value = outcome.kind === "completed" && outcome.value;
    assert.equal(value, "tool_arguments_invalid", args.slice(0, 40));
  }
});

Deno.test("a worker cannot print or return more than allowed", async () => {
  const script = `say({ type: "printed", lines: ["x".repeat(5000), "y"] });
    say({ type: "done", value: JSON.stringify("z".repeat(2000)) });`;
  const outcome = await runHostile(script, echo, { consoleBytes: 1000, outputBytes: 1000 });
  assert.equal(codeOf(outcome), "output_too_large");
  assert.ok(outcome.console.join("").length < 1200);
});

Deno.test("a worker cannot send one giant message", async () => {
  const small = { consoleBytes: 100, outputBytes: 100, argumentBytes: 100 };
  const outcome = await runHostile(`say({ type: "done", x: "x".repeat(1e6) });`, echo, small);
  assert.equal(codeOf(outcome), "runtime_broken");
});

Deno.test("a worker that says nothing is given up after the time and the grace", async () => {
  const ended: number[] = [];
  await Promise.all([2000, 100].map(async (cpuMs) => {
    const outcome = await runHostile("", echo, { cpuMs });
    assert.equal(codeOf(outcome), "runtime_timeout");
    ended.push(cpuMs);
  }));
  assert.deepEqual(ended, [100, 2000], "the one with less time first");
});

Deno.test("a worker that stops answering after a call is given up too", async () => {
  const script = `if (order.type === "run") { ${
    call(1)
  } say({ type: "rest", seen: 1, cpuMs: 1 }) }`;
  assert.equal(codeOf(await runHostile(script, echo, { cpuMs: 100 })), "runtime_timeout");
});

Deno.test("a worker without permissions can reach nothing even when the engine has fallen", async () => {
  const attempts = [
    `await Deno.readTextFile("/etc/passwd")`,
    `await Deno.writeTextFile("/tmp/x", "")`,
    `Deno.env.toObject()`,
    `await fetch("http://127.0.0.1:9/")`,
    `await Deno.connect({ hostname: "127.0.0.1", port: 9 })`,
    `await new Deno.Command("true").output()`,
    `Deno.hostname()`,
    `await import("file:///etc/" + "passwd")`,
    `Deno.dlopen("/lib/x.so", {})`,
    `if ((await Deno.permissions.request({ name: "read" })).state !== "granted") throw new Deno.errors.NotCapable()`,
  ];
  const script = `(async () => {
    const reached = [];
    ${
    attempts.map((one) =>
      `try { ${one}; reached.push(${JSON.stringify(one)}) } catch (e) {
      if (!/NotCapable|TypeError/.test(e.name)) reached.push(e.name) }`
    ).join("\n")
  }
    say({ type: "done", value: JSON.stringify(reached) });
  })()`;
  const outcome = await runHostile(script, echo, { cpuMs: 5000 });
  assert.deepEqual(outcome, { kind: "completed", value: [], console: [] });
});

Deno.test("T35: whatever a worker sends, the run ends with an outcome and no undeclared call", async () => {
  const word = fc.oneof(fc.constantFrom("echo", "fs", "{}", "runtime_memory", "x"), fc.string());
  const field = fc.oneof(word, fc.integer({ min: -2, max: 5 }), fc.constant(null), fc.array(word));
  const message = fc.record({
    type: fc.constantFrom("ready", "printed", "call", "rest", "done", "failed", "failed_call", "?"),
    id: fc.integer({ min: 0, max: 3 }),
    tool: field,
    args: field,
    lines: fc.array(word),
    seen: fc.integer({ min: 0, max: 3 }),
    cpuMs: fc.integer({ min: -1, max: 5 }),
    value: field,
    code: field,
    message: word,
    line: field,
  }, { requiredKeys: ["type"] });
  await fc.assert(
    fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 6 }), async (messages) => {
      const host: ToolHost = (request, signal) => {
        assert.equal(request.tool, "echo");
        assert.ok(request.args !== null && typeof request.args === "object");
        return echo(request, signal);
      };
      const script = `for (const m of ${JSON.stringify(messages)}) say(m); say("end");`;
      const outcome = await runHostile(script, host);
      assert.ok(["completed", "failed"].includes(outcome.kind));
    }),
    { numRuns: 40 },
  );
});
