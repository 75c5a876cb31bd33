import assert from "node:assert/strict";
import type { JsonObject } from "../../src/domain/json.ts";
import type { Behaviour } from "../fakes/model_server.ts";
import { never, status, text, withBench } from "./provider_bench.ts";
import { CANARY_KEY } from "./provider_canary.ts";
import { OBJECT, PROMPT, STRUCTURED } from "./provider_questions.ts";

// What stands on the wire to the backend of Codex.

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
