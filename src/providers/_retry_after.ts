/**
 * Milliseconds that an answer asks to wait: `retry-after-ms` (OpenAI), or `Retry-After` in seconds
 * or as a date (RFC 9110, section 10.2.3). `undefined` when it asks for nothing.
 */
export function readRetryAfter(headers: Headers, now: number): number | undefined {
  const exact = headers.get("retry-after-ms");
  if (exact !== null && /^\d+(?:\.\d+)?$/.test(exact)) return Number(exact);
  const text = headers.get("retry-after")?.trim();
  if (!text) return undefined;
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
