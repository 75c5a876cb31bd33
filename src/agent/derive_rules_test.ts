import assert from "node:assert/strict";
import { findViolation, resolveRules } from "../approvals/capabilities.ts";
import type { Capability } from "../domain/clam.ts";
import type { JsonObject } from "../domain/json.ts";
import { deriveRules } from "./derive_rules.ts";

const inputs: JsonObject = {
  path: "notes.md",
  to: "done.md",
  urls: ["https://a.org/1"],
  url: "https://a.org/x",
};

function derive(body: string, wanted: readonly Capability[] = [], tools = ["fs"]) {
  const script = `async function run(args) { ${body} }`;
  return deriveRules({ script, declaredTools: tools, inputs, wanted });
}

function rule(method: string, ...constraints: Capability["constraints"][number][]): Capability {
  return { method, constraints };
}

const READ = `await fs({ operation: "read", path: args.path });`;
const WRITE = `await fs({ operation: "write", path: args.to, content: "x" });`;
const READ_RULE = rule("fs", { param: "operation", is_in: ["read"] }, {
  param: "path",
  is_in: ["{path}"],
});
const WRITE_RULE = rule("fs", { param: "operation", is_in: ["write"] }, {
  param: "path",
  is_in: ["{to}"],
});

Deno.test("rules come from the calls of the script: what they do, on which inputs (R12)", () => {
  assert.deepEqual(derive(READ), [READ_RULE]);
  assert.deepEqual(derive(READ + WRITE + READ), [READ_RULE, WRITE_RULE]);
  assert.deepEqual(derive(`const { path } = args; await fs({ operation: "read", path });`), [
    READ_RULE,
  ]);
  const taken = deriveRules({
    script:
      `async function run({ path: file }) { return await fs({ operation: "read", path: file }); }`,
    declaredTools: ["fs"],
    inputs,
    wanted: [],
  });
  assert.deepEqual(taken, [READ_RULE]);
});

Deno.test("what is worked out while it runs, or used in another way, is bounded by the gate alone (R12)", () => {
  assert.deepEqual(derive(`await fs({ operation: "read", path: args.path + "x" });`), [
    rule("fs", { param: "operation", is_in: ["read"] }),
  ]);
  for (
    const body of [
      `const all = [fs]; await all[0]({ operation: "read", path: args.path });`,
      `await fs(args.order);`,
      `await fs({ ...args.order });`,
      `const op = "read"; await fs({ operation: op, path: "a".concat("b") });`,
      `await fs.read("a");`,
    ]
  ) assert.deepEqual(derive(body), [], body);
});

Deno.test("a name that stands for several things is no input (R12)", () => {
  const body = `let { path } = args; path = "other.md"; await fs({ operation: "read", path });`;
  assert.deepEqual(derive(body), [rule("fs", { param: "operation", is_in: ["read"] })]);
});

Deno.test("what the writer wants narrower holds, with this request's values as inputs (R12)", () => {
  const wanted = [
    rule("fs", { param: "path", is_in: ["notes.md"] }, { param: "operation", is_in: ["read"] }),
  ];
  const [narrowed] = derive(READ, wanted);
  assert.deepEqual(
    narrowed,
    rule("fs", { param: "path", is_in: ["{path}"] }, { param: "operation", is_in: ["read"] }),
  );
  const folder = [rule("fs", { param: "path", starts_with: "notes.md" })];
  assert.deepEqual(derive(READ, folder), folder);
});

const IMPOSSIBLE: readonly Capability[] = [
  rule("fs", { param: "operation", is_in: ["write"] }),
  rule("fs", { param: "file", is_in: ["notes.md"] }),
  rule("fs", { param: "path" }),
  rule("fs", { param: "path", starts_with: "other" }),
  { ...rule("fs", { param: "operation", is_in: ["read"] }), max_calls: 0 },
];

for (const wanted of IMPOSSIBLE) {
  Deno.test(`a rule that no call could meet is left out: ${JSON.stringify(wanted)} (R12)`, () => {
    const rules = derive(READ, [wanted]);
    const call = { tool: "fs", args: { operation: "read", path: "notes.md" }, resources: [] };
    const base = { root: "/workspace", userHome: undefined };
    const resolved = resolveRules(rules, inputs);
    assert.equal(
      findViolation(resolved, call, { base, before: [] }),
      undefined,
      JSON.stringify(rules),
    );
  });
}

Deno.test("an address is bounded by its beginning, never by this request's own (R12)", () => {
  const get = `await web_fetch({ url: args.url });`;
  const tools = ["web_fetch"];
  const start = [rule("web_fetch", { param: "url", starts_with: "https://a.org/" })];
  assert.deepEqual(derive(get, start, tools), start);
  assert.deepEqual(
    derive(get, [rule("web_fetch", { param: "url", starts_with: "http" })], tools),
    [],
  );
  assert.deepEqual(
    derive(get, [rule("web_fetch", { param: "url", is_in: ["https://a.org/x"] })], tools),
    [
      rule("web_fetch"),
    ],
  );
});

Deno.test("a count that this request alone needs is no bound (R12)", () => {
  const loop = `for (const url of args.urls) await web_fetch({ url });`;
  const wanted = [{ ...rule("web_fetch"), max_calls: 1 }];
  assert.deepEqual(derive(loop, wanted, ["web_fetch"]), [rule("web_fetch")]);
  const once = [{ ...rule("fs", { param: "operation", is_in: ["read"] }), max_calls: 1 }];
  assert.deepEqual(derive(READ, once), once);
});

Deno.test("an input that a rule names is the one of the call, and a name that is none is text (R12)", () => {
  assert.deepEqual(resolveRules([READ_RULE], { path: "b.md" })[0]?.constraints[1], {
    param: "path",
    is_in: ["b.md"],
  });
  assert.deepEqual(
    resolveRules([rule("x", { param: "url", is_in: ["{urls}"] })], inputs)[0]?.constraints[0]
      ?.is_in,
    ["https://a.org/1"],
  );
  assert.deepEqual(
    resolveRules([rule("x", { param: "a", is_in: ["{none}"] })], inputs)[0]?.constraints[0]?.is_in,
    ["{none}"],
  );
});
