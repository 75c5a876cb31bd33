import assert from "node:assert/strict";
import type { JsonObject } from "../../src/domain/json.ts";
import type { Behaviour } from "../fakes/model_server.ts";
import { bodiesOf, failureOf, never, status, text, withBench } from "./provider_bench.ts";
import { CANARY_KEY } from "./provider_canary.ts";
import { OBJECT, PROMPT, STRUCTURED } from "./provider_questions.ts";

// What stands on the wire to Anthropic.

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
  const [body] = await bodiesOf(
    { provider: "anthropic", model: "claude-sonnet-4-5" },
    STRUCTURED,
    OBJECT,
  );
  assert.deepEqual(body?.tool_choice, { type: "tool", name: "clam" });
  const [tool] = body?.tools as JsonObject[];
  assert.deepEqual([tool?.name, tool?.input_schema], ["clam", STRUCTURED.schema!.json]);
});

Deno.test("anthropic: models that refuse forced tools and temperatures get neither", async () => {
  const [known] = await bodiesOf(
    { provider: "anthropic", model: "claude-sonnet-5-5" },
    STRUCTURED,
    OBJECT,
  );
  assert.deepEqual([known?.tool_choice, known?.temperature], [{ type: "auto" }, undefined]);
  assert.match(JSON.stringify(known?.system), /calling the tool \\"clam\\"/);
  const bodies = await bodiesOf(
    { provider: "anthropic", model: "claude-unheard-of" },
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
