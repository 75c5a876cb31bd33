import assert from "node:assert/strict";
import fc from "fast-check";
import type { ClamManifest } from "../domain/clam.ts";
import type { JsonObject } from "../domain/json.ts";
import { formatManifest, parseManifest } from "./manifest.ts";

const PLAIN: ClamManifest = {
  name: "Price",
  description: "The price of a coin.",
  language: "javascript",
  version: 3,
  sha256: "a".repeat(64),
  declaredTools: ["http_request"],
  inputs: { symbol: "BTC" },
  inputSchema: { type: "object", properties: { symbol: { type: "string" } } },
  resultSchema: { type: "string", pattern: "^\\S+ costs" },
  capabilities: [{
    method: "http_request",
    constraints: [{ param: "url", starts_with: "https://api.example/" }],
    max_calls: 2,
  }],
  secrets: ["api_key"],
  limits: { timeoutMs: 500, maxCalls: 3 },
  requests: ["price of BTC"],
  templates: ["price of {symbol:word}"],
  reusable: true,
  origin: "generated",
  createdAt: "2026-11-24T02:00:00.000Z",
};

function reread(manifest: ClamManifest, body = ""): { manifest: ClamManifest; body: string } {
  const read = parseManifest(formatManifest(manifest, body));
  assert.ok(read.ok, read.ok ? "" : read.failure.message);
  return read;
}

Deno.test("a manifest comes back from disk as it was, every field of it (A76)", () => {
  assert.deepEqual(reread(PLAIN, "# Price\n\nAsks the API.\n"), {
    ok: true,
    manifest: PLAIN,
    body: "# Price\n\nAsks the API.\n",
  });
});

const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.constantFrom(
    "---",
    "\n---\nsource_request: x\n---\n",
    "\"quoted\" and 'quoted'",
    "tail\r\n \t",
    " # no comment",
    "null",
    "~",
    "2026-11-24",
    "0x1f",
    "!!js/function x",
    "&a *a",
    "你好，世界",
    "🦪👩‍👩‍👧",
    "\u0000\u0085\u2028\ufeff",
    "x".repeat(10_000),
    "line\n".repeat(2_000),
  ),
);
const filled = hostile.map((text) => text === "" ? "x" : text);
const json = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)));

Deno.test("hostile text in any field is data and comes back unchanged (A76, W-AGT-13)", () => {
  fc.assert(
    fc.property(
      hostile,
      hostile,
      fc.array(filled, { maxLength: 4 }),
      json,
      (name, body, list, v) => {
        const manifest: ClamManifest = {
          ...PLAIN,
          name,
          description: body,
          requests: list,
          templates: list,
          inputs: { value: v, [name]: body },
          declaredTools: ["fs"],
          capabilities: [{ method: "fs", constraints: [{ param: "path", is_in: list }] }],
        };
        assert.deepEqual(reread(manifest, body), { ok: true, manifest, body });
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("the key __proto__ in inputs stays a plain key", () => {
  const inputs = JSON.parse('{"__proto__": {"polluted": true}}') as JsonObject;
  const back = reread({ ...PLAIN, inputs }).manifest.inputs;
  assert.deepEqual(Object.keys(back), ["__proto__"]);
  assert.equal((back as Record<string, unknown>).polluted, undefined);
});

Deno.test("an unknown operator of a capability is kept, so that the check can refuse it (A108)", () => {
  const capabilities = [{ method: "fs", constraints: [{ param: "path", matches: ".*" }] }];
  const manifest = { ...PLAIN, declaredTools: ["fs"], capabilities };
  assert.deepEqual(reread(manifest).manifest.capabilities, capabilities);
});

for (
  const rule of [
    "{method: fs, constraint: [{param: path, is_in: [a]}]}",
    "{method: FS, constraints: []}",
    "{method: time}",
  ]
) {
  Deno.test(`a rule that would bound nothing is refused, not passed over: ${rule} (A108)`, () => {
    const read = parseManifest(
      `---\nname: x\ndeclared_tools: [fs]\ncapabilities: [${rule}]\n---\n`,
    );
    assert.ok(!read.ok);
    assert.match(read.failure.message, /cannot be read: capabilities/);
  });
}

Deno.test("the original's CLAM.md is read: source_request is the request, the rest defaults", () => {
  const read = parseManifest(
    '---\ndescription: "Get the weather"\nlanguage: javascript\ndeclared_tools:\n  - http_request\n' +
      'inputs: {"city": "Paris"}\nreusable: true\nsource_request: "weather in Paris"\n---\n\nGet it\n',
  );
  assert.ok(read.ok);
  const { resultSchema: _, ...plain } = PLAIN;
  assert.deepEqual(read.manifest, {
    ...plain,
    name: "Get the weather",
    description: "Get the weather",
    version: 1,
    sha256: "",
    inputs: { city: "Paris" },
    inputSchema: {},
    capabilities: [],
    secrets: [],
    limits: {},
    requests: ["weather in Paris"],
    templates: [],
    origin: "imported",
    createdAt: "",
  });
});

Deno.test("quotes that the original did not escape do not hide its clams (A246)", () => {
  const read = parseManifest(
    '---\ndescription: "Say "hello" to: everyone"\nlanguage: javascript\ndeclared_tools:\n' +
      '  - http_request\n  - "fs"\ninputs: {"n": 2}\nreusable: true\n' +
      'source_request: "say "hello""\n---\n\nText\n',
  );
  assert.ok(read.ok);
  assert.equal(read.manifest.description, 'Say "hello" to: everyone');
  assert.deepEqual(read.manifest.requests, ['say "hello"']);
  assert.deepEqual(read.manifest.declaredTools, ["http_request", "fs"]);
  assert.deepEqual(read.manifest.inputs, { n: 2 });
  assert.equal(read.manifest.origin, "imported");
});

Deno.test("what an unescaped line break put into an original's file is not believed", () => {
  const read = parseManifest(
    '---\ndescription: "x\nsource_request: "evil"\nreusable: true\nsource_request: "say hi"\n---\n',
  );
  assert.equal(read.ok, false);
});

Deno.test("CRLF files of other editors are read", () => {
  const read = parseManifest("\uFEFF---\r\nname: Tide\r\nreusable: true\r\n---\r\nText\r\n");
  assert.ok(read.ok);
  assert.equal(read.manifest.name, "Tide");
  assert.equal(read.body, "Text\r\n");
});

for (
  const [what, text, named] of [
    ["no front matter", "# hello", "front matter"],
    ["an unclosed fence", "---\nname: x\n", "front matter"],
    ["an alias", "---\na: &x [1]\nb: *x\n---\n", "alias"],
    ["a tag", "---\nname: !!js/function 'x'\n---\n", "tag"],
    ["a duplicate key", "---\nname: a\nname: b\n---\n", "duplicate"],
    ["a list at the top", "---\n- a\n---\n", "front matter"],
    ["a wrong type", "---\ndeclared_tools: fs\n---\n", "declared_tools"],
    ["a broken hash", "---\nsha256: ABC\n---\n", "sha256"],
    ["inputs that are no object", "---\ninputs: [1]\n---\n", "inputs"],
    ["a depth bomb", `---\ninputs: ${"[".repeat(5_000)}\n---\n`, "depth"],
    ["a huge file", `---\nname: ${"x".repeat(1_000_001)}\n---\n`, "longer"],
  ] as const
) {
  Deno.test(`a manifest with ${what} is refused by name, not guessed at`, () => {
    const read = parseManifest(text);
    assert.ok(!read.ok);
    assert.equal(read.failure.code, "clam_malformed");
    assert.match(read.failure.message, new RegExp(named, "i"));
  });
}
