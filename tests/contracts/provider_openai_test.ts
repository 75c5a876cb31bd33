import assert from "node:assert/strict";
import type { JsonObject } from "../../src/domain/json.ts";
import { openTestModel as openModel } from "./provider_bench.ts";
import type { CallEnd } from "../../src/providers/provider.ts";
import { type Behaviour, startModelServer } from "../fakes/model_server.ts";
import {
  bodiesOf,
  failureOf,
  never,
  settingsAt,
  status,
  text,
  withBench,
  withPorts,
} from "./provider_bench.ts";
import { CANARY_KEY } from "./provider_canary.ts";
import { OBJECT, PROMPT, STRUCTURED } from "./provider_questions.ts";

// What stands on the wire to servers that speak OpenAI's language, and what happens when one does
// not understand all of it.

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
      const ends: CallEnd[] = [];
      const meter = () => Promise.resolve((end: CallEnd) => Promise.resolve(void ends.push(end)));
      const error = await failureOf(model.complete({ ...PROMPT, meter }, never()));
      assert.equal(error.code, "provider_auth");
      assert.equal(ends[0]?.usage?.inputTokens, 0); // nothing was sent
      assert.match(error.message, /There is no key for/);
      assert.match(error.failure.hint ?? "", /_API_KEY.*provider connect/);
    });
    assert.equal(server.requests.length, 0);
  }
});

Deno.test("openrouter: the answer carries its price, and slashes in names stay", async () => {
  const [body] = await bodiesOf(
    { provider: "openrouter", model: "anthropic/claude-sonnet-5.5" },
    PROMPT,
    text("ok"),
  );
  assert.equal(body?.model, "anthropic/claude-sonnet-5.5");
  assert.deepEqual(body?.usage, { include: true });
});

Deno.test("openai: thinking models get no temperature, and their own limit", async () => {
  const [body] = await bodiesOf({ provider: "openai", model: "gpt-6.1-sol" }, PROMPT, text("ok"));
  assert.equal(body?.temperature, undefined);
  assert.equal(body?.max_tokens, undefined);
  assert.equal(body?.max_completion_tokens, 300);
  const [older] = await bodiesOf({ provider: "openai", model: "gpt-4.1" }, PROMPT, text("ok"));
  assert.equal(older?.temperature, 0.7);
});

Deno.test("the schema goes out as it is, by name, and not strict (A196)", async () => {
  for (const provider of ["openai", "openrouter", "gemini", "ollama", "custom"] as const) {
    const [body] = await bodiesOf({ provider, model: "m" }, STRUCTURED, OBJECT);
    assert.deepEqual(body?.response_format, {
      type: "json_schema",
      json_schema: { name: "clam", schema: STRUCTURED.schema!.json },
    });
    assert.equal(body?.stream, true);
  }
});

Deno.test("groq: structured answers are not streamed, others are", async () => {
  const [structured] = await bodiesOf({ provider: "groq", model: "m" }, STRUCTURED, OBJECT);
  assert.notEqual(structured?.stream, true);
  const [plain] = await bodiesOf({ provider: "groq", model: "m" }, PROMPT, text("ok"));
  assert.equal(plain?.stream, true);
});

Deno.test("deepseek: the schema is told in words, and JSON asked for", async () => {
  const [body] = await bodiesOf(
    { provider: "deepseek", model: "deepseek-flash" },
    STRUCTURED,
    OBJECT,
  );
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
  const bodies = await bodiesOf({ provider: "deepseek", model: "deepseek-flash" }, PROMPT, {
    kind: "empty",
  }, text("ok"));
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

Deno.test("the fallback model is asked by its own name (A194)", async () => {
  const script = [status(401, "no"), text("hello")];
  const candidate = { provider: "custom", model: "main" } as const;
  await withBench(candidate, script, async ({ model, server }) => {
    const answer = await model.complete(PROMPT, never());
    assert.deepEqual([answer.text, answer.model], ["hello", "groq/spare"]);
    assert.deepEqual(server.requests.map(({ body }) => body.model), ["main", "spare"]);
  }, "groq/spare");
});
