import assert from "node:assert/strict";
import fc from "fast-check";
import type { Capability, Constraint } from "../domain/clam.ts";
import type { JsonObject } from "../domain/json.ts";
import type { Resource } from "../domain/tool_call.ts";
import type { RuledCall } from "./capabilities.ts";
import type { CallingProgram, Lease } from "./lease.ts";
import { findLeaseProblems, findOutside } from "./lease_bounds.ts";

const base = { root: "/w/files", userHome: "/home/ada" };
const SINKS: Record<string, readonly string[]> = {
  http_request: ["method", "url"],
  fs: ["operation", "path", "to?"],
  pay: ["recipient", "amount"],
  time: [],
};
const ports = { sinksOf: (tool: string) => SINKS[tool], base };

function manifestOf(
  declaredTools: readonly string[],
  capabilities: readonly Capability[],
): CallingProgram["manifest"] {
  return { declaredTools, capabilities, inputs: {}, templates: [], secrets: [], limits: {} };
}

function leaseOf(rules: readonly Capability[], callsPerRun = 1_000): Lease {
  const tools = ["time", ...rules.map(({ method }) => method)];
  return {
    ...{ id: "l", name: "x", sha256: "", manifest: "", secrets: [], person: "cli" },
    ...{ source: "command", createdAt: 0, expiresAt: 1, rules, callsPerRun },
    pins: Object.fromEntries(tools.map((tool) => [tool, "built-in"])),
  };
}

const http = (method: string, url: string): RuledCall => ({
  tool: "http_request",
  args: { method, url },
  resources: [{ kind: "url", method, url }],
});
const file = (operation: string, path: string, to?: string, whole = false): RuledCall => {
  const place = (path: string): Resource => ({
    ...{ kind: "file", operation, path, root: base.root },
    ...(whole ? { whole } : {}),
  });
  return {
    tool: "fs",
    args: { operation, path, ...(to === undefined ? {} : { to }) },
    resources: [place(path), ...(to === undefined ? [] : [place(to)])],
  };
};
const GET: Constraint = { param: "method", is_in: ["GET"] };
const WRITE: Constraint = { param: "operation", is_in: ["write", "move", "delete"] };
const rule = (method: string, ...constraints: Constraint[]): Capability => ({
  method,
  constraints,
});

for (
  const [what, tools, rules, problem] of [
    ["bounds of every sink", ["http_request", "time"], [
      rule("http_request", GET, { param: "url", starts_with: "https://a.org/x" }),
    ], undefined],
    ["an amount and a recipient", ["pay"], [
      rule("pay", { param: "recipient", is_in: ["ada"] }, { param: "amount", "<=": 5 }),
    ], undefined],
    ["an amount from below", ["pay"], [
      rule("pay", { param: "recipient", is_in: ["ada"] }, { param: "amount", ">=": 5 }),
    ], /does not bound amount/],
    ["a folder", ["fs"], [rule("fs", WRITE, { param: "path", starts_with: "out" })], undefined],
    ["the workspace", ["fs"], [rule("fs", WRITE, { param: "path", starts_with: "." })], undefined],
    [
      "all files there are",
      ["fs"],
      [rule("fs", WRITE, { param: "path", starts_with: "/" })],
      /path/,
    ],
    ["a folder above", ["fs"], [rule("fs", WRITE, { param: "path", starts_with: ".." })], /path/],
    ["no rule", ["http_request"], [], /no rule bounds method and url of http_request/],
    ["one rule of two", ["http_request"], [
      rule("http_request", GET, { param: "url", is_in: ["https://a.org/"] }),
      rule("http_request", GET),
    ], /does not bound url/],
    ["a text that is no origin", ["http_request"], [
      rule("http_request", GET, { param: "url", starts_with: "https:" }),
    ], /does not bound url/],
    ["the beginning of a method", ["http_request"], [
      rule("http_request", { param: "method", starts_with: "G" }, {
        param: "url",
        is_in: ["https://a.org/"],
      }),
    ], /does not bound method/],
    ["an empty list", ["http_request"], [
      rule("http_request", { param: "method", is_in: [] }, GET, { param: "url", is_in: [] }),
    ], /does not bound url/],
    ["a tool that says nothing", ["mcp_x"], [], /mcp_x does not say what its calls reach/],
  ] as const
) {
  Deno.test(`A258: ${what}: ${problem ? "cannot" : "can"} be leased`, () => {
    const problems = findLeaseProblems(manifestOf(tools, rules), ports);
    if (problem) assert.match(problems.join("; "), problem);
    else assert.deepEqual(problems, []);
  });
}

const OUT = leaseOf([rule("fs", WRITE, { param: "path", starts_with: "out" })]);
const ONE = leaseOf([rule("fs", WRITE, { param: "path", is_in: ["out"] })]);
for (
  const [what, lease, call, expected] of [
    ["in the folder", OUT, file("write", "/w/files/out/a"), undefined],
    ["that reaches nothing", OUT, {
      tool: "time",
      args: {},
      resources: [{ kind: "plain" }],
    }, undefined],
    ["beside the folder", OUT, file("write", "/w/files/outer"), /"path" must be/],
    ["to a place without a bound", OUT, file("move", "/w/files/out/a", "/etc/x"), /no rule/],
    ["all of the folder", OUT, file("delete", "/w/files/out", undefined, true), undefined],
    ["all of what is named alone", ONE, file("delete", "/w/files/out", undefined, true), /no rule/],
    ["of another tool", OUT, http("GET", "https://a.org/"), /does not name the tool/],
    ["that reaches more than it says", OUT, {
      ...file("write", "/w/files/out/a"),
      resources: file("write", "/etc/passwd").resources,
    }, /reaches something/],
    ["without an operation", OUT, {
      ...file("write", "/w/files/out/a"),
      args: { path: "/w/files/out/a" },
    }, /does not say its operation/],
  ] as const
) {
  Deno.test(`A270: a call ${what} lies ${expected ? "outside" : "inside"}`, () => {
    const outside = findOutside(lease, call, { ...ports, before: [] });
    if (expected) assert.match(outside ?? "inside", expected);
    else assert.equal(outside, undefined);
  });
}

Deno.test("A270: calls of a run are counted, by rule and altogether", () => {
  const bounded = rule("fs", WRITE, { param: "path", starts_with: "out" });
  const call = file("write", "/w/files/out/a");
  const times = (lease: Lease, n: number) =>
    findOutside(lease, call, { ...ports, before: Array.from({ length: n }, () => call) });
  assert.equal(times(leaseOf([bounded], 3), 2), undefined);
  assert.match(times(leaseOf([bounded], 3), 3) ?? "", /allows 3 calls in a run/);
  assert.match(times(leaseOf([{ ...bounded, max_calls: 2 }]), 2) ?? "", /2 times at most/);
});

const segment = fc.constantFrom("a", "ab", "b", "..", "%2e%2e", "a%2f..%2fb");
const path = fc.array(segment, { maxLength: 2 }).map((parts) => `/${parts.join("/")}`);
const url = fc.tuple(
  fc.constantFrom("https://a.org", "https://a.org:8443", "http://a.org", "https://a.org.b.org"),
  path,
  fc.constantFrom("", "?q=1"),
).map((parts) => new URL(parts.join("")).href);
const method = fc.constantFrom("GET", "POST");
const filePath = path.map((text) => new URL(`file://${text}`).pathname)
  .filter((text) => !text.includes("%"))
  .map((text) => `/w/files${text}`.replace(/\/$/, ""));
const bound = <T>(param: string, values: fc.Arbitrary<T>) =>
  fc.oneof(
    { weight: 5, arbitrary: fc.array(values, { maxLength: 2 }).map((is_in) => ({ param, is_in })) },
    { weight: 5, arbitrary: values.map((starts_with) => ({ param, starts_with })) },
    { weight: 1, arbitrary: fc.constant({ param }) },
    { weight: 1, arbitrary: fc.constant({ param, matches: ".*" }) },
  ) as unknown as fc.Arbitrary<Constraint>;
const rules = fc.array(
  fc.oneof(
    fc.tuple(bound("method", method), bound("url", url), fc.boolean())
      .map(([one, other, both]) => rule("http_request", ...(both ? [one, other] : [other]))),
    fc.tuple(bound("operation", fc.constant("write")), bound("path", filePath))
      .map((constraints) => rule("fs", ...constraints)),
  ),
  { maxLength: 4 },
);
const calls = fc.oneof(
  fc.tuple(method, url).map(([method, url]) => http(method, url)),
  fc.tuple(fc.constantFrom("write", "delete"), filePath, fc.boolean())
    .map(([operation, path, whole]) => file(operation, path, undefined, whole)),
  fc.tuple(filePath, filePath).map(([path, to]) => file("move", path, to)),
);

/** Whether a rule lists the value or begins it, told in other words than those of the house. */
function satisfies(
  { param, is_in, starts_with, ...others }: Constraint,
  args: JsonObject,
): boolean {
  const value = String(args[param]);
  const isBelow = (text: string, above: string) =>
    `${text}/`.startsWith(`${above}/`.replace("//", "/"));
  if (Object.keys(others).length > 0) return false;
  if (is_in) return is_in.includes(value);
  if (starts_with === undefined) return false;
  if (param !== "url") return isBelow(value, starts_with);
  const [one, other] = [new URL(value), new URL(starts_with)];
  if (one.origin !== other.origin || /%2f|%2e/i.test(one.pathname.slice(other.pathname.length))) {
    return one.href === other.href;
  }
  return other.search === ""
    ? isBelow(one.pathname, other.pathname.replace(/\/$/, ""))
    : one.href === other.href;
}

Deno.test("A258, A270: whatever passes by a lease satisfies a bound for every sink of one rule", () => {
  let passed = 0;
  fc.assert(
    fc.property(rules, calls, (rules, call) => {
      const outside = findOutside(leaseOf(rules), call, { ...ports, before: [] });
      if (outside !== undefined) return;
      passed++;
      const sinks = (SINKS[call.tool] ?? []).map((sink) => sink.replace("?", ""))
        .filter((sink) => sink in call.args);
      const isBounded = rules.filter((one) => one.method === call.tool).some((one) =>
        sinks.every((sink) => one.constraints.some(({ param }) => param === sink)) &&
        one.constraints.every((constraint) => satisfies(constraint, call.args))
      );
      assert.ok(isBounded, JSON.stringify({ rules, call }));
    }),
    { numRuns: 20_000 },
  );
  assert.ok(passed > 20, `only ${passed} calls passed`);
});

Deno.test("A258: what has no problem passes with a call that its rules list, whichever they are", () => {
  fc.assert(fc.property(rules, fc.nat(), (rules, pick) => {
    const tools = [...new Set(rules.map(({ method }) => method))];
    if (rules.length === 0 || findLeaseProblems(manifestOf(tools, rules), ports).length > 0) return;
    const one = rules[pick % rules.length]!;
    const listed = (param: string) => {
      const { is_in: [first] = [], starts_with } = one.constraints.find((c) => c.param === param)!;
      return String(first ?? starts_with);
    };
    const call = one.method === "fs"
      ? file(listed("operation"), listed("path"))
      : http(listed("method"), listed("url"));
    if (one.constraints.some((constraint) => !satisfies(constraint, call.args))) return;
    assert.equal(findOutside(leaseOf(rules), call, { ...ports, before: [] }), undefined);
  }));
});
