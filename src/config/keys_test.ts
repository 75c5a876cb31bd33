import assert from "node:assert/strict";
import type { Json } from "../domain/json.ts";
import { configKeys, findPlace, getKey, showKey } from "./keys.ts";
import { defaultConfig, parseConfig } from "./parse.ts";

function load(value: Json) {
  const parsed = parseConfig(JSON.stringify(value), "config.json");
  assert(parsed.kind === "ok");
  return parsed.config;
}

Deno.test("every key has a sentence of its own and a place that its path leads to", () => {
  for (const { path, doc, expects } of configKeys) {
    assert.match(doc, /^[A-Z`].*\.$/, path);
    assert.notEqual(expects, "", path);
    const place = findPlace(path.replaceAll("<name>", "some.name"))?.place;
    assert.equal(place?.kind, "key", path);
  }
  assert.equal(new Set(configKeys.map(({ path }) => path)).size, configKeys.length);
});

Deno.test("all nine providers have a key, an address and headers", () => {
  const names = [
    ...["openrouter", "anthropic", "openai", "gemini", "deepseek", "groq", "ollama"],
    ...["openaiCodex", "custom"],
  ];
  const paths = configKeys.map(({ path }) => path);
  for (const name of names) {
    for (const key of ["apiKey", "apiBase", "extraHeaders.<name>"]) {
      assert(paths.includes(`providers.${name}.${key}`), `${name}.${key}`);
    }
  }
});

Deno.test("getKey() gives what is written and else the default", () => {
  const config = load({ agents: { defaults: { maxTokens: 5 } } });
  assert.equal(getKey(config, "agents.defaults.maxTokens"), 5);
  assert.equal(getKey(config, "agents.defaults.max_tokens"), 5);
  assert.equal(getKey(config, "agents.defaults.maxSelfFixAttempts"), 3);
  assert.equal(getKey(config, "agents.budgets.perDay.usd"), undefined);
  assert.equal(getKey(config, "agents.defaults.nothing"), undefined);
});

Deno.test("getKey() finds names with dots in them", () => {
  const config = load({
    agents: { models: { "openai/gpt-4.1": { maxContextSize: 7, price: { inputPerMillion: 2 } } } },
    providers: { custom: { extraHeaders: { "x.y": "z" } } },
  });
  assert.equal(getKey(config, "agents.models.openai/gpt-4.1.maxContextSize"), 7);
  assert.equal(getKey(config, "agents.models.openai/gpt-4.1.price.inputPerMillion"), 2);
  assert.equal(getKey(config, "providers.custom.extraHeaders.x.y"), "z");
});

Deno.test("getKey() finds nothing on a prototype", () => {
  const config = defaultConfig();
  for (const path of ["constructor", "__proto__", "agents.models.constructor.price", "toString"]) {
    assert.equal(getKey(config, path), undefined, path);
  }
});

Deno.test("showKey() never gives a secret away", () => {
  const secret = "sk-very-secret";
  const config = load({
    providers: {
      openai: { apiKey: secret, extraHeaders: { Authorization: secret } },
      custom: { apiBase: `https://me:${secret}@llm.local/v1` },
    },
    channels: { telegram: { token: secret, proxy: `http://me:${secret}@proxy:1` } },
    tools: { mcpServers: { github: { args: [secret], env: { TOKEN: secret } } } },
  });
  const paths = configKeys.map(({ path }) => path.replace("<name>", "Authorization"));
  for (const path of ["", "providers", "providers.openai", "tools.mcpServers", ...paths]) {
    assert(!JSON.stringify(showKey(config, path) ?? null).includes(secret), path);
  }
  assert.equal(showKey(config, "providers.openai.apiKey"), "********");
  assert.equal(showKey(config, "providers.openai.extraHeaders.Authorization"), "********");
  assert.equal(showKey(config, "providers.custom.apiBase"), "https://********@llm.local/v1");
});

Deno.test("showKey() shows that a secret is not set", () => {
  assert.equal(showKey(defaultConfig(), "providers.openai.apiKey"), "");
});

Deno.test("showKey() shows everything else as it is", () => {
  const config = load({ agents: { approvals: { alwaysGrants: ["fs:workspace"] } } });
  assert.deepEqual(showKey(config, "agents.approvals"), {
    enabled: true,
    interactive: true,
    allowAlways: true,
    askAlso: [],
    expireHours: 72,
    alwaysGrants: [{ tool: "fs", scope: "workspace" }],
  });
});
