import assert from "node:assert/strict";
import type { ProviderError } from "../../src/providers/provider.ts";

/** A key that must never be seen again, nor any part of it. */
export const CANARY_KEY = "sk-or-v1-cAnAry0123456789abcdefXYZ7890wxyz";

/** A login that is good for an hour from `now`. */
export function codexTokens(now: number): string {
  const expires = now + 3_600_000;
  const tokens = { access: CANARY_KEY, refresh: "refresh-token", expires, account_id: "account-1" };
  return JSON.stringify(tokens);
}

/** Fails when a part of the key stands anywhere in an error. */
export function assertCanaryAbsent(error: ProviderError): void {
  const seen = [error.message, error.detail, JSON.stringify(error.failure), error.stack ?? ""];
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) {
    seen.push(cause.message);
  }
  for (const text of seen) {
    for (let at = 0; at + 6 <= CANARY_KEY.length; at++) {
      const part = CANARY_KEY.slice(at, at + 6);
      assert.ok(!text.includes(part), `"${part}" of the key stands in: ${text}`);
    }
  }
}
