import { readContent } from "../_content.ts";
import { detailIn, readCount, readUsage } from "../_counts.ts";
import type { ProviderQuestion, Reply } from "../_exchange.ts";
import { type Addressee, broken, failureInBody, refused } from "../_failures.ts";
import { readJsonEvents } from "../_json_events.ts";
import { recordOf, stringOf } from "../_told.ts";

type Told = Readonly<Record<string, unknown>>;

/** What of an answer has arrived. */
interface Arrived {
  /** By deltas. */
  shown: string;
  /** By finished items. */
  items: string;
  /** Something came that is no text. */
  foreign: boolean;
  last: Told | undefined;
}

/**
 * Reads a streamed answer. The last word on the text have finished items, which may hold what no
 * delta brought; without `response.completed` (or `incomplete`) the answer has not ended.
 * Reasoning is not looked at.
 * @throws {ProviderError} when it ends before its end, fails, is a refusal, or holds no text
 */
export async function readAnswer(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  to: Addressee,
  question: ProviderQuestion,
): Promise<Reply> {
  const arrived: Arrived = { shown: "", items: "", foreign: false, last: undefined };
  for await (const event of readJsonEvents(body, to)) take(arrived, recordOf(event), to, question);
  const { last, items, shown, foreign } = arrived;
  if (!last) throw broken(to, "ended its answer early");
  const response = recordOf(last.response);
  const cut = recordOf(response.incomplete_details).reason;
  if (cut === "content_filter") throw refused(to, "its content filter stopped the answer");
  const text = items || shown;
  if (foreign && text.trim() === "") throw broken(to, "sent an answer without text");
  return {
    text,
    truncated: last.type === "response.incomplete",
    tokens: countTokens(response.usage),
  };
}

function take(arrived: Arrived, event: Told, to: Addressee, question: ProviderQuestion): void {
  const show = (piece: string) => {
    arrived.shown += piece;
    if (piece !== "") question.onText?.(piece);
  };
  switch (event.type) {
    case "response.output_text.delta": {
      const { text, foreign } = readContent(event.delta);
      arrived.foreign ||= foreign;
      show(text);
      break;
    }
    case "response.output_item.done": {
      arrived.items += textOf(recordOf(event.item), arrived, to);
      if (arrived.items.startsWith(arrived.shown)) show(arrived.items.slice(arrived.shown.length));
      break;
    }
    case "response.completed":
    case "response.incomplete":
      arrived.last = event;
      break;
    case "response.failed":
    case "error":
      throw failureInBody(to, whatFailed(event));
  }
  if (stringOf(event.type).startsWith("response.reasoning")) question.onThought?.();
}

function textOf(item: Told, arrived: Arrived, to: Addressee): string {
  if (item.type !== "message") return "";
  const { text, refusal, foreign } = readContent(item.content);
  if (refusal !== "") throw refused(to, "the model does not want to answer this");
  arrived.foreign ||= foreign;
  return text;
}

function whatFailed(event: Told): object {
  const told = recordOf(event.response).error ?? event.error ?? event;
  return typeof told === "object" ? told : { message: String(told) };
}

function countTokens(told: unknown): Reply["tokens"] {
  const usage = readUsage(told);
  if (usage === undefined || usage === "unreadable") return usage;
  return readCount({
    input: usage.input_tokens,
    cachedInput: detailIn(usage.input_tokens_details, "cached_tokens"),
    cacheWrite: 0,
    output: usage.output_tokens,
  });
}
