import assert from "node:assert/strict";
import type { Json } from "../../src/domain/json.ts";
import { PROVIDERS } from "../../src/providers/catalog.ts";
import type { Prompt } from "../../src/providers/provider.ts";
import type { Behaviour } from "../fakes/model_server.ts";
import { failureOf, never, text, withBench } from "./provider_bench.ts";
import { CANDIDATES, streamed, whole } from "./provider_wire.ts";

// An answer's content as servers send it: text, a list of parts, or what is no answer at all.

const PROMPT: Prompt = { messages: [{ role: "user", text: "Hello?" }], maxTokens: 500 };

const part = (said: Json) => ({ type: "text", text: said });
const THOUGHT = { type: "thinking", thinking: [part("secret")] };
const IMAGE = { type: "image_url", image_url: { url: "data:," } };

/** Contents that say 42. */
const SAID: readonly Json[] = [
  "42",
  [part("42")],
  [part("4"), part("2")],
  ["4", "2"],
  [THOUGHT, part("42")],
  [{ type: "reasoning", text: "secret" }, { type: "output_text", text: "42" }],
  [IMAGE, part("42"), null, 7, [], { type: "text", text: { deep: true } }],
  part("42"),
  { text: "42" },
];

/** Contents with nothing that can be read. */
const NOTHING: readonly Json[] = [
  ...[7, 0, true, false, {}, { a: "42" }, [IMAGE], [7], [null], [[part("42")]]],
  ...[part(7), [part(null)], { type: "image", text: "42" }],
];

for (const candidate of CANDIDATES) {
  const { provider } = candidate;
  const formsOf = (content: Json): Behaviour[] => {
    const other = whole(provider, { content: [content] });
    return [streamed(provider, { content: [content] }), ...(other ? [other] : [])];
  };

  Deno.test(`${provider}: the text of an answer is read in whatever parts it comes`, async () => {
    const script = SAID.flatMap(formsOf);
    await withBench(candidate, script, async ({ model, server }) => {
      for (const [index, behaviour] of script.entries()) {
        const pieces: string[] = [];
        const asked = { ...PROMPT, onText: (piece: string) => pieces.push(piece) };
        const { text } = await model.complete(asked, never());
        assert.deepEqual([text, pieces.join("")], ["42", "42"], JSON.stringify(behaviour));
        assert.equal(server.requests.length, index + 1);
      }
    });
  });

  Deno.test(`${provider}: pieces may come in parts too`, async () => {
    const content: Json[] = [null, "4", [THOUGHT], [], [part("2"), IMAGE], ["!"], null];
    await withBench(candidate, [streamed(provider, { content })], async ({ model }) => {
      assert.equal((await model.complete(PROMPT, never())).text, "42!");
    });
  });

  Deno.test(`${provider}: an answer without anything to read is broken, and asked for again`, async () => {
    const bad = NOTHING.flatMap(formsOf);
    const script = bad.flatMap((behaviour) => [behaviour, text("42")]);
    await withBench(candidate, script, async ({ model, server, clock }) => {
      for (const [index, behaviour] of bad.entries()) {
        const told = JSON.stringify(behaviour);
        assert.equal((await model.complete(PROMPT, never())).text, "42", told);
        assert.deepEqual(
          [server.requests.length, clock.slept.length],
          [2 * index + 2, index + 1],
          told,
        );
      }
    });
    await withBench(candidate, formsOf(7), async ({ model, server }) => {
      const { code, message } = await failureOf(model.complete(PROMPT, never()));
      assert.deepEqual([code, server.requests.length], ["provider_broken", 4]);
      assert.match(message, /sent an answer without text\.$/);
    });
  });
}

for (
  const [provider, body] of [
    ["custom", '{"choices":[{"index":0,"finish_reason":"stop"}]}'],
    ["custom", '{"choices":[{"index":0,"message":null,"finish_reason":"stop"}]}'],
    ["custom", '{"choices":[{"index":0,"message":"42","finish_reason":"stop"}]}'],
    ["custom", '{"choices":[null]}'],
    ["custom", '{"choices":[]}'],
    ["custom", '{"choices":{}}'],
    ["custom", "{}"],
    ["custom", "[]"],
    ["anthropic", '{"content":null}'],
    ["anthropic", '{"type":"message"}'],
    ["anthropic", "[]"],
  ] as const
) {
  Deno.test(`${provider}: ${body} is broken, however it was asked for`, async () => {
    const schema = { name: "selection", json: { type: "object" } } as const;
    const behaviour: Behaviour = { kind: "status", status: 200, body };
    const asked = provider === "custom" ? ["custom", "groq"] as const : [provider];
    for (const prompt of [PROMPT, { ...PROMPT, schema }]) {
      for (const provider of asked) { // groq does not stream what has a schema
        await withBench({ provider, model: "m" }, [behaviour], async ({ model, server }) => {
          const { code } = await failureOf(model.complete(prompt, never()));
          assert.deepEqual([code, server.requests.length], ["provider_broken", 4]);
        });
      }
    }
  });
}

Deno.test("odd events of a stream are left aside", async () => {
  const events: Readonly<Record<string, readonly string[]>> = {
    openai_compatible: [
      "{}",
      "[]",
      '{"choices":null}',
      '{"choices":[{"delta":null}]}',
    ],
    anthropic: [
      ...["{}", "[]", '{"type":"message_start"}', '{"type":"content_block_delta","delta":null}'],
      ...['{"type":"message_delta","delta":null,"usage":null}', '{"type":"content_block_start"}'],
    ],
    openai_codex: ["{}", '{"type":"response.output_item.done","item":null}', '{"type":7}'],
  };
  for (const candidate of CANDIDATES) {
    const good = streamed(candidate.provider, { content: ["42"] });
    assert.ok(good.kind === "status");
    for (const event of events[PROVIDERS[candidate.provider].protocol] ?? []) {
      const behaviour = { ...good, body: `data: ${event}\n\n${good.body}` };
      await withBench(candidate, [behaviour], async ({ model }) => {
        assert.equal((await model.complete(PROMPT, never())).text, "42", event);
      });
    }
  }
});

Deno.test("an answer that refuses in a part is a refusal", async () => {
  const content = [[part("So."), { type: "refusal", refusal: "No." }]];
  const others = CANDIDATES.filter(({ provider }) =>
    PROVIDERS[provider].protocol === "openai_compatible"
  );
  for (const candidate of others) {
    await withBench(candidate, [streamed(candidate.provider, { content })], async ({ model }) => {
      const { code } = await failureOf(model.complete(PROMPT, never()));
      assert.equal(code, "provider_refused");
    });
  }
});

Deno.test("an object that comes as the arguments of a tool is the answer, where one was asked for", async () => {
  const call = (
    given: Json,
  ) => [{ index: 0, id: "t", function: { name: "selection", arguments: given } }];
  const schema = { name: "selection", json: { type: "object" } } as const;
  for (const given of ['{"decision": "chat"}', { decision: "chat" }]) {
    const message = { content: null, tool_calls: call(given) };
    const choices = [{ index: 0, message, finish_reason: "tool_calls" }];
    const behaviour: Behaviour = { kind: "status", status: 200, body: JSON.stringify({ choices }) };
    for (const provider of ["custom", "groq"] as const) { // streamed, and whole
      await withBench(
        { provider, model: "m" },
        [behaviour, text("42")],
        async ({ model, server }) => {
          const { object } = await model.complete({ ...PROMPT, schema }, never());
          assert.deepEqual([object, server.requests.length], [{ decision: "chat" }, 1]);
        },
      );
      await withBench({ provider, model: "m" }, [behaviour, text("42")], async ({ model }) => {
        assert.equal((await model.complete(PROMPT, never())).text, "42"); // nobody offered a tool
      });
    }
  }
});
