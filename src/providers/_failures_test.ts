import assert from "node:assert/strict";
import { type ProviderName, PROVIDERS } from "./catalog.ts";
import { failureInBody, failureOfStatus } from "./_failures.ts";

function to(provider: ProviderName) {
  const entry = PROVIDERS[provider];
  return { entry, model: "m-1", baseUrl: entry.baseUrl ?? "http://x", secrets: [] };
}

/** What providers say, and what it means. */
const SAID: readonly (readonly [ProviderName, number, string, string, boolean])[] = [
  ["openai", 401, "Incorrect API key provided", "provider_auth", false],
  ["openai", 403, "You do not have permission for this key", "provider_auth", false],
  ["openai", 403, "Country, region, or territory not supported", "provider_refused", false],
  ["openrouter", 402, "Insufficient credits", "provider_quota", false],
  ["openai", 429, '{"error":{"message":"x","code":"insufficient_quota"}}', "provider_quota", false],
  ["anthropic", 400, "Your credit balance is too low to access the API", "provider_quota", false],
  ["openai_codex", 429, '{"error":{"type":"usage_limit_reached"}}', "provider_quota", false],
  [
    "openai",
    429,
    "Rate limit reached. Add a payment method at https://platform.openai.com/account/billing",
    "provider_rate",
    true,
  ],
  [
    "gemini",
    429,
    '[{"error":{"message":"You exceeded your current quota","details":[{"retryDelay":"17s"}]}}]',
    "provider_rate",
    true,
  ],
  ["groq", 413, "Request too large for model", "context_too_long", false],
  [
    "gemini",
    400,
    "The input token count (9) exceeds the maximum number",
    "context_too_long",
    false,
  ],
  ["anthropic", 400, "prompt is too long: 250000 tokens > 200000", "context_too_long", false],
  ["openrouter", 400, "foo/bar is not a valid model ID", "model_unknown", false],
  ["anthropic", 404, '{"error":{"message":"model: claude-9"}}', "model_unknown", false],
  [
    "openai_codex",
    400,
    '{"detail":"The \'m-1\' model is not supported when using Codex with a ChatGPT account."}',
    "model_unknown",
    false,
  ],
  ["custom", 404, "Not Found", "provider_refused", false],
  ["openai", 408, "timeout", "provider_timeout", true],
  ["openai", 503, "<html>nginx</html>", "provider_broken", true],
  ["anthropic", 529, "Overloaded", "provider_broken", true],
  ["openai", 422, "Unprocessable", "provider_refused", false],
];

for (const [provider, status, body, code, retryable] of SAID) {
  Deno.test(`${status} of ${provider} saying "${body.slice(0, 50)}" is ${code}`, () => {
    const error = failureOfStatus(to(provider), status, body);
    assert.deepEqual([error.code, error.retryable], [code, retryable], error.message);
    assert.match(error.message, /^[A-Z][^\n]*\.$/);
    assert.match(error.failure.hint ?? "", /\S/);
  });
}

Deno.test("Gemini's own delay is waited for", () => {
  const body = '{"error":{"message":"quota","details":[{"retryDelay":"1.5s"}]}}';
  assert.equal(failureOfStatus(to("gemini"), 429, body).retryAfterMs, 1500);
});

Deno.test("errors inside a good answer are known by their names and by their numbers", () => {
  const codes = [
    [{ code: "context_length_exceeded", message: "too much" }, "context_too_long"],
    [{ code: 429, message: "busy" }, "provider_rate"],
    [{ code: "rate_limit_exceeded", message: "busy" }, "provider_rate"],
    [{ type: "usage_limit_reached", message: "limit" }, "provider_quota"],
    [{ message: "something" }, "provider_broken"],
  ] as const;
  for (const [told, code] of codes) {
    assert.equal(failureInBody(to("openai_codex"), told).code, code, JSON.stringify(told));
  }
});
