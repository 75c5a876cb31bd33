import type { Reply } from "../_exchange.ts";
import { type Addressee, broken, failureInBody, refused } from "../_failures.ts";
import { readJsonEvents } from "../_json_events.ts";
import type { TokenCount } from "../prices.ts";

/** The events that matter here. Reasoning is not looked at. */
interface Event {
  readonly type: string;
  readonly delta?: string;
  readonly item?: {
    readonly type: string;
    readonly content?: readonly { readonly type: string; readonly text?: string }[];
  };
  readonly response?: {
    readonly usage?: WireUsage | null;
    readonly error?: object | null;
    readonly incomplete_details?: { readonly reason?: string } | null;
  };
  readonly error?: object;
  readonly code?: unknown;
  readonly message?: string;
}

interface WireUsage {
  readonly input_tokens?: number;
  readonly input_tokens_details?: { readonly cached_tokens?: number };
  readonly output_tokens?: number;
}

/**
 * Reads a streamed answer. The last word on the text have finished items, which may hold what no
 * delta brought; without `response.completed` (or `incomplete`) the answer has not ended.
 * @throws {ProviderError} when it ends before its end, fails, or is a refusal
 */
export async function readAnswer(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  to: Addressee,
  onText: ((piece: string) => void) | undefined,
): Promise<Reply> {
  let shown = "";
  let items = "";
  let last: Event | undefined;
  const show = (piece: string) => {
    shown += piece;
    if (piece !== "") onText?.(piece);
  };
  for await (const event of readJsonEvents<Event>(body, to)) {
    switch (event.type) {
      case "response.output_text.delta":
        show(event.delta ?? "");
        break;
      case "response.output_item.done":
        items += textOf(event, to);
        if (items.startsWith(shown)) show(items.slice(shown.length));
        break;
      case "response.completed":
      case "response.incomplete":
        last = event;
        break;
      case "response.failed":
      case "error":
        throw failureInBody(to, event.response?.error ?? event.error ?? event);
    }
  }
  if (!last) throw broken(to, "ended its answer early");
  const cut = last.response?.incomplete_details?.reason;
  if (cut === "content_filter") throw refused(to, "its content filter stopped the answer");
  return {
    text: items || shown,
    truncated: last.type === "response.incomplete",
    tokens: countTokens(last.response?.usage),
  };
}

function textOf({ item }: Event, to: Addressee): string {
  if (item?.type !== "message") return "";
  const content = item.content ?? [];
  if (content.some(({ type }) => type === "refusal")) {
    throw refused(to, "the model does not want to answer this");
  }
  return content.map(({ type, text }) => type === "output_text" ? text ?? "" : "").join("");
}

function countTokens(usage: WireUsage | null | undefined): TokenCount | undefined {
  if (!usage) return undefined;
  return {
    input: usage.input_tokens ?? 0,
    cachedInput: usage.input_tokens_details?.cached_tokens ?? 0,
    cacheWrite: 0,
    output: usage.output_tokens ?? 0,
  };
}
