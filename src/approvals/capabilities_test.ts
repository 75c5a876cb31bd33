import assert from "node:assert/strict";
import type { Capability, Constraint } from "../domain/clam.ts";
import type { JsonObject } from "../domain/json.ts";
import type { Resource } from "../domain/tool_call.ts";
import { findViolation } from "./capabilities.ts";

function check(
  constraints: readonly Constraint[],
  args: JsonObject,
  resources: readonly Resource[] = [],
): string | undefined {
  const rules: Capability[] = [{ method: "tool", constraints }];
  return findViolation(rules, { tool: "tool", args, resources }, { base, before: [] });
}

const base = { root: "/w/files", beside: ["/w/upload"], userHome: undefined };

const page = (url: string): Resource[] => [{ kind: "url", method: "GET", url: new URL(url).href }];
const note = (path: string): Resource[] => [{
  kind: "file",
  operation: "read",
  path: `/w/${path}`,
  root: "/w",
}];
const here = (path: string): JsonObject => ({ path: `/w/${path}` });

for (
  const [name, constraint, args, resources, allowed] of [
    ["is_in", { param: "x", is_in: ["a", 1, null] }, { x: "a" }, [], true],
    ["is_in by JSON type", { param: "x", is_in: ["1"] }, { x: 1 }, [], false],
    ["is_in missing", { param: "x", is_in: ["a"] }, {}, [], false],
    ["is_in nested", { param: "a.b", is_in: [1] }, { a: { b: 1 } }, [], true],
    ["prototype names", { param: "__proto__.x", is_in: [1] }, {}, [], false],
    ["<=", { param: "n", "<=": 5 }, { n: 5 }, [], true],
    ["<= above", { param: "n", "<=": 5 }, { n: 5.1 }, [], false],
    ["<= of text", { param: "n", "<=": 5 }, { n: "4" }, [], false],
    [">=", { param: "n", ">=": 5 }, { n: 4 }, [], false],
    ["starts_with text", { param: "t", starts_with: "ab" }, { t: "abc" }, [], true],
    [
      "starts_with url",
      { param: "url", starts_with: "https://x.org/a" },
      { url: "https://x.org/a/b" },
      page("https://x.org/a/b"),
      true,
    ],
    [
      "starts_with url segments",
      { param: "url", starts_with: "https://x.org/a" },
      { url: "https://x.org/ab" },
      page("https://x.org/ab"),
      false,
    ],
    [
      "starts_with url host",
      { param: "url", starts_with: "https://x.org" },
      { url: "https://x.org.evil.net/" },
      page("https://x.org.evil.net/"),
      false,
    ],
    [
      "starts_with url userinfo",
      { param: "url", starts_with: "https://x.org" },
      { url: "https://x.org@evil.net/" },
      page("https://x.org@evil.net/"),
      false,
    ],
    [
      "starts_with url traversal",
      { param: "url", starts_with: "https://x.org/a" },
      { url: "https://x.org/a/../b" },
      page("https://x.org/a/../b"),
      false,
    ],
    [
      "starts_with path",
      { param: "path", starts_with: "notes" },
      { path: "notes/a.md" },
      note("files/notes/a.md"),
      true,
    ],
    [
      "starts_with path segments",
      { param: "path", starts_with: "notes" },
      { path: "notes2/a.md" },
      note("files/notes2/a.md"),
      false,
    ],
    [
      "starts_with path resolved",
      { param: "path", starts_with: "notes" },
      { path: "notes/../b" },
      note("files/b"),
      false,
    ],
    [
      "is_in path resolved",
      { param: "path", is_in: ["./a.md"] },
      { path: "a.md" },
      note("files/a.md"),
      true,
    ],
    [
      "is_in path of an upload of the same name",
      { param: "path", is_in: ["a.md"] },
      here("upload/a.md"),
      note("upload/a.md"),
      false,
    ],
    [
      "is_in path of an upload",
      { param: "path", is_in: ["upload/a.md"] },
      here("upload/a.md"),
      note("upload/a.md"),
      true,
    ],
    [
      "starts_with the workspace, which no upload does",
      { param: "path", starts_with: "." },
      here("upload/a.md"),
      note("upload/a.md"),
      false,
    ],
    [
      "starts_with text that names the call's own file",
      { param: "content", starts_with: "log:" },
      { path: "log:/x", content: "./log:/x" },
      note("files/log:/x"),
      false,
    ],
    [
      "unknown operator",
      { param: "x", matches: "a" } as unknown as Constraint,
      { x: "a" },
      [],
      false,
    ],
    ["no operator", { param: "x" }, { x: "a" }, [], false],
  ] as const
) {
  Deno.test(`capabilities: ${name} ${allowed ? "allows" : "refuses"}`, () => {
    assert.equal(check([constraint], args, resources) === undefined, allowed);
  });
}

Deno.test("max_calls counts the calls of this run that fit the rule (A108)", () => {
  const rules: Capability[] = [
    { method: "tool", constraints: [{ param: "do", is_in: ["read"] }], max_calls: 1 },
    { method: "tool", constraints: [{ param: "do", is_in: ["list"] }], max_calls: 1 },
  ];
  const call = (what: string) => ({ tool: "tool", args: { do: what }, resources: [] });
  const before = [call("read")];
  assert.match(findViolation(rules, call("read"), { base, before }) ?? "", /once at most/);
  assert.equal(findViolation(rules, call("list"), { base, before }), undefined);
  const both = [call("read"), call("list")];
  assert.match(findViolation(rules, call("list"), { base, before: both }) ?? "", /once at most/);
});

Deno.test("one of several rules is enough, all constraints of a rule are needed", () => {
  const rules: Capability[] = [
    { method: "tool", constraints: [{ param: "a", is_in: [1] }, { param: "b", is_in: [1] }] },
    { method: "tool", constraints: [{ param: "c", is_in: [1] }] },
  ];
  const with_ = (args: JsonObject) =>
    findViolation(rules, { tool: "tool", args, resources: [] }, { base, before: [] });
  assert.equal(with_({ a: 1, b: 1 }), undefined);
  assert.equal(with_({ c: 1 }), undefined);
  assert.notEqual(with_({ a: 1, b: 2 }), undefined);
});

Deno.test("a rule whose calls are used up does not keep a call from the next rule that fits it (A108)", () => {
  const rules: Capability[] = [
    { method: "tool", constraints: [{ param: "do", is_in: ["read"] }], max_calls: 1 },
    { method: "tool", constraints: [{ param: "do", starts_with: "r" }], max_calls: 2 },
  ];
  const call = { tool: "tool", args: { do: "read" }, resources: [] };
  assert.equal(findViolation(rules, call, { base, before: [call] }), undefined);
  const why = findViolation(rules, call, { base, before: [call, call] });
  assert.match(why ?? "", /at most/);
});

Deno.test("an argument that a rule speaks of and that is missing is named", () => {
  const rules: Capability[] = [{ method: "tool", constraints: [{ param: "a.b", is_in: [null] }] }];
  for (const args of [{}, { a: 1 }, { a: [] }, { a: {} }, { "a.b": null }]) {
    const why = findViolation(rules, { tool: "tool", args, resources: [] }, { base, before: [] });
    assert.equal(why, 'the argument "a.b" is missing');
  }
});
