import assert from "node:assert/strict";
import type { Json } from "../domain/json.ts";
import { present, presentInTurn, speaks } from "./present.ts";

Deno.test("present() passes text through and gives the rest as JSON (A102)", () => {
  assert.deepEqual(present("a\nb"), { reply: "a\nb", value: "a\nb" });
  assert.deepEqual(present({ reply: "hi", data: [1] }), { reply: "hi", value: [1] });
  assert.deepEqual(present({ reply: "hi" }), { reply: "hi", value: undefined });
  assert.deepEqual(present(undefined), { reply: "", value: undefined });
  assert.deepEqual(present({ a: 1 }), { reply: '{\n  "a": 1\n}', value: { a: 1 } });
  const more = { reply: "hi", more: 1 };
  assert.equal(present(more).value, more, "another member makes it a value");
});

Deno.test("in a conversation plain results are lines, and nested ones JSON (A91)", () => {
  const cases: [Json, string][] = [
    ["as it is", "as it is"],
    [{ reply: "said", data: { a: 1 } }, "said"],
    [5, "5"],
    [["a", 2, null], "- a\n- 2\n- null"],
    [{ crabs: 7, red: true }, "crabs: 7\nred: true"],
    [[{ a: 1, b: "x" }, { a: 2, b: "y" }], "- a: 1, b: x\n- a: 2, b: y"],
    [{ deep: { er: 1 } }, '{\n  "deep": {\n    "er": 1\n  }\n}'],
    [[[1]], "[\n  [\n    1\n  ]\n]"],
  ];
  for (const [value, reply] of cases) assert.equal(presentInTurn(value).reply, reply);
  assert.deepEqual(presentInTurn({ a: 1 }).value, { a: 1 });
});

Deno.test("speaks() knows what a program worded itself", () => {
  assert.ok(speaks("x") && speaks({ reply: "x" }) && speaks({ reply: "", data: 1 }));
  for (const value of [undefined, null, 1, [], { reply: 1 }, { reply: "x", other: 1 }]) {
    assert.ok(!speaks(value as Json | undefined));
  }
});

Deno.test("a value that is nested deeply is told in one line, not in megabytes of indentation", () => {
  const nested = (levels: number) => JSON.parse("[".repeat(levels) + "]".repeat(levels));
  assert.equal(present(nested(5000)).reply.length, 10_000);
  assert.match(present(nested(3)).reply, /\n/);
});
