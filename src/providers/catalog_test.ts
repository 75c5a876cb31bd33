import assert from "node:assert/strict";
import { PROVIDER_NAMES, providerHosts, PROVIDERS } from "./catalog.ts";

Deno.test("there are nine providers, OpenRouter first", () => {
  assert.equal(PROVIDER_NAMES.length, 9);
  assert.equal(PROVIDER_NAMES[0], "openrouter");
  for (const name of PROVIDER_NAMES) assert.equal(PROVIDERS[name].name, name);
});

Deno.test("the core may reach configured providers and no others", () => {
  const none = providerHosts({});
  assert.ok(!none.some((host) => /openrouter|anthropic|groq|api\.openai/.test(host)), `${none}`);
  const some = providerHosts({
    groq: { hasKey: true },
    anthropic: { hasKey: false },
    custom: { hasKey: false, apiBase: "https://llm.example.org:8443/v1/" },
    ollama: { hasKey: false, apiBase: "http://nas.local:11434" },
  });
  for (const host of ["api.groq.com", "llm.example.org:8443", "nas.local:11434"]) {
    assert.ok(some.includes(host), host);
  }
  assert.ok(!some.includes("api.anthropic.com"));
});

Deno.test("an address that is none gives no permission", () => {
  const hosts = providerHosts({ custom: { hasKey: false, apiBase: "not an address" } });
  assert.ok(hosts.every((host) => /^[\w.-]+(?::\d+)?$/.test(host)), `${hosts}`);
});
