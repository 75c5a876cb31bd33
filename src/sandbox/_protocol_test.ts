import assert from "node:assert/strict";
import fc from "fast-check";
import { type FromWorker, parseFromWorker } from "./_protocol.ts";

const MESSAGES: readonly FromWorker[] = [
  { type: "ready" },
  { type: "printed", lines: ["a", ""] },
  { type: "call", id: 1, tool: "fs", args: "{}" },
  { type: "call", id: 2, tool: "fs", args: { refused: "too_large" } },
  { type: "rest", seen: 1, cpuMs: 0.5 },
  { type: "done" },
  { type: "done", value: "1" },
  { type: "failed", code: "runtime_memory", message: "", line: 3 },
  { type: "failed", code: "runtime_broken", message: "x" },
  { type: "failed_call", id: 1, line: 2 },
];

Deno.test("parseFromWorker() reads back every message", () => {
  for (const message of MESSAGES) {
    assert.deepEqual(parseFromWorker(JSON.stringify(message), 1000), message);
  }
});

Deno.test("parseFromWorker() keeps only the fields that belong to a message", () => {
  const text = '{"type":"done","value":"1","__proto__":{"x":1},"constructor":5}';
  assert.deepEqual(parseFromWorker(text, 1000), { type: "done", value: "1" });
});

Deno.test("parseFromWorker() reads nothing that is too long", () => {
  assert.equal(parseFromWorker('{"type":"ready"}', 15), undefined);
});

Deno.test("parseFromWorker() never throws and never lets a wrong shape pass", () => {
  const types = MESSAGES.map(({ type }) => type);
  fc.assert(fc.property(fc.anything({ withBigInt: true, withDate: true }), (value) => {
    assert.equal(parseFromWorker(value, 1e6) === undefined, true);
  }));
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom("type", "id", "tool", "args", "value"), fc.json()),
      (one) => {
        const read = parseFromWorker(JSON.stringify(one), 1e6);
        assert.ok(read === undefined || types.includes(read.type));
      },
    ),
  );
});
