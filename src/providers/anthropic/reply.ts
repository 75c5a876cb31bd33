import type { JsonObject } from "../../domain/json.ts";
import type { Reply } from "../_exchange.ts";
import { type Addressee, broken, failureOfStatus, refused } from "../_failures.ts";
import { readJsonEvents } from "../_json_events.ts";
import { readObject } from "../_object.ts";

/** The events that matter here (platform.claude.com, streaming). Thinking is not looked at. */
type Event =
  | { readonly type: "message_start"; readonly message: { readonly usage?: WireUsage } }
  | {
    readonly type: "content_block_start";
    readonly content_block: { readonly type: string; readonly input?: JsonObject };
  }
  | { readonly type: "content_block_delta"; readonly delta: Delta }
  | {
    readonly type: "message_delta";
    readonly delta: { readonly stop_reason?: string | null };
    readonly usage?: WireUsage;
  }
  | { readonly type: "message_stop" }
  | { readonly type: "error"; readonly error: { readonly type?: string } };

type Delta =
  | { readonly type: "text_delta"; readonly text: string }
  | { readonly type: "input_json_delta"; readonly partial_json: string };

interface WireUsage {
  /** Without the cached ones. */
  readonly input_tokens?: number | null;
  readonly cache_read_input_tokens?: number | null;
  readonly cache_creation_input_tokens?: number | null;
  readonly output_tokens?: number | null;
}

/** Status codes of the errors that come inside a stream (platform.claude.com, errors). */
const STATUS: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  overloaded_error: 529,
};

/**
 * Reads a streamed message.
 * @throws {ProviderError} when it ends before its end, or is a refusal
 */
export async function readMessage(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  to: Addressee,
  onText: ((piece: string) => void) | undefined,
): Promise<Reply> {
  let text = "";
  let input = "";
  let stop: string | undefined;
  let ended = false;
  let usage: WireUsage = {};
  for await (const event of readJsonEvents<Event>(body, to)) {
    switch (event.type) {
      case "message_start":
        usage = { ...usage, ...event.message?.usage };
        break;
      case "content_block_delta":
        if (event.delta.type === "input_json_delta") input += event.delta.partial_json;
        if (event.delta.type !== "text_delta" || event.delta.text === "") break;
        text += event.delta.text;
        onText?.(event.delta.text);
        break;
      case "message_delta":
        stop = event.delta?.stop_reason ?? stop;
        usage = { ...usage, ...withoutNulls(event.usage) };
        break;
      case "message_stop":
        ended = true;
        break;
      case "error":
        throw failureOfStatus(to, STATUS[event.error.type ?? ""] ?? 500, JSON.stringify(event));
    }
  }
  if (!ended) throw broken(to, "ended its answer early");
  return finished(to, text, input, stop, usage);
}

/** Reads a message that came as a whole, though it was asked for as a stream. */
export function readWhole(message: WholeMessage, to: Addressee): Reply {
  if (!Array.isArray(message.content)) throw broken(to, "sent an answer without content");
  const text = message.content.map((block) => block.type === "text" ? block.text : "").join("");
  const tool = message.content.find((block) => block.type === "tool_use");
  return finished(
    to,
    text,
    tool ? JSON.stringify(tool.input) : "",
    message.stop_reason,
    message.usage,
  );
}

/** A message as it is when it is not streamed. */
export interface WholeMessage {
  readonly content?: readonly (
    | { readonly type: "text"; readonly text: string }
    | { readonly type: "tool_use"; readonly input: JsonObject }
  )[];
  readonly stop_reason?: string | null;
  readonly usage?: WireUsage;
}

function finished(
  to: Addressee,
  text: string,
  input: string,
  stop: string | null | undefined,
  usage: WireUsage | undefined,
): Reply {
  if (stop === "refusal") throw refused(to, "the model does not want to answer this");
  return {
    text: text || input,
    object: input === "" ? undefined : readObject(input),
    truncated: stop === "max_tokens" || stop === "model_context_window_exceeded",
    tokens: countTokens(usage ?? {}),
  };
}

function withoutNulls(usage: WireUsage | undefined): WireUsage {
  return Object.fromEntries(Object.entries(usage ?? {}).filter(([, value]) => value !== null));
}

function countTokens(usage: WireUsage): Reply["tokens"] {
  if (usage.output_tokens === undefined) return undefined;
  const cachedInput = usage.cache_read_input_tokens ?? 0;
  const cacheWrite = usage.cache_creation_input_tokens ?? 0;
  return {
    input: (usage.input_tokens ?? 0) + cachedInput + cacheWrite,
    cachedInput,
    cacheWrite,
    output: usage.output_tokens ?? 0,
  };
}
