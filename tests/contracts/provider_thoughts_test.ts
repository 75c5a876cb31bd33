import assert from "node:assert/strict";
import { PROVIDERS } from "../../src/providers/catalog.ts";
import type { Prompt } from "../../src/providers/provider.ts";
import type { Behaviour } from "../fakes/model_server.ts";
import { type Bench, never, text, withBench } from "./provider_bench.ts";
import { CANDIDATES } from "./provider_wire.ts";

// Thoughts that a server leaves in the answer: none of the nine providers shows, keeps or follows
// them.

const PROMPT: Prompt = { messages: [{ role: "user", text: "Hello?" }], maxTokens: 500 };
const SCHEMA = { name: "selection", json: { type: "object" } } as const;

for (const candidate of CANDIDATES) {
  const { provider } = candidate;
  const exam = (
    promise: string,
    script: readonly Behaviour[],
    test: (bench: Bench) => Promise<void>,
  ) => Deno.test(`${provider}: complete() ${promise}`, () => withBench(candidate, script, test));

  exam("neither shows nor keeps what a mark that nothing opened ends, once it knows of such", [
    text("It is a ", "secret.\n</thi", "nk>\n\n", "4", "2"),
  ], async ({ model, server }) => {
    const pieces: string[] = [];
    const asked = { ...PROMPT, onText: (piece: string) => pieces.push(piece) };
    assert.equal((await model.complete(asked, never())).text, "42");
    const own = PROVIDERS[provider].needs === "address";
    if (own) assert.equal(pieces.join(""), "42"); // even the first one
    pieces.length = 0;
    assert.equal((await model.complete(asked, never())).text, "42");
    assert.equal(pieces.join(""), "42");
    assert.equal(server.requests.length, 2);
  });

  for (
    const [what, thoughts] of [
      ["marked thoughts", '<think>{"decision": "wrong", "inputs": {"a": 1}}</think>'],
      ["thoughts without a beginning", 'So {"decision": "wrong", "inputs": {"a": 1}}\n</think>\n'],
      ["thoughts in brackets", '[THINK]\n{"decision": "wrong", "inputs": {"a": 1}}[/THINK]'],
      [
        "a channel of its own",
        '<|channel|>analysis<|message|>{"decision": "wrong", "inputs": {"a": 1}}<|end|>' +
        "<|start|>assistant<|channel|>final<|message|>",
      ],
    ] as const
  ) {
    exam(`follows no example in ${what}`, [
      text(thoughts, '{"decision": "chat"}'),
      text(thoughts),
      text(thoughts, "I cannot."),
    ], async ({ model, server }) => {
      const asked = { ...PROMPT, schema: SCHEMA };
      assert.deepEqual((await model.complete(asked, never())).object, { decision: "chat" });
      assert.equal(server.requests.length, 1);
      const { object, text } = await model.complete(asked, never()); // repaired once, in vain
      assert.deepEqual([object, text, server.requests.length], [undefined, "I cannot.", 3]);
      assert.doesNotMatch(JSON.stringify(server.requests.at(-1)?.body), /wrong/);
    });
  }
}
