import type { Fetch } from "../../platform/platform.ts";
import type { ProviderSettings } from "../catalog.ts";
import type { Exchange, ProviderQuestion, Reply } from "../_exchange.ts";
import { type Addressee, keyMissing } from "../_failures.ts";
import { readJsonBody } from "../_json_events.ts";
import { ProviderError } from "../provider.ts";
import { readMessage, readWholeMessage } from "./reply.ts";
import { firstTerms, messagesBody, simplerTerms, type Terms } from "./request.ts";

/** The version of the API that this was written for. */
const VERSION = "2023-06-01";

/**
 * Speaks Anthropic's Messages API. What a model refuses to take is left out from then on.
 */
export function createAnthropicExchange(
  to: Addressee,
  settings: ProviderSettings,
  wire: Fetch,
): Exchange {
  let terms = firstTerms(to.model);
  return async (question, signal) => {
    if (settings.apiKey === "") throw keyMissing(to);
    for (;;) {
      try {
        return await ask(question, terms, to, settings, wire, signal);
      } catch (error) {
        signal.throwIfAborted();
        const simpler = error instanceof ProviderError && simplerTerms(terms, error);
        if (!simpler) throw error;
        terms = simpler;
      }
    }
  };
}

async function ask(
  question: ProviderQuestion,
  terms: Terms,
  to: Addressee,
  settings: ProviderSettings,
  wire: Fetch,
  signal: AbortSignal,
): Promise<Reply> {
  const response = await wire(anthropicUrl(to.baseUrl, "messages"), {
    method: "POST",
    headers: { "content-type": "application/json", ...anthropicHeaders(settings) },
    body: JSON.stringify(messagesBody(to.model, question, terms)),
    signal,
  });
  const type = response.headers.get("content-type") ?? "";
  if (/^application\/json\b/i.test(type)) {
    return readWholeMessage(await readJsonBody(response, to), to, question);
  }
  return await readMessage(response.body ?? new ReadableStream(), to, question);
}

/** Headers of every request. */
export function anthropicHeaders(settings: ProviderSettings): Record<string, string> {
  return {
    "x-api-key": settings.apiKey,
    "anthropic-version": VERSION,
    "user-agent": "clambot",
    ...settings.extraHeaders,
  };
}

/** Address of a resource; the base may be given with or without its version. */
export function anthropicUrl(baseUrl: string, resource: string): string {
  return `${baseUrl.replace(/\/v1$/, "")}/v1/${resource}`;
}
