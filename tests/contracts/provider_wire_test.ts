import assert from "node:assert/strict";
import type { JsonObject } from "../../src/domain/json.ts";
import { createRandom } from "../../src/platform/deno.ts";
import { openFiles } from "../../src/platform/files.ts";
import { createFetch } from "../../src/platform/provider_fetch.ts";
import {
  type ProviderName,
  PROVIDERS,
  type ProvidersSettings,
} from "../../src/providers/catalog.ts";
import { checkProvider } from "../../src/providers/check.ts";
import { listModels } from "../../src/providers/models.ts";
import { openModel } from "../../src/providers/open_model.ts";
import type { ProviderPorts } from "../../src/providers/ports.ts";
import type { Prompt } from "../../src/providers/provider.ts";
import { createWhisper } from "../../src/providers/whisper.ts";
import { createFakeClock } from "../fakes/clock.ts";
import { type Behaviour, type ModelServer, startModelServer } from "../fakes/model_server.ts";
import { failureOf, settingsAt, status, text, withBench } from "./provider.ts";
import { CANARY_KEY, codexTokens } from "./provider_canary.ts";

// What stands on the wire, provider by provider, and what happens when a server does not
// understand it.

const never = () => new AbortController().signal;

const PROMPT: Prompt = {
  messages: [
    { role: "system", text: "First rule." },
    { role: "user", text: "Hello?" },
    { role: "system", text: "Second rule." },
    { role: "user", text: "Are you there?" },
  ],
  maxTokens: 300,
  temperature: 0.7,
};

const STRUCTURED: Prompt = {
  ...PROMPT,
  schema: { name: "clam", json: { type: "object", properties: { script: { type: "string" } } } },
};

const OBJECT: Behaviour = { kind: "object", value: { script: "1" } };

/** Bodies that a provider sent for one prompt. */
async function bodiesOf(
  provider: ProviderName,
  model: string,
  prompt: Prompt,
  ...script: Behaviour[]
): Promise<readonly JsonObject[]> {
  let bodies: readonly JsonObject[] = [];
  await withBench({ provider, model }, script, async ({ model: opened, server }) => {
    await opened.complete(prompt, never());
    bodies = server.requests.map(({ body }) => body);
  });
  return bodies;
}

async function withPorts(
  test: (ports: ProviderPorts) => Promise<void>,
  changes: Partial<ProviderPorts> = {},
): Promise<void> {
  const home = await Deno.makeTempDir();
  try {
    const clock = createFakeClock();
    const secrets = openFiles(home);
    await secrets.replace("codex.json", codexTokens(clock.now()));
    await test({ fetch: createFetch(), clock, random: createRandom(), secrets, ...changes });
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

const MERGED = [
  { role: "system", content: "First rule.\n\nSecond rule." },
  { role: "user", content: "Hello?\n\nAre you there?" },
];

Deno.test("custom: the address is the configured one, and the model's name untouched (A191)", async () => {
  await using server = startModelServer("openai_compatible", text("ok"));
  await withPorts(async (ports) => {
    const providers = settingsAt(`${server.url}/some/path/v1/`);
    const model = openModel("your-model-name", { providers, models: {} }, ports);
    await model.complete(PROMPT, never());
    assert.equal(model.name, "custom/your-model-name");
  });
  const [request] = server.requests;
  assert.equal(request?.path, "/some/path/v1/chat/completions");
  assert.equal(request?.headers.get("authorization"), `Bearer ${CANARY_KEY}`);
  assert.deepEqual(request?.body, {
    model: "your-model-name",
    messages: MERGED,
    max_tokens: 300,
    temperature: 0.7,
    stream: true,
    stream_options: { include_usage: true },
  });
});

Deno.test("custom: without a key nothing is sent in its place", async () => {
  await using server = startModelServer("openai_compatible", text("ok"));
  await withPorts(async (ports) => {
    const one = { apiKey: "", apiBase: server.url, extraHeaders: { "api-key": "azure" } };
    const providers = { ...settingsAt(server.url), custom: one };
    await openModel("custom/m", { providers, models: {} }, ports).complete(PROMPT, never());
  });
  assert.equal(server.requests[0]?.headers.get("authorization"), null);
  assert.equal(server.requests[0]?.headers.get("api-key"), "azure");
});

Deno.test("a missing key is told without asking anybody", async () => {
  for (const name of ["openrouter/a/b", "anthropic/claude-x"]) {
    await using server = startModelServer("openai_compatible", text("ok"));
    await withPorts(async (ports) => {
      const all = settingsAt(server.url);
      const none = { apiKey: "", apiBase: server.url, extraHeaders: {} };
      const providers = { ...all, openrouter: none, anthropic: none };
      const model = openModel(name, { providers, models: {} }, ports);
      const error = await failureOf(model.complete(PROMPT, never()));
      assert.equal(error.code, "provider_auth");
      assert.match(error.message, /There is no key for/);
      assert.match(error.failure.hint ?? "", /_API_KEY.*provider connect/);
    });
    assert.equal(server.requests.length, 0);
  }
});

Deno.test("openrouter: the answer carries its price, and slashes in names stay", async () => {
  const [body] = await bodiesOf("openrouter", "anthropic/claude-sonnet-5.5", PROMPT, text("ok"));
  assert.equal(body?.model, "anthropic/claude-sonnet-5.5");
  assert.deepEqual(body?.usage, { include: true });
});

Deno.test("openai: thinking models get no temperature, and their own limit", async () => {
  const [body] = await bodiesOf("openai", "gpt-6.1-sol", PROMPT, text("ok"));
  assert.equal(body?.temperature, undefined);
  assert.equal(body?.max_tokens, undefined);
  assert.equal(body?.max_completion_tokens, 300);
  const [older] = await bodiesOf("openai", "gpt-4.1", PROMPT, text("ok"));
  assert.equal(older?.temperature, 0.7);
});

Deno.test("the schema goes out as it is, by name, and not strict (A196)", async () => {
  for (const provider of ["openai", "openrouter", "gemini", "ollama", "custom"] as const) {
    const [body] = await bodiesOf(provider, "m", STRUCTURED, OBJECT);
    assert.deepEqual(body?.response_format, {
      type: "json_schema",
      json_schema: { name: "clam", schema: STRUCTURED.schema!.json },
    });
    assert.equal(body?.stream, true);
  }
});

Deno.test("groq: structured answers are not streamed, others are", async () => {
  const [structured] = await bodiesOf("groq", "m", STRUCTURED, OBJECT);
  assert.notEqual(structured?.stream, true);
  const [plain] = await bodiesOf("groq", "m", PROMPT, text("ok"));
  assert.equal(plain?.stream, true);
});

Deno.test("deepseek: the schema is told in words, and JSON asked for", async () => {
  const [body] = await bodiesOf("deepseek", "deepseek-flash", STRUCTURED, OBJECT);
  assert.deepEqual(body?.response_format, { type: "json_object" });
  assert.match(JSON.stringify(body?.messages), /JSON object, called \\"clam\\"/);
});

Deno.test("ollama: its own address and the one with /v1 are the same", async () => {
  for (const suffix of ["", "/", "/v1", "/v1/"]) {
    await using server = startModelServer("openai_compatible", text("ok"));
    await withPorts(async (ports) => {
      const providers = settingsAt(`${server.url}${suffix}`);
      await openModel("ollama/qwen3:8b", { providers, models: {} }, ports).complete(
        PROMPT,
        never(),
      );
    });
    assert.equal(server.requests[0]?.path, "/v1/chat/completions");
  }
});

Deno.test("a model that thought all its tokens away is asked to think less", async () => {
  const bodies = await bodiesOf(
    "deepseek",
    "deepseek-flash",
    PROMPT,
    { kind: "empty" },
    text("ok"),
  );
  assert.equal(bodies[0]?.thinking, undefined);
  assert.deepEqual(bodies[1]?.thinking, { type: "disabled" });
  assert.equal(bodies[1]?.max_tokens, 4096);
});

/** What servers refuse, in their own words, and what is left of the request afterwards. */
const REFUSALS: readonly (readonly [string, string, (body: JsonObject) => unknown, unknown])[] = [
  [
    "schemas",
    "This model does not support response format `json_schema`.",
    (body) => (body.response_format as JsonObject)?.type,
    "json_object",
  ],
  [
    "streams of objects",
    "response_format` does not support streaming",
    (body) => body.stream,
    undefined,
  ],
  [
    "temperatures",
    "Unsupported value: 'temperature' does not support 0.7 with this model.",
    (body) => body.temperature,
    undefined,
  ],
  [
    "the usual limit",
    "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
    (body) => body.max_completion_tokens,
    300,
  ],
  [
    "counting in streams",
    "Unknown argument: stream_options",
    (body) => body.stream_options,
    undefined,
  ],
];

for (const [what, refusal, field, left] of REFUSALS) {
  Deno.test(`a server that does not understand ${what} is asked without, then and later`, async () => {
    const script = [status(400, refusal), OBJECT];
    await withBench({ provider: "custom", model: "m" }, script, async ({ model, server }) => {
      const answer = await model.complete(STRUCTURED, never());
      assert.deepEqual(answer.object, { script: "1" });
      assert.equal(server.requests.length, 2);
      assert.deepEqual(field(server.requests[1]!.body), left);
      await model.complete(STRUCTURED, never());
      assert.equal(server.requests.length, 3);
      assert.deepEqual(field(server.requests[2]!.body), left);
    });
  });
}

Deno.test("a server that understands nothing of it is not asked for ever", async () => {
  const refusal = status(
    400,
    "bad response_format, temperature, stream_options, max_tokens, usage",
  );
  await withBench({ provider: "custom", model: "m" }, [refusal], async ({ model, server }) => {
    assert.equal((await failureOf(model.complete(STRUCTURED, never()))).code, "provider_refused");
    assert.ok(server.requests.length < 12, `${server.requests.length}`);
  });
});

Deno.test("a server that answers a stream with one object is understood", async () => {
  const whole = {
    id: "c",
    choices: [{ index: 0, message: { content: "hi" }, finish_reason: "stop" }],
  };
  const script: Behaviour[] = [{ kind: "status", status: 200, body: JSON.stringify(whole) }];
  await withBench({ provider: "custom", model: "m" }, script, async ({ model }) => {
    const pieces: string[] = [];
    const prompt = { ...PROMPT, onText: (piece: string) => pieces.push(piece) };
    const answer = await model.complete(prompt, never());
    assert.deepEqual([answer.text, pieces], ["hi", ["hi"]]);
    assert.ok(answer.usage.inputTokens > 0 && answer.usage.outputTokens > 0); // estimated
  });
  const message = { content: [{ type: "text", text: "hi" }], stop_reason: "end_turn" };
  const other: Behaviour[] = [{ kind: "status", status: 200, body: JSON.stringify(message) }];
  await withBench({ provider: "anthropic", model: "m" }, other, async ({ model }) => {
    assert.equal((await model.complete(PROMPT, never())).text, "hi");
  });
});

Deno.test("an error inside a good answer is an error", async () => {
  const body = JSON.stringify({ error: { code: 429, message: "Provider is busy" } });
  const script: Behaviour[] = [{ kind: "status", status: 200, body }, text("ok")];
  for (const prompt of [PROMPT, STRUCTURED]) {
    await withBench({ provider: "groq", model: "m" }, script, async ({ model, clock }) => {
      await model.complete(prompt, never());
      assert.equal(clock.slept.length, 1);
    });
  }
});

Deno.test("anthropic: system text is cached, keys go into their own header", async () => {
  await withBench(
    { provider: "anthropic", model: "claude-sonnet-4-5" },
    [text("ok")],
    async (bench) => {
      await bench.model.complete(PROMPT, never());
      const [request] = bench.server.requests;
      assert.equal(request?.path, "/v1/messages");
      assert.equal(request?.headers.get("x-api-key"), CANARY_KEY);
      assert.equal(request?.headers.get("anthropic-version"), "2023-06-01");
      assert.deepEqual(request?.body, {
        model: "claude-sonnet-4-5",
        max_tokens: 300,
        stream: true,
        system: [{
          type: "text",
          text: "First rule.\n\nSecond rule.",
          cache_control: { type: "ephemeral" },
        }],
        messages: [{ role: "user", content: "Hello?\n\nAre you there?" }],
        temperature: 0.7,
      });
    },
  );
});

Deno.test("anthropic: an object is the input of a forced tool that bears the schema's name", async () => {
  const [body] = await bodiesOf("anthropic", "claude-sonnet-4-5", STRUCTURED, OBJECT);
  assert.deepEqual(body?.tool_choice, { type: "tool", name: "clam" });
  const [tool] = body?.tools as JsonObject[];
  assert.deepEqual([tool?.name, tool?.input_schema], ["clam", STRUCTURED.schema!.json]);
});

Deno.test("anthropic: models that refuse forced tools and temperatures get neither", async () => {
  const [known] = await bodiesOf("anthropic", "claude-sonnet-5-5", STRUCTURED, OBJECT);
  assert.deepEqual([known?.tool_choice, known?.temperature], [{ type: "auto" }, undefined]);
  assert.match(JSON.stringify(known?.system), /calling the tool \\"clam\\"/);
  const bodies = await bodiesOf(
    "anthropic",
    "claude-unheard-of",
    STRUCTURED,
    status(400, "tool_choice: forced tool use is not supported for this model"),
    status(400, "`temperature` is not supported for this model."),
    OBJECT,
  );
  assert.deepEqual(bodies.at(-1)?.tool_choice, { type: "auto" });
  assert.equal(bodies.at(-1)?.temperature, undefined);
});

Deno.test("anthropic: a request that is turned down inside the stream is typed", async () => {
  const event = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };
  const body = `event: error\ndata: ${JSON.stringify(event)}\n\n`;
  const headers = { "content-type": "text/event-stream" };
  const script: Behaviour[] = [{ kind: "status", status: 200, headers, body }];
  await withBench({ provider: "anthropic", model: "m" }, script, async ({ model, server }) => {
    const error = await failureOf(model.complete(PROMPT, never()));
    assert.deepEqual([error.code, error.status], ["provider_broken", 529]);
    assert.equal(server.requests.length, 4);
  });
});

Deno.test("the cost follows from tokens and price, the cached ones cheaper (A195)", async () => {
  const model = "claude-haiku-4-5";
  await withBench({ provider: "anthropic", model }, [text("ok")], async (bench) => {
    const { usage } = await bench.model.complete(PROMPT, never());
    // 60 plain, 40 cached, 7 written, at 1, 0.1 and 5 dollars per million.
    assert.ok(Math.abs((usage.costUsd ?? 0) - (60 + 4 + 35) / 1e6) < 1e-12, `${usage.costUsd}`);
  });
  await withBench({ provider: "custom", model: "m" }, [text("ok")], async (bench) => {
    assert.equal((await bench.model.complete(PROMPT, never())).usage.costUsd, undefined);
  });
});

Deno.test("openai_codex: nothing is stored, and no field is sent that the backend refuses (A198)", async () => {
  const candidate = { provider: "openai_codex", model: "gpt-5.6-sol" } as const;
  await withBench(candidate, [OBJECT], async ({ model, server }) => {
    await model.complete(STRUCTURED, never());
    const [request] = server.requests;
    assert.equal(request?.path, "/responses");
    assert.equal(request?.headers.get("authorization"), `Bearer ${CANARY_KEY}`);
    assert.equal(request?.headers.get("chatgpt-account-id"), "account-1");
    assert.equal(request?.headers.get("originator"), "clambot");
    const { body } = request!;
    assert.deepEqual([body.store, body.stream, body.model], [false, true, "gpt-5.6-sol"]);
    assert.equal(body.instructions, "First rule.\n\nSecond rule.");
    assert.deepEqual(body.input, [{
      type: "message",
      role: "user",
      content: [{ type: "input_text", text: "Hello?\n\nAre you there?" }],
    }]);
    assert.deepEqual(Object.keys(body).filter((key) => /token|temperature|top_p/.test(key)), []);
    assert.deepEqual((body.text as JsonObject).format, {
      type: "json_schema",
      name: "clam",
      schema: STRUCTURED.schema!.json,
    });
  });
});

Deno.test("openai_codex: text that only a finished item holds is the answer", async () => {
  const events = [
    { type: "response.output_text.delta", delta: "Hel" },
    {
      type: "response.output_item.done",
      item: { type: "message", content: [{ type: "output_text", text: "Hello there" }] },
    },
    { type: "response.completed", response: { usage: { input_tokens: 9, output_tokens: 2 } } },
  ];
  const body = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
  const headers = { "content-type": "text/event-stream" };
  const script: Behaviour[] = [{ kind: "status", status: 200, headers, body }];
  await withBench({ provider: "openai_codex", model: "m" }, script, async ({ model }) => {
    const pieces: string[] = [];
    const prompt = { ...PROMPT, onText: (piece: string) => pieces.push(piece) };
    assert.equal((await model.complete(prompt, never())).text, "Hello there");
    assert.deepEqual(pieces, ["Hel", "lo there"]);
  });
});

/** Lists of the account, and the model that a placeholder stands for. */
const LISTS: readonly (readonly [readonly string[], string])[] = [
  [["gpt-5.1-codex", "gpt-5.10-codex", "gpt-5.2-codex"], "gpt-5.10-codex"],
  [["gpt-5.2-codex-mini", "gpt-5.2-codex", "gpt-9"], "gpt-5.2-codex"],
  [["gpt-5.5", "gpt-5.6-terra", "codex-auto-review"], "gpt-5.6-terra"],
  [[], "gpt-5.6-sol"],
];

for (const [models, expected] of LISTS) {
  Deno.test(`openai_codex: of ${models.join(", ") || "nothing"} a placeholder means ${expected}`, async () => {
    const list = { kind: "status", status: 200 } as const;
    const body = JSON.stringify({ models: models.map((slug) => ({ slug })) });
    const script: Behaviour[] = [{ ...list, body }, text("ok")];
    await withBench(
      { provider: "openai_codex", model: "auto" },
      script,
      async ({ model, server }) => {
        await model.complete(PROMPT, never());
        await model.complete(PROMPT, never());
        assert.equal(server.requests[0]?.path, "/models?client_version=0.0.0");
        assert.equal(server.requests.length, 3); // the list once
        assert.equal(server.requests[2]?.body.model, expected);
      },
    );
  });
}

Deno.test("openai_codex: a token that is rejected before its time is renewed once", async () => {
  const tokens = JSON.stringify({ access_token: "new-one", refresh_token: "r2", expires_in: 3600 });
  const script: Behaviour[] = [
    status(401, "token revoked"),
    { kind: "status", status: 200, body: tokens },
    text("ok"),
  ];
  await withBench({ provider: "openai_codex", model: "gpt-5.6-sol" }, script, async (bench) => {
    assert.equal((await bench.model.complete(PROMPT, never())).text, "ok");
    const [, renewal, second] = bench.server.requests;
    assert.equal(renewal?.path, "/oauth/token");
    assert.equal(second?.headers.get("authorization"), "Bearer new-one");
  });
});

Deno.test("the fallback model is asked by its own name (A194)", async () => {
  const script = [status(401, "no"), text("hello")];
  const candidate = { provider: "custom", model: "main" } as const;
  await withBench(candidate, script, async ({ model, server }) => {
    const answer = await model.complete(PROMPT, never());
    assert.deepEqual([answer.text, answer.model], ["hello", "groq/spare"]);
    assert.deepEqual(server.requests.map(({ body }) => body.model), ["main", "spare"]);
  }, "groq/spare");
});

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

function whisperAt(url: string, ports: ProviderPorts, style: "openai" | "whisper_asr" = "openai") {
  const settings = { model: "whisper-large-v3", apiKey: CANARY_KEY, style, timeoutMs: 500 };
  return createWhisper({ ...settings, url }, ports);
}

Deno.test("a recording is sent with its name, model and language, and tried again", async () => {
  const forms: FormData[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    forms.push(await request.formData());
    if (forms.length === 1) return new Response("busy", { status: 503 });
    return Response.json({ text: " buy milk " });
  });
  const url = `http://127.0.0.1:${server.addr.port}/openai/v1/audio/transcriptions`;
  await withPorts(async (ports) => {
    const recording = { bytes: new Uint8Array([1, 2, 3]), name: "voice.ogg", language: "de" };
    assert.equal(await whisperAt(url, ports).transcribe(recording, never()), "buy milk");
    const asr = whisperAt(
      url.replace("/openai/v1/audio/transcriptions", "/asr"),
      ports,
      "whisper_asr",
    );
    assert.equal(await asr.transcribe(recording, never()), "buy milk");
  });
  await server.shutdown();
  assert.deepEqual(
    [forms[1]?.get("model"), forms[1]?.get("language"), (forms[1]?.get("file") as File).name],
    ["whisper-large-v3", "de", "voice.ogg"],
  );
  assert.equal((forms[2]?.get("audio_file") as File).size, 3);
});

Deno.test("a recording that is too large is not sent, and waiting for one can be cancelled", async () => {
  await using server = startModelServer("openai_compatible", { kind: "silence" });
  await withPorts(async (ports) => {
    const whisper = whisperAt(server.url, ports);
    const large = { bytes: new Uint8Array(26 * 1024 * 1024), name: "talk.mp3" };
    await assert.rejects(whisper.transcribe(large, never()), { code: "file_too_large" });
    assert.equal(server.requests.length, 0);
    const stopped = new Error("cancelled");
    const controller = new AbortController();
    const small = { bytes: new Uint8Array(3), name: "a.ogg" };
    const asked = whisper.transcribe(small, controller.signal);
    setTimeout(() => controller.abort(stopped), 20);
    await assert.rejects(asked, stopped);
  });
});

Deno.test("every section of the configuration belongs to one provider", () => {
  const sections = new Set(Object.values(PROVIDERS).map(({ section }) => section));
  const all: ProvidersSettings = settingsAt("http://x");
  assert.deepEqual(Object.keys(all).sort(), [...sections].sort());
});
