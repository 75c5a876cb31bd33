import assert from "node:assert/strict";
import fc from "fast-check";
import type { Json } from "../domain/json.ts";
import { changeConfig, describeChange, parseValue } from "./change.ts";
import { configKeys } from "./keys.ts";
import { parseConfig } from "./parse.ts";

const PATH = "config.json";

function change(text: string | undefined, key: string, value: Json | undefined): string {
  const changed = changeConfig(text, { key, value }, PATH);
  assert(changed.kind === "ok", changed.kind === "invalid" ? changed.failure.message : "");
  return changed.text;
}

function refusal(text: string, key: string, value: Json | undefined) {
  const changed = changeConfig(text, { key, value }, PATH);
  assert(changed.kind === "invalid");
  return changed.failure;
}

Deno.test("changeConfig() starts a file where there is none", () => {
  assert.equal(
    change(undefined, "agents.defaults.model", "openrouter/x"),
    '{\n  "agents": {\n    "defaults": {\n      "model": "openrouter/x"\n    }\n  }\n}\n',
  );
});

Deno.test("changeConfig() keeps order, spelling and unknown keys of the file", () => {
  const text = '{\n "cron": {"enabled": true},\n "mine": 1,\n "agents": {"max_links": 2,\n' +
    '   "defaults": {"max_tokens": 5, "userName": "Ada"}}\n}';
  assert.equal(
    change(text, "agents.defaults.maxTokens", 6),
    text.replace('"max_tokens": 5', '"max_tokens": 6'),
  );
});

Deno.test("A24: a default is not written but taken out", () => {
  const text = '{\n  "agents": {\n    "defaults": {\n      "maxTokens": 5\n    }\n  }\n}\n';
  assert.equal(change(text, "agents.defaults.maxTokens", 8192), "{}\n");
  assert.equal(change(undefined, "agents.defaults.maxTokens", 8192), "{}\n");
  assert.equal(change(undefined, "providers.custom.apiBase", ""), "{}\n");
  assert.equal(change(undefined, "agents.defaults.disabledTools", []), "{}\n");
});

Deno.test("an empty list of tools is not the same as none written", () => {
  assert.deepEqual(JSON.parse(change(undefined, "agents.defaults.availableTools", [])), {
    agents: { defaults: { availableTools: [] } },
  });
});

Deno.test("changeConfig() takes out keys and whole sections, unknown ones too", () => {
  const text = '{"agents": {"defaults": {"maxTokenz": 5, "maxTokens": 6}}, "x": {"y": 1}}';
  const without = change(text, "agents.defaults.maxTokenz", undefined);
  assert.deepEqual(JSON.parse(without), { agents: { defaults: { maxTokens: 6 } }, x: { y: 1 } });
  assert.equal(change(without, "agents", undefined), '{"x": {"y": 1}}');
  assert.equal(change(without, "agents.selector.model", undefined), without);
});

Deno.test("changeConfig() refuses what the key does not take, without repeating a secret", () => {
  assert.equal(
    refusal("{}", "agents.defaults.maxTokens", "many").message,
    'agents.defaults.maxTokens: expected a whole number of at least 1, got "many".',
  );
  assert(!refusal("{}", "providers.openai.apiKey", ["sk-secret"]).message.includes("sk-secret"));
});

Deno.test("changeConfig() refuses unknown keys and sections, and names the nearest key", () => {
  assert.equal(
    refusal("{}", "agents.default.model", "x").hint,
    "Did you mean agents.defaults.model?",
  );
  assert.match(refusal("{}", "agents.defaults", {}).message, /is a section/);
  assert.match(refusal("{}", "providers.openai.apiKey.x", "x").message, /no key/);
});

Deno.test("changeConfig() changes nothing in a file that is not valid", () => {
  assert.match(refusal("{", "agents.defaults.model", "x").message, /^config\.json:1:2/);
  const wrong = '{"agents": {"defaults": {"maxTokens": "many"}}}';
  assert.match(refusal(wrong, "agents.defaults.model", "x").message, /maxTokens: expected/);
});

const files = [
  "{}",
  '{"providers": {"openrouter": {"apiKey": "k"}, "custom": {"extra_headers": {"X-a": "b"}}}}',
  '{\n  "agents": {\n    "models": {"gpt-4.1": {"max_context_size": 5}},\n    "unknown": [1]\n  }\n}',
];
const keys = configKeys.filter(({ expects, path }) => expects === "text" && !path.includes("<"));

Deno.test("changeConfig() keeps every other key", () => {
  const file = fc.constantFrom(...files);
  const pick = fc.constantFrom(...keys);
  fc.assert(fc.property(file, fc.array(fc.tuple(pick, fc.string())), (start, changes) => {
    let text = start;
    const expected = new Map<string, string>();
    for (const [{ path }, value] of changes) {
      text = change(text, path, value);
      expected.set(path, value);
    }
    const before = flatten(read(start));
    const after = flatten(read(text));
    for (const { path, fallback } of keys) {
      const value = expected.get(path);
      const isDefault = value === (fallback ?? "");
      const wanted = value === undefined ? before.get(path) : isDefault ? undefined : value;
      assert.deepEqual(after.get(path), wanted, path);
    }
    for (const [path, value] of before) {
      if (!expected.has(path)) assert.deepEqual(after.get(path), value, path);
    }
    assert.deepEqual(unknownKeys(text), unknownKeys(start));
  }));
});

Deno.test("parseValue() reads JSON where the key takes it and text elsewhere", () => {
  assert.equal(parseValue("agents.defaults.maxTokens", "5"), 5);
  assert.equal(parseValue("agents.defaults.maxTokens", "many"), "many");
  assert.equal(parseValue("agents.defaults.userName", "5"), "5");
  assert.equal(parseValue("agents.defaults.userName", "Ada L."), "Ada L.");
  assert.equal(parseValue("agents.approvals.enabled", "false"), false);
  assert.deepEqual(parseValue("network.nameServers", '["9.9.9.9"]'), ["9.9.9.9"]);
  assert.deepEqual(parseValue("agents.defaults.disabled_tools", "[]"), []);
});

Deno.test("describeChange() tells what changed, and of a secret only that", () => {
  const tell = (key: string, value: Json | undefined) => describeChange({ key, value });
  assert.equal(tell("agents.defaults.max_tokens", 5), "agents.defaults.maxTokens = 5");
  assert.equal(tell("agents.defaults.model", undefined), "agents.defaults.model is no longer set.");
  assert.equal(tell("providers.openai.apiKey", "sk-secret"), "providers.openai.apiKey = ********");
});

function read(text: string): Json {
  const parsed = parseConfig(text, PATH);
  assert(parsed.kind === "ok");
  return parsed.raw;
}

function unknownKeys(text: string): readonly string[] {
  const parsed = parseConfig(text, PATH);
  assert(parsed.kind === "ok");
  return parsed.warnings.filter(({ kind }) => kind === "unknown").map(({ path }) => path);
}

function flatten(value: Json, path = ""): Map<string, Json> {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    return new Map([[path, value]]);
  }
  return new Map(
    Object.entries(value).flatMap(([name, inner]) => [
      ...flatten(inner, path === "" ? name : `${path}.${name}`),
    ]),
  );
}
