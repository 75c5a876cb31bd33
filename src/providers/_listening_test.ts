import assert from "node:assert/strict";
import fc from "fast-check";
import type { ProviderQuestion, Reply } from "./_exchange.ts";
import { createListening } from "./_listening.ts";

const UNOPENED = 'It wants {"example": 1}.\n</think>\n\n42';

/** Asks a model that says this in these pieces; the result is what was passed on, and the answer. */
async function listen(
  listening: ReturnType<typeof createListening>,
  pieces: readonly string[],
  more: Partial<ProviderQuestion> & Partial<Reply> & { readonly apartAt?: number } = {},
) {
  const shown: string[] = [];
  const { schema, truncated = false, apartAt } = more;
  const question: ProviderQuestion = {
    messages: [],
    maxTokens: 10,
    ...(schema ? { schema } : { onText: (piece) => shown.push(piece) }),
  };
  const { text } = await listening.ask(question, ({ onText, onThought }) => {
    pieces.forEach((piece, index) => {
      if (index === apartAt) onThought?.();
      onText?.(piece);
    });
    return Promise.resolve({ text: pieces.join(""), truncated, tokens: undefined });
  });
  return { shown, text };
}

const SCHEMA = { name: "selection", json: {} } as const;

Deno.test("nothing that a server of one's own thinks is ever shown, wherever the pieces are cut", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(UNOPENED.length)), async (cuts) => {
      const places = [0, ...cuts.sort((a, b) => a - b), UNOPENED.length];
      const pieces = places.slice(1).map((end, index) => UNOPENED.slice(places[index], end));
      const listening = createListening(true);
      for (let turn = 0; turn < 3; turn++) {
        const { shown, text } = await listen(listening, pieces);
        assert.deepEqual([shown.join(""), text], ["42", "42"]);
      }
    }),
  );
});

Deno.test("the first answer of such a server comes as a whole, later ones as they arrive", async () => {
  const listening = createListening(true);
  assert.deepEqual((await listen(listening, ["one", " two"])).shown, ["one two"]);
  assert.deepEqual((await listen(listening, ["one", " two"])).shown, ["one", " two"]);
});

Deno.test("an object says nothing about how the same model answers in words", async () => {
  const listening = createListening(true);
  await listen(listening, ['{"a": 1}'], { schema: SCHEMA });
  assert.deepEqual((await listen(listening, ["one", " two"])).shown, ["one two"]);
});

Deno.test("marked thoughts, and thoughts that come apart, make the rest certain", async () => {
  const marked = await listen(createListening(true), ["<think>hm", "m</think>", "4", "2"]);
  assert.deepEqual(marked.shown, ["4", "2"]);
  const apart = await listen(createListening(true), ["4", "2", "!"], { apartAt: 1 });
  assert.deepEqual(apart.shown, ["4", "2", "!"]);
});

Deno.test("elsewhere answers are passed on at once, until thoughts have come without a beginning", async () => {
  const listening = createListening(false);
  assert.deepEqual((await listen(listening, ["one", " two"])).shown, ["one", " two"]);
  assert.equal((await listen(listening, [UNOPENED])).text, "42");
  assert.deepEqual((await listen(listening, ["one", " two"])).shown, ["one two"]);
});

Deno.test("a model whose thoughts nothing opens has only thought when it is cut off before their end", async () => {
  const listening = createListening(true);
  const cut = { truncated: true, schema: SCHEMA };
  await listen(listening, [UNOPENED]);
  assert.equal((await listen(listening, ['It wants {"example": 1}, so'], cut)).text, "");
  assert.equal((await listen(listening, ['{"a": 1}'], cut)).text, '{"a": 1}');
});

Deno.test("an object may speak of marks in its strings", async () => {
  const text = JSON.stringify({ reply: "It is\n</think>\nand `<think>`.", more: "a.</think>b" });
  const listening = createListening(true);
  assert.equal((await listen(listening, [text], { schema: SCHEMA })).text, text);
});
