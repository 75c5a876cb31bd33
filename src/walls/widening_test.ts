import assert from "node:assert/strict";
import { AUTHORITY, type WidensWhen } from "../config/authority.ts";
import { defaultConfig } from "../config/parse.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import { wideningSentences } from "./widening.ts";

type Pair = readonly [before: Json | undefined, after: Json | undefined];

/** Changes of each kind: those that widen, and those that do not. */
const CHANGES: Readonly<Record<WidensWhen, { wide: readonly Pair[]; narrow: readonly Pair[] }>> = {
  true: { wide: [[false, true]], narrow: [[true, false], [true, true]] },
  false: { wide: [[true, false]], narrow: [[false, true], [false, false]] },
  higher: {
    wide: [[1, 2], [1, undefined], [0, 1]],
    narrow: [[2, 1], [undefined, 1], [1, 1], [1, 0]],
  },
  "not higher": {
    wide: [[2, 1], [1, undefined], [undefined, 1], [1, 0]],
    narrow: [[1, 2], [1, 1]],
  },
  more: {
    wide: [[[], ["a"]], [["a"], ["b"]], [[{ a: 1 }], [{ a: 1, b: 2 }]]],
    narrow: [[["a"], []], [["a", "b"], ["b"]], [[{ a: 1, b: 2 }], [{ b: 2, a: 1 }]]],
  },
  fewer: { wide: [[["a"], []], [["a"], ["b"]]], narrow: [[[], ["a"]], [["a"], ["a", "b"]]] },
  "more or all": {
    wide: [[["a"], ["a", "b"]], [["a"], undefined], [[], ["a"]]],
    narrow: [[undefined, ["a"]], [["a", "b"], ["a"]]],
  },
  address: {
    wide: [[undefined, "http://127.0.0.1:8000/v1"], ["https://a.org", "https://b.org"]],
    narrow: [["https://a.org", undefined], ["https://a.org", "https://a.org"]],
  },
  "distant address": {
    wide: [
      [undefined, "https://b.org"],
      ["http://127.0.0.1:1", "http://127.0.0.1.b.org"],
      [undefined, "http://localhost@b.org"],
      [undefined, "http://10.0.0.1"],
    ],
    narrow: [[undefined, "http://127.0.0.1:11434"], ["https://b.org", "http://localhost:1/v1"]],
  },
  any: { wide: [["a", "b"], [undefined, { a: 1 }], [["a"], []]], narrow: [["a", "a"]] },
};

for (const [key, authority] of Object.entries(AUTHORITY)) {
  if (authority === "none") continue;
  Deno.test(`a change of ${key} that gives more is told, and no other (S20)`, () => {
    const { wide, narrow } = CHANGES[authority.when];
    const told = ([before, after]: Pair) =>
      wideningSentences(configWith(key, before), configWith(key, after));
    for (const pair of wide) assert.deepEqual(told(pair), [authority.sentence], String(pair));
    for (const pair of narrow) assert.deepEqual(told(pair), [], String(pair));
  });
}

Deno.test("a change of a key without anything to do with rights asks nothing", () => {
  for (const [key, authority] of Object.entries(AUTHORITY)) {
    if (authority !== "none") continue;
    assert.deepEqual(wideningSentences(configWith(key, 1), configWith(key, 2)), [], key);
  }
});

Deno.test("a key of which nothing is declared gives more rights with every change (S20)", () => {
  assert.deepEqual(wideningSentences({ agents: {} }, { agents: { trust: 1 } }), [
    "agents.trust changes what programs may do.",
  ]);
});

/** The defaults with one key set; names of the person's own hold dots. */
function configWith(key: string, value: Json | undefined): Json {
  const set = (object: JsonObject, [name = "", ...rest]: string[]): JsonObject => {
    if (rest.length > 0) {
      return { ...object, [name]: set((object[name] ?? {}) as JsonObject, rest) };
    }
    const { [name]: _, ...others } = object;
    return value === undefined ? others : { ...others, [name]: value };
  };
  const steps = key.split(".").map((step) => step === "<name>" ? "gpt-4.1 <x>" : step);
  return set(defaultConfig() as unknown as JsonObject, steps);
}
