import assert from "node:assert/strict";
import type { JsonObject } from "../../src/domain/json.ts";
import { PROVIDERS } from "../../src/providers/catalog.ts";
import type { PlannedCall, Prompt } from "../../src/providers/provider.ts";
import type { ProtocolName } from "../fakes/model_protocols.ts";
import { type Candidate, failureOf, never, status, text, withBench } from "./provider_bench.ts";

// The part of the exam of the port `LanguageModel` that is about pictures.

/** A picture in each protocol's own form, behind or before the words that it belongs to. */
const PICTURES: Readonly<Record<ProtocolName, readonly JsonObject[]>> = {
  openai_compatible: [
    { type: "text", text: "What is that?" },
    { type: "image_url", image_url: { url: "data:image/png;base64,AQL/" } },
  ],
  anthropic: [
    { type: "image", source: { type: "base64", media_type: "image/png", data: "AQL/" } },
    { type: "text", text: "What is that?" },
  ],
  openai_codex: [
    { type: "input_text", text: "What is that?" },
    { type: "input_image", image_url: "data:image/png;base64,AQL/" },
  ],
};

const LOOK: Prompt = {
  maxTokens: 500,
  messages: [{
    role: "user",
    text: "What is that?",
    images: [{ type: "image/png", bytes: new Uint8Array([1, 2, 255]) }],
  }],
};

/** What servers say of pictures that their model does not take, as their users report it. */
const BLIND = [
  [404, "No endpoints found that support image input"],
  [
    400,
    "Failed to deserialize the JSON body into the target type: messages[0]: unknown variant `image_url`, expected `text`",
  ],
  [400, "messages[1].content must be a string"],
  [400, "your-model-name is not a multimodal model"],
  [500, "Failed to create new sequence: this model is missing data required for image input"],
] as const;

/** Registers it for one provider. */
export function examSight(candidate: Candidate): void {
  const seeing = { ...candidate, model: candidate.seeing ?? candidate.model };
  const { provider } = candidate;
  Deno.test(`${provider}: complete() sends a picture with its words, and counts it`, async () => {
    let planned = 0;
    const meter = ({ inputTokens }: PlannedCall) => {
      planned = inputTokens;
      return Promise.resolve(() => Promise.resolve());
    };
    await withBench(seeing, [text("A cat.")], async ({ model, server }) => {
      assert.equal((await model.complete({ ...LOOK, meter }, never())).text, "A cat.");
      const { messages, input } = server.requests[0]!.body as Record<string, JsonObject[]>;
      const content = (messages ?? input)?.at(-1)?.content;
      assert.deepEqual(content, PICTURES[PROVIDERS[provider].protocol]);
      assert.ok(planned >= 1500, `${planned} tokens for a picture`);
    });
  });
  Deno.test(`${provider}: complete() says in one sentence that a model cannot see`, async () => {
    for (const [code, said] of BLIND) {
      await withBench(seeing, [status(code, said)], async ({ model, server }) => {
        const error = await failureOf(model.complete(LOOK, never()));
        assert.equal(error.code, "provider_refused", said);
        assert.match(error.message, /^The model "[^"]+" of .+ cannot look at pictures\.$/);
        assert.match(error.failure.hint ?? "", /agents\.defaults\.model/);
        assert.ok(server.requests.length <= 2, said);
      });
    }
    await withBench(
      seeing,
      [status(400, "image exceeds 5 MB maximum: 6 MB")],
      async ({ model }) =>
        assert.match((await failureOf(model.complete(LOOK, never()))).message, /exceeds 5 MB/),
    );
    if (candidate.seeing === undefined) return;
    await withBench(candidate, [text("A cat.")], async ({ model, server }) => {
      const error = await failureOf(model.complete(LOOK, never()));
      assert.match(error.message, /cannot look at pictures/);
      assert.equal(server.requests.length, 0);
    });
  });
}
