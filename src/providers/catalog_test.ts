import assert from "node:assert/strict";
import { PROVIDER_NAMES, providerHosts, PROVIDERS, type ProvidersSettings } from "./catalog.ts";

function settings(changes: Partial<Record<string, object>>): ProvidersSettings {
  const empty = { apiKey: "", extraHeaders: {} };
  return Object.fromEntries(
    Object.values(PROVIDERS).map(({ section }) => [section, { ...empty, ...changes[section] }]),
  ) as unknown as ProvidersSettings;
}

Deno.test("there are nine providers, OpenRouter first", () => {
  assert.equal(PROVIDER_NAMES.length, 9);
  assert.equal(PROVIDER_NAMES[0], "openrouter");
  for (const name of PROVIDER_NAMES) assert.equal(PROVIDERS[name].name, name);
});

Deno.test("the core may reach configured providers and no others", () => {
  const none = providerHosts(settings({}));
  assert.ok(!none.some((host) => /openrouter|anthropic|groq|api\.openai/.test(host)), `${none}`);
  const some = providerHosts(settings({
    groq: { apiKey: "gsk-1" },
    custom: { apiBase: "https://llm.example.org:8443/v1/" },
    ollama: { apiBase: "http://nas.local:11434" },
  }));
  for (const host of ["api.groq.com", "llm.example.org:8443", "nas.local:11434"]) {
    assert.ok(some.includes(host), host);
  }
  assert.ok(!some.includes("api.anthropic.com"));
});

Deno.test("an address that is none gives no permission", () => {
  const hosts = providerHosts(settings({ custom: { apiBase: "not an address" } }));
  assert.ok(hosts.every((host) => /^[\w.-]+(?::\d+)?$/.test(host)), `${hosts}`);
});
