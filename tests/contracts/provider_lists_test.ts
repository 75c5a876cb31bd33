import assert from "node:assert/strict";
import type { JsonObject } from "../../src/domain/json.ts";
import {
  type ProviderName,
  PROVIDERS,
  type ProvidersSettings,
} from "../../src/providers/catalog.ts";
import { checkProvider } from "../../src/providers/check.ts";
import { listModels } from "../../src/providers/models.ts";
import { openTestModel as openModel } from "./provider_bench.ts";
import { type ModelServer, startModelServer } from "../fakes/model_server.ts";
import { failureOf, never, settingsAt, status, withPorts } from "./provider_bench.ts";
import { CANARY_KEY } from "./provider_canary.ts";
import { PROMPT } from "./provider_questions.ts";

// Lists of models, checks of providers, and providers that are not there.

async function listed(
  provider: ProviderName,
  answer: JsonObject,
): Promise<{ models: readonly string[]; server: ModelServer }> {
  const body = JSON.stringify(answer);
  await using server = startModelServer("openai_compatible", { kind: "status", status: 200, body });
  let models: readonly string[] = [];
  await withPorts(async (ports) => {
    models = (await listModels(PROVIDERS[provider], settingsAt(server.url), ports, never())).models;
  });
  return { models, server };
}

Deno.test("models are listed from each kind of list, without those that cannot chat", async () => {
  const data = [{ id: "models/gemini-3.8-flash" }, { id: "text-embedding-3" }, { id: "whisper-1" }];
  const gemini = await listed("gemini", { data });
  assert.deepEqual(gemini.models, ["gemini-3.8-flash"]);
  assert.equal(gemini.server.requests[0]?.path, "/models");
  const ollama = await listed("ollama", { models: [{ name: "qwen3:8b" }] });
  assert.deepEqual(ollama.models, ["qwen3:8b"]);
  assert.equal(ollama.server.requests[0]?.path, "/api/tags");
  const anthropic = await listed("anthropic", { data: [{ id: "claude-sonnet-5-5" }] });
  assert.equal(anthropic.server.requests[0]?.path, "/v1/models?limit=1000");
  assert.equal(anthropic.server.requests[0]?.headers.get("x-api-key"), CANARY_KEY);
  const codex = await listed("openai_codex", { models: [{ slug: "gpt-5.6-sol" }] });
  assert.deepEqual(codex.models, ["gpt-5.6-sol"]);
});

Deno.test("a provider that cannot be reached leaves the short list, and says why", async () => {
  await using server = startModelServer("openai_compatible", status(500, "oops"));
  await withPorts(async (ports) => {
    const list = await listModels(PROVIDERS.groq, settingsAt(server.url), ports, never());
    assert.deepEqual([list.source, list.models], ["curated", PROVIDERS.groq.models]);
    assert.equal(list.failure?.code, "provider_broken");
  });
});

Deno.test("a check is one small question, answered or failed by class (A37)", async () => {
  for (const name of ["openrouter", "anthropic", "openai_codex", "ollama"] as const) {
    const { protocol, defaultModel } = PROVIDERS[name];
    const tags = { kind: "status", status: 200, body: '{"models":[{"name":"m"}]}' } as const;
    const script = defaultModel ? [] : [tags];
    if (defaultModel === "auto") script.push(tags);
    await using server = startModelServer(protocol, ...script, { kind: "empty" });
    await withPorts(async (ports) => {
      const settings = { providers: settingsAt(server.url), models: {} };
      const check = await checkProvider(PROVIDERS[name], undefined, settings, ports, never());
      assert.equal(check.kind, "answered");
      assert.equal(server.requests.length, script.length + 1);
    });
  }
  await using server = startModelServer("openai_compatible", status(401, `bad key ${CANARY_KEY}`));
  await withPorts(async (ports) => {
    const settings = { providers: settingsAt(server.url), models: {} };
    const check = await checkProvider(PROVIDERS.groq, "m", settings, ports, never());
    assert.ok(check.kind === "failed" && check.code === "provider_auth");
    assert.equal(server.requests.length, 1);
    assert.equal(server.requests[0]?.body.model, "m");
  });
});

Deno.test("nobody at the address is told in one sentence with the next step", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${listener.addr.port}`;
  listener.close();
  await withPorts(async (ports) => {
    const settings = { providers: settingsAt(url), models: {} };
    const model = openModel("ollama/qwen3", settings, ports);
    const error = await failureOf(model.complete(PROMPT, never()));
    assert.equal(error.code, "provider_unreachable");
    assert.equal(error.message, `Cannot reach Ollama at ${url}.`);
    assert.match(error.failure.hint ?? "", /ollama serve/);
  });
});

Deno.test("every section of the configuration belongs to one provider", () => {
  const sections = new Set(Object.values(PROVIDERS).map(({ section }) => section));
  const all: ProvidersSettings = settingsAt("http://x");
  assert.deepEqual(Object.keys(all).sort(), [...sections].sort());
});
