import assert from "node:assert/strict";
import { startModelServer } from "../fakes/model_server.ts";
import { Clambot } from "./clambot.ts";

// Setting up without a terminal: what is found, chosen and written.

interface Written {
  readonly agents?: {
    readonly defaults?: { readonly model?: string };
    readonly selector?: { readonly model?: string };
  };
  readonly providers?: Readonly<
    Record<string, { readonly apiKey?: string; readonly apiBase?: string }>
  >;
}

async function written(clambot: Clambot): Promise<Written> {
  return JSON.parse(await Deno.readTextFile(`${clambot.home}/config.json`));
}

Deno.test("one key in the environment is enough to be answered, no file edited (A1, A5, A7)", async () => {
  await using clambot = await Clambot.inEmptyHome();
  await using server = startModelServer("openai_compatible", {
    kind: "object",
    value: { decision: "chat", clam_id: null, inputs: {}, chat_response: "Hello!", reason: "" },
  });
  // Only so that the test reaches no real server.
  const providers = { openrouter: { apiBase: server.url } };
  await clambot.write(".clambot/config.json", JSON.stringify({ providers }));
  const env = { OPENROUTER_API_KEY: "sk-or-v1-test-key-123456" };
  const onboarded = await clambot.run(["onboard"], { env });
  assert.equal(onboarded.code, 0, onboarded.stderr);
  assert.match(onboarded.stdout, /openrouter \(key in the environment\)/);
  assert.match(onboarded.stdout, /Model: +openrouter\/anthropic\/claude-sonnet-5\.5 \(.*only/);
  assert.ok(!onboarded.stdout.includes("sk-or-v1"), onboarded.stdout);
  const config = await written(clambot);
  assert.equal(config.providers?.openrouter?.apiKey, "sk-or-v1-test-key-123456");
  assert.equal(config.agents?.selector?.model, "openrouter/openai/gpt-6-luna");
  const answered = await clambot.run(["agent", "-m", "hi"]);
  assert.equal(answered.code, 0, answered.stderr);
  assert.match(answered.stdout, /Hello!/);
  assert.ok(
    server.requests.every(({ headers }) =>
      headers.get("authorization") === "Bearer sk-or-v1-test-key-123456"
    ),
  );
});

Deno.test("all six keys are stored, and the first in the order of preference is used (A2, A6)", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const names = ["GEMINI", "GROQ", "DEEPSEEK", "OPENAI", "ANTHROPIC", "OPENROUTER"];
  const env = Object.fromEntries(
    names.map((name) => [`${name}_API_KEY`, `key-of-${name.toLowerCase()}-1234`]),
  );
  const onboarded = await clambot.here.run(["onboard", "--yes"], { env });
  assert.equal(onboarded.code, 0, onboarded.stderr);
  assert.match(onboarded.stdout, /OpenRouter comes before Anthropic, OpenAI, .* in the order/);
  const { providers, agents } = await written(clambot);
  for (const name of names.map((one) => one.toLowerCase())) {
    assert.equal(providers?.[name]?.apiKey, `key-of-${name}-1234`);
  }
  assert.match(agents?.defaults?.model ?? "", /^openrouter\//);
});

Deno.test("what the person has written stays, also when onboarding finds something else (A4)", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const before = {
    agents: { defaults: { model: "custom/mine" } },
    providers: { groq: { apiKey: "my-own-key" }, custom: { apiBase: "http://127.0.0.1:1/v1" } },
  };
  await clambot.write(".clambot/config.json", JSON.stringify(before));
  const env = { GROQ_API_KEY: "another-key", GEMINI_API_KEY: "new-key-123" };
  for (let times = 0; times < 2; times++) {
    assert.equal((await clambot.here.run(["onboard"], { env })).code, 0);
  }
  const after = await written(clambot);
  assert.equal(after.agents?.defaults?.model, "custom/mine");
  assert.equal(after.agents?.selector, undefined);
  assert.equal(after.providers?.groq?.apiKey, "my-own-key");
  assert.equal(after.providers?.gemini?.apiKey, "new-key-123");
});

Deno.test("the .env file beside the configuration counts, one elsewhere does not (A22)", async () => {
  await using clambot = await Clambot.inEmptyHome();
  await clambot.write(".clambot/.env", "export GROQ_API_KEY='from-the-file'\n");
  await clambot.write(".env", "ANTHROPIC_API_KEY=from-elsewhere\n");
  const onboarded = await clambot.here.run(["onboard"]);
  assert.match(onboarded.stdout, /groq \(key in \.env\)/);
  const { providers } = await written(clambot);
  assert.equal(providers?.groq?.apiKey, "from-the-file");
  assert.equal(providers?.anthropic, undefined);
});

Deno.test("a wish is met without a question, and one that cannot be met is told (A8)", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const env = { OPENROUTER_API_KEY: "key-one-123456", ANTHROPIC_API_KEY: "key-two-123456" };
  const args = ["onboard", "--yes", "--provider", "anthropic", "--model", "claude-opus-5-5"];
  const onboarded = await clambot.here.run(args, { env });
  assert.equal(onboarded.code, 0, onboarded.stderr);
  assert.equal((await written(clambot)).agents?.defaults?.model, "anthropic/claude-opus-5-5");
  const refused = await clambot.here.run(["onboard", "--provider", "gemini"], { env });
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /Gemini is not set up\.\n.*GEMINI_API_KEY/);
});

Deno.test("an Ollama that OLLAMA_HOST names is used, with its models (A3)", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const body = '{"models":[{"name":"qwen3:8b"}]}';
  await using server = startModelServer("openai_compatible", { kind: "status", status: 200, body });
  const env = { OLLAMA_HOST: server.url.replace("http://", "") };
  const onboarded = await clambot.here.run(["onboard"], { env });
  assert.equal(onboarded.code, 0, onboarded.stderr);
  const { providers, agents } = await written(clambot);
  assert.equal(providers?.ollama?.apiBase, server.url);
  assert.equal(agents?.defaults?.model, "ollama/qwen3:8b");
});

Deno.test("nothing found is no error, and says how to go on", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const onboarded = await clambot.here.run(["onboard"], { env: { OLLAMA_HOST: "127.0.0.1:1" } });
  assert.equal(onboarded.code, 0, onboarded.stderr);
  assert.match(onboarded.stdout, /none\. The starter clams work without one/);
  assert.equal((await Deno.stat(`${clambot.home}/config.json`)).mode! & 0o777, 0o600);
});
