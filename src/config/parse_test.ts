import assert from "node:assert/strict";
import fc from "fast-check";
import type { Json } from "../domain/json.ts";
import { configKeys, getKey } from "./keys.ts";
import { defaultConfig, parseConfig } from "./parse.ts";

const PATH = "/home/ada/.clambot/config.json";

function load(value: unknown) {
  const parsed = parseConfig(JSON.stringify(value), PATH);
  assert(parsed.kind === "ok", parsed.kind === "invalid" ? parsed.failure.message : "");
  return parsed;
}

function complaint(text: string): string {
  const parsed = parseConfig(text, PATH);
  assert(parsed.kind === "invalid");
  assert.equal(parsed.failure.code, "config_invalid");
  return parsed.failure.message;
}

Deno.test("A17: an empty object gives the full defaults", () => {
  assert.deepEqual(load({}).config, defaultConfig());
  assert.equal(defaultConfig().agents.defaults.maxTokens, 8192);
});

Deno.test("A23: files stay in the workspace by default", () => {
  assert.equal(defaultConfig().tools.filesystem.restrictToWorkspace, true);
});

Deno.test("A9: a JSON mistake is named by file, line and column", () => {
  assert.equal(
    complaint('{\n  "agents": {\n    "defaults": {},\n  }\n}'),
    `${PATH}:3:19: this is not JSON: this "," has nothing after it.`,
  );
});

Deno.test("A9: the text around a JSON mistake is not repeated, since it may hold a key", () => {
  const message = complaint('{"providers": {"openai": {"apiKey": "sk-very-secret\n}}}');
  assert(!message.includes("secret"), message);
});

Deno.test("A15: a wrong type is one line with the path and the place", () => {
  assert.equal(
    complaint('{\n "agents": {"defaults": {\n  "maxTokens": "many"}}\n}'),
    `${PATH}:3:16: agents.defaults.maxTokens: ` +
      `expected a whole number of at least 1, got "many".`,
  );
});

Deno.test("A15: each kind of key says what it wants", () => {
  const wrong: readonly (readonly [unknown, string])[] = [
    [[], "the configuration: expected an object, got a list."],
    [{ agents: 5 }, "agents: expected an object, got a number."],
    [
      { agents: { defaults: { temperature: 9 } } },
      "agents.defaults.temperature: expected a number from 0 to 2, got 9.",
    ],
    [
      { agents: { defaults: { disabled_tools: ["a", 5] } } },
      'agents.defaults.disabledTools: expected a list of texts, got ["a",5].',
    ],
    [
      { agents: { defaults: { timezone: "Mars/Olympus" } } },
      "agents.defaults.timezone: expected an IANA time zone such as Europe/Vienna, " +
      'got "Mars/Olympus".',
    ],
    [
      { agents: { approvals: { alwaysGrants: "everything" } } },
      "agents.approvals.alwaysGrants: expected a list of grants such as " +
      '"fs:workspace" or {"tool": "fs", "scope": "workspace"}, got "everything".',
    ],
    [
      { tools: { transcribe: { whisperApiStyle: "morse" } } },
      'tools.transcribe.whisperApiStyle: expected "openai" or "whisper_asr", got "morse".',
    ],
    [
      { agents: { models: { "gpt-4.1": { maxContextSize: 0 } } } },
      "agents.models.gpt-4.1.maxContextSize: expected a whole number of at least 1, got 0.",
    ],
  ];
  for (const [value, expected] of wrong) {
    const message = complaint(JSON.stringify(value));
    assert.equal(message.slice(message.indexOf(": ") + 2), expected);
  }
});

Deno.test("a wrong type under a secret key is named without its value", () => {
  const texts = [
    '{"providers": {"openai": {"apiKey": ["sk-secret"]}}}',
    '{"providers": {"openai": "sk-secret"}}',
    '{"providers": {"openai": {"extraHeaders": {"x": ["sk-secret"]}}}}',
    '{"providers": {"openai": {"apiBase": ["https://me:sk-secret@host"]}}}',
  ];
  for (const text of texts) assert(!complaint(text).includes("sk-secret"), complaint(text));
});

Deno.test("A14: an unknown key is a warning that names the nearest key", () => {
  const { config, warnings } = load({
    agents: { defaults: { maxTokenz: 5 } },
    security: { restrictToWorkspace: false },
    somethingElse: 1,
  });
  assert.deepEqual(config, defaultConfig());
  assert.deepEqual(warnings.map(({ kind, message }) => `${kind} ${message.split(": ")[1]}`), [
    "unknown there is no key agents.defaults.maxTokenz; did you mean agents.defaults.maxTokens?",
    "unknown there is no key security.restrictToWorkspace; " +
    "did you mean tools.filesystem.restrictToWorkspace?",
    "unknown there is no key somethingElse.",
  ]);
});

Deno.test("an unknown key cannot draw on the terminal", () => {
  const [warning] = load({ "\u001b[2Jx": 1 }).warnings;
  assert(warning?.message.includes("\\u{1b}[2Jx"));
});

Deno.test("a key written twice is a warning, and the last writing counts", () => {
  const text = '{"agents": {"defaults": {"max_tokens": 1, "maxTokens": 2}}}';
  const parsed = parseConfig(text, PATH);
  assert(parsed.kind === "ok");
  assert.equal(parsed.config.agents.defaults.maxTokens, 2);
  assert.deepEqual(parsed.warnings.map(({ kind, path }) => [kind, path]), [
    ["twice", "agents.defaults.maxTokens"],
  ]);
});

Deno.test("a key without effect in this version is reported as such", () => {
  const { warnings } = load({ agents: { linkContext: { maxLinks: 1 } } });
  assert.deepEqual(warnings.map(({ kind, path }) => [kind, path]), [
    ["unused", "agents.linkContext.maxLinks"],
  ]);
});

Deno.test("null means that a key is not set", () => {
  const { config, raw } = load({ agents: null, tools: { filesystem: { max_read_bytes: null } } });
  assert.deepEqual(config, defaultConfig());
  assert.deepEqual(raw, { tools: { filesystem: {} } });
});

Deno.test("the empty text means that an address is not set", () => {
  assert.equal(
    load({ providers: { custom: { apiBase: "" } } }).config.providers.custom.apiBase,
    undefined,
  );
});

Deno.test("grants are read as objects and as lines; the tool ends at the first colon", () => {
  const alwaysGrants = [
    { tool: "web_fetch", scope: "host:api.coinbase.com" },
    "web_fetch:host:api.coinbase.com",
    { tool: "fs", scope: "*", fingerprint: "0123456789abcdef" },
  ];
  assert.deepEqual(
    load({ agents: { approvals: { alwaysGrants } } }).config.agents.approvals.alwaysGrants,
    [
      { tool: "web_fetch", scope: "host:api.coinbase.com" },
      { tool: "web_fetch", scope: "host:api.coinbase.com" },
      { tool: "fs", scope: "*" },
    ],
  );
});

/** Items of lists, each with what its sentence says and with what narrows in it. */
const DROPPED: readonly (readonly [key: string, item: Json, says: string])[] = [
  ["agents.approvals.alwaysGrants", "everything", "it is none"],
  ["agents.approvals.alwaysGrants", 5, "it is none"],
  ["agents.approvals.alwaysGrants", { tool: "fs" }, 'its "scope" is missing'],
  ...[
    { methods: ["GET"] },
    { effect: "readonly" },
    { expires: "7d" },
    { expiresAt: "next week" },
    { expiresAt: "2027-01-31T12:00:00" },
    { expiresAt: "2027-13-31" },
    { expiresAt: -1 },
    { expiresAt: "2027-01-31", expires_at: "2026-01-31" },
    { Scope: "file:/x" },
  ].map((narrow) =>
    [
      "agents.approvals.alwaysGrants",
      { tool: "fs", scope: "workspace", ...narrow } as Json,
      `"${Object.keys(narrow).at(-1)}" in it is not understood`,
    ] as const
  ),
  [
    "network.allowHosts",
    { url: "http://nas:80", addresses: "10.0.0.1", tools: ["http_request"], methods: ["GET"] },
    '"methods" in it is not understood',
  ],
  ["network.allowHosts", { url: "http://nas:80", addresses: "10.0.0.1" }, 'its "tools" is missing'],
];

for (const [key, item, says] of DROPPED) {
  Deno.test(`${JSON.stringify(item)} in ${key} is dropped alone, with its place (S15)`, () => {
    const good: Json = key.startsWith("agents")
      ? { tool: "time", scope: "*" }
      : { url: "http://tv:80", addresses: "10.0.0.2", tools: ["http_request"] };
    const value = key.split(".").reduceRight<Json>((inner, name) => ({ [name]: inner }), [
      item,
      good,
    ]);
    const { config, warnings } = load(value);
    assert.deepEqual(getKey(config, key), [good]);
    const [{ kind, message } = { kind: "", message: "" }, ...more] = warnings;
    assert.deepEqual([kind, more], ["dropped", []]);
    assert.match(message, new RegExp(`^${PATH}:1:\\d+: ${key.replaceAll(".", "\\.")}: `));
    assert(message.endsWith(`is dropped and allows nothing: ${says}.`), message);
  });
}

Deno.test("a grant's expiry is read as milliseconds, a moment or a day, in both spellings (S15)", () => {
  const narrow: readonly Json[] = [
    { expiresAt: 1_801_396_800_000 },
    { expiresAt: "2027-01-31T12:00:00Z" },
    { expires_at: "2027-01-31T14:00+02:00" },
    { expiresAt: "2027-01-31" },
    { expiresAt: null, effect: "read" },
  ];
  const alwaysGrants = narrow.map((one) => ({ tool: "fs", scope: "*", ...one as object }));
  const { config, warnings } = load({ agents: { approvals: { alwaysGrants } } });
  assert.deepEqual(warnings, []);
  assert.deepEqual(config.agents.approvals.alwaysGrants, [
    ...[1_801_396_800_000, 1_801_396_800_000, 1_801_396_800_000, 1_801_353_600_000]
      .map((expiresAt) => ({ tool: "fs", scope: "*", expiresAt })),
    { tool: "fs", scope: "*", effect: "read" },
  ]);
});

Deno.test("an item that no room can read is dropped alone, at its own place", () => {
  const text = '{"agents": {"approvals": {"alwaysGrants": ["a:x", "bad", "b:x",\n "c:x"]}}}';
  const parsed = parseConfig(
    text,
    PATH,
    ({ agents }) =>
      agents.approvals.alwaysGrants.flatMap(({ tool }, item) =>
        tool === "b" ? [] : [{ key: "agents.approvals.alwaysGrants", message: `No ${tool}.`, item }]
      ),
  );
  assert(parsed.kind === "ok");
  assert.deepEqual(parsed.config.agents.approvals.alwaysGrants, [{ tool: "b", scope: "x" }]);
  assert.deepEqual(parsed.warnings.map(({ message }) => message.replace(/^.*json:/, "")), [
    '1:51: agents.approvals.alwaysGrants: "bad" is dropped and allows nothing: it is none.',
    '1:44: agents.approvals.alwaysGrants: "a:x" is dropped and allows nothing: No a.',
    '2:2: agents.approvals.alwaysGrants: "c:x" is dropped and allows nothing: No c.',
  ]);
});

Deno.test("names that the person chose stay as they are", () => {
  const { config, warnings } = load({
    agents: { models: { "my_model.v1": { max_context_size: 9 } } },
    providers: { custom: { extra_headers: { "x_my-Header": "1" } } },
    tools: { mcp_servers: { git_hub: { env: { my_token: "x" } } } },
  });
  assert.equal(config.agents.models["my_model.v1"]?.maxContextSize, 9);
  assert.equal(config.providers.custom.extraHeaders["x_my-Header"], "1");
  assert.deepEqual(config.tools.mcpServers["git_hub"], { env: { my_token: "x" } });
  assert.deepEqual(warnings.filter(({ kind }) => kind !== "unused"), []);
});

Deno.test("a configuration cannot reach a prototype", () => {
  const parsed = parseConfig(
    '{"__proto__": {"security": {"sslFallbackInsecure": true}}, ' +
      '"agents": {"models": {"__proto__": {"maxContextSize": 1}}}}',
    PATH,
  );
  assert(parsed.kind === "ok");
  assert.deepEqual(parsed.config, defaultConfig());
  assert.deepEqual(parsed.warnings.map(({ kind }) => kind), ["unknown", "unknown"]);
});

/** A good value of every key that differs from its default. */
function otherValue(expects: string, fallback: Json | undefined): Json {
  if (expects.startsWith("a whole")) return otherNumber(expects, fallback);
  if (expects.startsWith("a number")) return typeof fallback === "number" && fallback / 2 || 1;
  if (expects === "true or false") return fallback === false;
  if (expects === "a list of texts") return ["x"];
  if (expects.startsWith("a list of grants")) return ["fs:workspace"];
  if (expects.startsWith('a list of {"name"')) return [{ name: "X", hosts: "a.example" }];
  if (expects.startsWith("a list of {")) return [{ url: "http://a", addresses: "::1", tools: "x" }];
  if (expects === "an object") return { command: "x" };
  if (expects.startsWith("an address such as ")) return "http://127.0.0.1:1";
  if (expects === '"entities" or "markdownv2"') return "markdownv2";
  if (expects.startsWith("an IANA")) return "Europe/Vienna";
  if (expects.startsWith("hours such")) return "22:00-07:00";
  return expects === "text" ? "x" : "whisper_asr";
}

function otherNumber(expects: string, fallback: Json | undefined): number {
  const most = Number(/ to (\d+)/.exec(expects)?.[1] ?? Infinity);
  const usual = typeof fallback === "number" ? fallback : 9;
  return usual + 1 > most ? usual - 1 : usual + 1;
}

Deno.test("A13: camelCase and snake_case of every key are equal", () => {
  for (const key of configKeys) {
    const value = otherValue(key.expects, key.fallback);
    const steps = key.path.split(".");
    const wrap = (spell: (name: string) => string) =>
      steps.reduceRight<Json>((inner, step) => ({ [spell(step)]: inner }), value);
    const camel = load(wrap((step) => step));
    const snake = load(wrap((step) => step === "<name>" ? step : snakeCase(step)));
    assert.deepEqual(snake.config, camel.config, key.path);
    assert.notDeepEqual(camel.config, defaultConfig(), key.path);
    assert.deepEqual(camel.warnings.filter(({ kind }) => kind === "unknown"), [], key.path);
    assert.notEqual(getKey(camel.config, key.path), undefined, key.path);
  }
});

Deno.test("A13: any mixture of spellings means the same", () => {
  const keys = configKeys.filter(({ path }) => !path.includes("<"));
  const picks = fc.uniqueArray(fc.record({ index: fc.nat(keys.length - 1), snake: fc.boolean() }), {
    selector: ({ index }) => index,
    maxLength: 12,
  });
  fc.assert(fc.property(picks, (chosen) => {
    const camel: Record<string, unknown> = {};
    const mixed: Record<string, unknown> = {};
    for (const { index, snake } of chosen) {
      const key = keys[index];
      if (!key) continue;
      const value = otherValue(key.expects, key.fallback);
      put(camel, key.path.split("."), value);
      put(mixed, key.path.split(".").map((step) => snake ? snakeCase(step) : step), value);
    }
    fc.pre(Object.keys(mixed).length === Object.keys(camel).length);
    const parsed = load(mixed);
    fc.pre(!parsed.warnings.some(({ kind }) => kind === "twice"));
    assert.deepEqual(parsed.config, load(camel).config);
  }));
});

Deno.test("a configuration of the original loads without a complaint", async () => {
  const text = await Deno.readTextFile(new URL("./testdata/original.json", import.meta.url));
  const parsed = parseConfig(text, PATH);
  assert(parsed.kind === "ok", parsed.kind === "invalid" ? parsed.failure.message : "");
  assert.deepEqual(parsed.warnings.filter(({ kind }) => kind !== "unused"), []);
  assert.equal(parsed.config.agents.defaults.model, "openrouter/google/gemini-2.0-flash-001");
});

function snakeCase(name: string): string {
  return name.replace(
    /[A-Z]/g,
    (letter, index, whole) =>
      /[a-z0-9]/.test(whole[index - 1]) ? `_${letter.toLowerCase()}` : letter.toLowerCase(),
  );
}

function put(target: Record<string, unknown>, steps: readonly string[], value: unknown): void {
  const [step = "", ...rest] = steps;
  if (rest.length === 0) target[step] = value;
  else put((target[step] ??= {}) as Record<string, unknown>, rest, value);
}
