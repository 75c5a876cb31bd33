import assert from "node:assert/strict";
import { PROVIDERS } from "../../src/providers/catalog.ts";
import type { CallEnd, Completion, PlannedCall } from "../../src/providers/provider.ts";
import type { Behaviour } from "../fakes/model_server.ts";
import { type Candidate, never, withBench } from "./provider_bench.ts";
import { CANDIDATES, COUNTS, type Odd, type Parts, streamed, whole } from "./provider_wire.ts";

// What a provider says about tokens and money is read once: counts are whole numbers from 0 on, or
// the request counts with all that was reserved for it.

const FINE: Parts = { input: "100", cached: "40", output: "7" };

/** What is no count, as JSON has it. */
const NO_COUNT = [
  ...['"7"', '"many"', '""', "-1", "-1e9", "1.5", "0.1", "1e999", "-1e999", "1e15", "1e300"],
  ...["true", "false", "[]", "[7]", "{}", '{"tokens":7}', '{"a":{"b":[7]}}'],
];

/** What stands where the whole usage should. */
const NO_USAGE = ['"none"', "7", "true", "[]", "[1]", "-1", '"{}"'];

interface Account {
  readonly call: PlannedCall;
  readonly end: CallEnd;
  readonly answer: Completion;
}

/** What is counted for each of these answers. */
async function accountsOf(
  candidate: Candidate,
  behaviours: readonly Behaviour[],
): Promise<Account[]> {
  const accounts: Account[] = [];
  await withBench(candidate, behaviours, async ({ model, server }) => {
    for (const _ of behaviours) {
      const told: { call?: PlannedCall; end?: CallEnd } = {};
      const answer = await model.complete({
        messages: [{ role: "user", text: "Hello?" }],
        maxTokens: 500,
        meter: (call) => {
          told.call = call;
          return Promise.resolve((end) => Promise.resolve(void (told.end = end)));
        },
      }, never());
      accounts.push({ call: told.call!, end: told.end!, answer });
      assert.equal(server.requests.length, accounts.length);
    }
  });
  return accounts;
}

function formsOf({ provider }: Candidate, usage: string): Behaviour[] {
  const piece: Odd = { content: ["42"], usage };
  const block: Odd = { content: [[{ type: "text", text: "42" }]], usage };
  const other = whole(provider, provider === "anthropic" ? block : piece);
  return [streamed(provider, piece), ...(other ? [other] : [])];
}

for (const candidate of CANDIDATES) {
  const { provider } = candidate;
  const write = COUNTS[PROVIDERS[provider].protocol];

  Deno.test(`${provider}: counts that are none make the request count as reserved`, async () => {
    const wrong = [
      ...NO_USAGE,
      ...NO_COUNT.flatMap((text) =>
        (["input", "cached", "output"] as const).map((part) => write({ ...FINE, [part]: text }))
      ),
      write({ ...FINE, input: "null" }),
      write({ ...FINE, output: "null" }),
      ...(PROVIDERS[provider].protocol === "openai_compatible"
        ? [...NO_COUNT.filter((text) => !["0.1", "1.5"].includes(text))].map((cost) =>
          write({ ...FINE, cost })
        )
        : []),
    ];
    const asked = wrong.flatMap((usage) =>
      formsOf(candidate, usage).map((behaviour) => [usage, behaviour] as const)
    );
    const accounts = await accountsOf(candidate, asked.map(([, behaviour]) => behaviour));
    for (const [index, { call, end, answer }] of accounts.entries()) {
      const usage = asked[index]?.[0];
      assert.equal(answer.text, "42", usage);
      assert.deepEqual(end, { outcome: "ok" }, usage);
      const { inputTokens, outputTokens } = answer.usage;
      assert.deepEqual([inputTokens, outputTokens], [call.inputTokens, 500], usage);
    }
  });

  Deno.test(`${provider}: counts that can be read are taken as they are`, async () => {
    const all = provider === "anthropic" ? 140 : 100;
    for (const { end: { usage } } of await accountsOf(candidate, formsOf(candidate, write(FINE)))) {
      assert.deepEqual(
        [usage?.inputTokens, usage?.cachedInputTokens, usage?.outputTokens],
        [all, 40, 7],
      );
    }
    for (const cached of ["0", "null"]) {
      const forms = formsOf(candidate, write({ ...FINE, cached }));
      for (const { end: { usage } } of await accountsOf(candidate, forms)) {
        assert.deepEqual([usage?.inputTokens, usage?.cachedInputTokens], [100, 0]);
      }
    }
  });

  Deno.test(`${provider}: what was not counted is estimated`, async () => {
    const accounts = await accountsOf(candidate, formsOf(candidate, "null"));
    for (const { call, end: { usage } } of accounts) {
      assert.equal(usage?.inputTokens, call.inputTokens);
      assert.ok(usage!.outputTokens > 0 && usage!.outputTokens < 10);
    }
  });
}

Deno.test("a cost that can be read counts, also a fraction and none", async () => {
  const candidate = { provider: "openrouter", model: "m" } as const;
  for (
    const [cost, usd] of [["0.0125", 0.0125], ["0", 0], ["2", 2], ["null", undefined]] as const
  ) {
    const usage = COUNTS.openai_compatible({ ...FINE, cost });
    for (const { end } of await accountsOf(candidate, formsOf(candidate, usage))) {
      assert.equal(end.usage?.costUsd, usd, cost);
    }
  }
});
