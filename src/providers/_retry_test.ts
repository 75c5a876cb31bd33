import assert from "node:assert/strict";
import { createRandom } from "../platform/deno.ts";
import { createFakeClock } from "../../tests/fakes/clock.ts";
import { withFallback, withRetries } from "./_retry.ts";
import { readRetryAfter } from "./_retry_after.ts";
import {
  type LanguageModel,
  type Prompt,
  ProviderError,
  type ProviderErrorCode,
} from "./provider.ts";

const never = () => new AbortController().signal;
const PROMPT: Prompt = { messages: [{ role: "user", text: "hi" }], maxTokens: 10 };

function model(name: string, answer: string | ProviderErrorCode, said = ""): LanguageModel {
  return {
    name,
    contextTokens: name.length * 1000,
    complete(prompt) {
      if (said !== "") prompt.onText?.(said);
      if (/^(?:provider_|context_|model_)/.test(answer)) {
        return Promise.reject(new ProviderError(answer as ProviderErrorCode, `${name} failed.`));
      }
      const usage = { inputTokens: 1, outputTokens: 1, cachedInputTokens: 0, costUsd: 0 };
      return Promise.resolve({ text: answer, usage, model: name });
    },
  };
}

Deno.test("pauses grow, are spread, and stay below their limit", async () => {
  const clock = createFakeClock();
  const ports = { clock, random: createRandom(), attempts: 9 };
  const failure = new ProviderError("provider_broken", "Down.", { retryable: true });
  await assert.rejects(withRetries(() => Promise.reject(failure), () => true, ports, never()));
  assert.equal(clock.slept.length, 8);
  clock.slept.forEach((ms, index) => {
    const whole = Math.min(20_000, 500 * 2 ** index);
    assert.ok(ms >= whole / 2 && ms <= whole, `${index}: ${ms}`);
  });
});

Deno.test("what is no failure of the provider is not tried again", async () => {
  const clock = createFakeClock();
  const ports = { clock, random: createRandom() };
  let asked = 0;
  const ask = () => Promise.reject(new TypeError(`a bug, ${++asked}`));
  await assert.rejects(withRetries(ask, () => true, ports, never()), TypeError);
  assert.equal(asked, 1);
});

Deno.test("waiting ends when the person cancels", async () => {
  const stopped = new Error("cancelled");
  const controller = new AbortController();
  const failure = new ProviderError("provider_broken", "Down.", { retryable: true });
  const ask = () => {
    controller.abort(stopped);
    return Promise.reject(failure);
  };
  const ports = { clock: createFakeClock(), random: createRandom() };
  await assert.rejects(withRetries(ask, () => true, ports, controller.signal), stopped);
});

for (
  const code of [
    "provider_auth",
    "provider_quota",
    "provider_rate",
    "provider_timeout",
    "provider_broken",
    "provider_unreachable",
    "model_unknown",
  ] as const
) {
  Deno.test(`the fallback model answers after ${code} (A194)`, async () => {
    const both = withFallback(model("main", code), model("spare", "hello"));
    const answer = await both.complete(PROMPT, never());
    assert.deepEqual([answer.text, answer.model], ["hello", "spare"]);
  });
}

for (const code of ["provider_refused", "context_too_long"] as const) {
  Deno.test(`the fallback model is not asked after ${code}`, async () => {
    const both = withFallback(model("main", code), model("spare", "hello"));
    await assert.rejects(both.complete(PROMPT, never()), { code });
  });
}

Deno.test("the fallback model does not speak after the person has heard the first one", async () => {
  const both = withFallback(model("main", "provider_broken", "Well"), model("spare", "hello"));
  const heard: string[] = [];
  const prompt = { ...PROMPT, onText: (piece: string) => heard.push(piece) };
  await assert.rejects(both.complete(prompt, never()), { code: "provider_broken" });
  assert.deepEqual(heard, ["Well"]);
});

Deno.test("when both fail, the first failure counts; the window is the first model's", async () => {
  const both = withFallback(model("main", "provider_auth"), model("spare!", "provider_broken"));
  await assert.rejects(both.complete(PROMPT, never()), { code: "provider_auth" });
  assert.equal(both.contextTokens, 4000);
});

Deno.test("Retry-After is read in every form", () => {
  const now = Date.parse("2026-05-04T10:00:00Z");
  const read = (entries: Record<string, string>) => readRetryAfter(new Headers(entries), now);
  assert.equal(read({ "retry-after": "2" }), 2000);
  assert.equal(read({ "retry-after": "1.5" }), 1500);
  assert.equal(read({ "retry-after": "Mon, 04 May 2026 10:00:30 GMT" }), 30_000);
  assert.equal(read({ "retry-after": "Mon, 04 May 2026 09:00:00 GMT" }), 0);
  assert.equal(read({ "retry-after-ms": "250", "retry-after": "9" }), 250);
  assert.equal(read({ "retry-after": "soon" }), undefined);
  assert.equal(read({}), undefined);
});
