import assert from "node:assert/strict";
import { type ChaosConfig, LLMock } from "@copilotkit/aimock";
import { createRandom } from "../../src/platform/deno.ts";
import { openFiles } from "../../src/platform/files.ts";
import { createFetch } from "../../src/platform/provider_fetch.ts";
import { type ProviderName, PROVIDERS } from "../../src/providers/catalog.ts";
import { listModels } from "../../src/providers/models.ts";
import { openModel } from "../../src/providers/open_model.ts";
import type { ProviderPorts } from "../../src/providers/ports.ts";
import type { LanguageModel, Prompt, ProviderErrorCode } from "../../src/providers/provider.ts";
import { createWhisper } from "../../src/providers/whisper.ts";
import { createFakeClock } from "../fakes/clock.ts";
import { failureOf, settingsAt } from "./provider_bench.ts";
import { codexTokens } from "./provider_canary.ts";

// The same adapters against a mock that others wrote from the vendors' documentation.

const never = () => new AbortController().signal;
const SCHEMA = { name: "selection", json: { type: "object" } } as const;

/** Where the mock speaks the language of each provider. */
const PATHS: Readonly<Partial<Record<ProviderName, string>>> = {
  openai: "/v1",
  openrouter: "/api/v1",
  groq: "/openai/v1",
  custom: "/v1",
  ollama: "",
  anthropic: "",
  openai_codex: "/v1",
};

interface Bench {
  readonly mock: LLMock;
  readonly model: LanguageModel;
  readonly ports: ProviderPorts;
  readonly base: string;
}

function withMock(
  promise: string,
  providers: readonly ProviderName[],
  test: (bench: Bench) => Promise<void>,
): void {
  for (const provider of providers) {
    const name = `aimock as ${provider}: ${promise}`;
    // On Deno the mock's server leaves an interval behind, and does not always notice that nobody
    // is connected any more: its end is not waited for.
    Deno.test({ name, sanitizeOps: false, sanitizeResources: false }, async () => {
      const home = await Deno.makeTempDir();
      const mock = new LLMock({ port: 0, host: "127.0.0.1", logLevel: "silent" });
      try {
        await mock.start();
        const clock = createFakeClock();
        const secrets = openFiles(home).under("secrets");
        await secrets.replace("codex.json", codexTokens(clock.now()));
        const ports = { fetch: createFetch(), clock, random: createRandom(), secrets };
        const base = `${mock.url}${PATHS[provider]}`;
        const settings = { providers: settingsAt(base), models: {} };
        await test({ mock, model: openModel(`${provider}/m-1`, settings, ports), ports, base });
      } finally {
        mock.stop().catch(() => {});
        await Deno.remove(home, { recursive: true });
      }
    });
  }
}

const ALL = Object.keys(PATHS) as ProviderName[];

const ask = (text: string): Prompt => ({
  messages: [{ role: "system", text: "Be brief." }, { role: "user", text }],
  maxTokens: 200,
});

withMock("answers in pieces, and thoughts stay unseen", ALL, async ({ mock, model }) => {
  mock.onMessage("hello", {
    content: "Hi there, this is a longer answer in several pieces.",
    reasoning: "Secretly pondering the greeting.",
  });
  const pieces: string[] = [];
  const answer = await model.complete(
    { ...ask("hello"), onText: (piece) => pieces.push(piece) },
    never(),
  );
  assert.equal(answer.text, "Hi there, this is a longer answer in several pieces.");
  assert.equal(pieces.join(""), answer.text);
  assert.ok(pieces.length > 1);
  assert.ok(answer.usage.outputTokens > 0);
});

withMock("answers with an object", ALL.filter((name) => name !== "anthropic"), async (bench) => {
  bench.mock.onMessage("choose", { content: JSON.stringify({ decision: "chat" }) });
  const answer = await bench.model.complete({ ...ask("choose"), schema: SCHEMA }, never());
  assert.deepEqual(answer.object, { decision: "chat" });
});

withMock("answers with an object through a tool", ["anthropic"], async ({ mock, model }) => {
  const toolCalls = [{ name: "selection", arguments: JSON.stringify({ decision: "chat" }) }];
  mock.onToolCall("selection", { toolCalls });
  const answer = await model.complete({ ...ask("choose"), schema: SCHEMA }, never());
  assert.deepEqual(answer.object, { decision: "chat" });
});

withMock("recovers from one failure", ALL, async ({ mock, model }) => {
  mock.onMessage("hello", { content: "Hi" });
  mock.nextRequestError(503, { message: "overloaded", type: "server_error" });
  assert.equal((await model.complete(ask("hello"), never())).text, "Hi");
});

const CHAOS: readonly (readonly [string, ChaosConfig, ProviderErrorCode])[] = [
  ["every request is dropped", { dropRate: 1 }, "provider_broken"],
  ["every answer is malformed", { malformedRate: 1 }, "provider_broken"],
  ["every connection dies", { disconnectRate: 1 }, "provider_unreachable"],
  ["every request is limited", { rateLimitRate: 1 }, "provider_rate"],
];

for (const [what, chaos, code] of CHAOS) {
  // On Deno 2.7 the mock cannot close a connection.
  if (chaos.disconnectRate && Deno.version.deno.startsWith("2.7.")) continue;
  withMock(`fails as ${code} when ${what}`, ALL, async ({ mock, model }) => {
    mock.onMessage("hello", { content: "Hi" });
    mock.setChaos(chaos);
    assert.equal((await failureOf(model.complete(ask("hello"), never()))).code, code);
  });
}

withMock("lists its models", ["openai", "openrouter", "ollama"], async ({ mock, ports, base }) => {
  mock.on({ userMessage: "hello", model: "m-1" }, { content: "Hi" });
  const provider = base.endsWith("/api/v1")
    ? "openrouter"
    : base.endsWith("/v1")
    ? "openai"
    : "ollama";
  const listed = await listModels(PROVIDERS[provider], settingsAt(base), ports, never());
  assert.equal(listed.source, "provider");
  assert.ok(listed.models.length > 0);
});

withMock("writes down what was said", ["groq"], async ({ mock, ports }) => {
  mock.onTranscription({ transcription: { text: "buy milk" } });
  const whisper = createWhisper({
    url: `${mock.url}/v1/audio/transcriptions`,
    model: "whisper-large-v3",
    apiKey: "",
    style: "openai",
    timeoutMs: 5000,
  }, ports);
  const recording = { bytes: new Uint8Array(100), name: "voice.ogg" };
  assert.equal(await whisper.transcribe(recording, never()), "buy milk");
});
