import { readContent } from "../_content.ts";
import { readCount, readUsage, sumOf } from "../_counts.ts";
import type { ProviderQuestion, Reply } from "../_exchange.ts";
import { type Addressee, broken, failureOfStatus, refused } from "../_failures.ts";
import { readJsonEvents } from "../_json_events.ts";
import { readObject } from "../_object.ts";
import { isRecord, listOf, recordOf, stringOf } from "../_told.ts";

type Told = Readonly<Record<string, unknown>>;
type ToldUsage = ReturnType<typeof readUsage>;

/** What of a message has arrived. */
interface Arrived {
  text: string;
  /** Input of the tool that takes the answer. */
  input: string;
  /** Something came that is no text. */
  foreign: boolean;
  stop: string;
  ended: boolean;
  usage: ToldUsage;
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
 * Reads a streamed message (platform.claude.com, streaming). Thinking is not looked at.
 * @throws {ProviderError} when it ends before its end, is a refusal, or holds nothing to read
 */
export async function readMessage(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  to: Addressee,
  question: ProviderQuestion,
): Promise<Reply> {
  const arrived: Arrived = {
    text: "",
    input: "",
    foreign: false,
    stop: "",
    ended: false,
    usage: undefined,
  };
  for await (const event of readJsonEvents(body, to)) take(arrived, recordOf(event), to, question);
  if (!arrived.ended) throw broken(to, "ended its answer early");
  return finished(arrived, to);
}

function take(arrived: Arrived, event: Told, to: Addressee, question: ProviderQuestion): void {
  switch (event.type) {
    case "message_start":
      arrived.usage = merged(arrived.usage, firstUsage(recordOf(event.message).usage));
      break;
    case "content_block_start":
      takeBlock(arrived, recordOf(event.content_block), question);
      break;
    case "content_block_delta":
      takeDelta(arrived, recordOf(event.delta), question);
      break;
    case "message_delta":
      arrived.stop = stringOf(recordOf(event.delta).stop_reason) || arrived.stop;
      arrived.usage = merged(arrived.usage, event.usage);
      break;
    case "message_stop":
      arrived.ended = true;
      break;
    case "error": {
      const type = stringOf(recordOf(event.error).type);
      throw failureOfStatus(to, STATUS[type] ?? 500, JSON.stringify(event));
    }
  }
}

/** The beginning of a block; Anthropic's are empty, those of others may hold all of it. */
function takeBlock(arrived: Arrived, block: Told, question: ProviderQuestion): void {
  if (block.type === "tool_use") {
    const begun = Object.keys(recordOf(block.input)).length > 0;
    if (begun) arrived.input += JSON.stringify(block.input);
    return;
  }
  const { text, thought, foreign } = readContent(block);
  if (thought) question.onThought?.();
  arrived.foreign ||= foreign;
  say(arrived, text, question);
}

function takeDelta(arrived: Arrived, delta: Told, question: ProviderQuestion): void {
  if (delta.type === "input_json_delta") arrived.input += stringOf(delta.partial_json);
  if (delta.type !== "text_delta") return;
  const { text, foreign } = readContent(delta.text);
  arrived.foreign ||= foreign;
  say(arrived, text, question);
}

function say(arrived: Arrived, text: string, question: ProviderQuestion): void {
  arrived.text += text;
  if (text !== "") question.onText?.(text);
}

/**
 * Reads a message that came as a whole, though it was asked for as a stream.
 * @throws {ProviderError} as {@linkcode readMessage}
 */
export function readWholeMessage(told: unknown, to: Addressee, question: ProviderQuestion): Reply {
  const message = recordOf(told);
  const { content } = message;
  if (content === undefined || content === null) throw broken(to, "sent an answer without content");
  const blocks = Array.isArray(content) ? content : [content];
  const isTool = (block: unknown) => recordOf(block).type === "tool_use";
  const tool = recordOf(listOf(blocks).find(isTool));
  const { text, foreign } = readContent(blocks.filter((block) => !isTool(block)));
  if (text !== "") question.onText?.(text);
  return finished({
    text,
    input: isRecord(tool.input) ? JSON.stringify(tool.input) : "",
    foreign,
    stop: stringOf(message.stop_reason),
    ended: true,
    usage: readUsage(message.usage),
  }, to);
}

function finished({ text, input, foreign, stop, usage }: Arrived, to: Addressee): Reply {
  if (stop === "refusal") throw refused(to, "the model does not want to answer this");
  if (foreign && (text + input).trim() === "") throw broken(to, "sent an answer without text");
  return {
    text: text || input,
    object: input === "" ? undefined : readObject(input),
    truncated: stop === "max_tokens" || stop === "model_context_window_exceeded",
    tokens: countTokens(usage),
  };
}

/** The beginning counts the prompt; of the answer only what is already there, which is not it. */
function firstUsage(told: unknown): unknown {
  if (!isRecord(told)) return told;
  const { output_tokens: _, ...rest } = told;
  return rest;
}

/** Later counts stand in place of earlier ones; those of the prompt may be null then. */
function merged(before: ToldUsage, told: unknown): ToldUsage {
  const usage = readUsage(told);
  if (usage === undefined) return before;
  if (usage === "unreadable" || before === "unreadable") return "unreadable";
  const later = Object.entries(usage).filter(([name, value]) =>
    value !== null || before?.[name] === undefined
  );
  return { ...before, ...Object.fromEntries(later) };
}

/** The cached tokens are not among `input_tokens`. */
function countTokens(usage: ToldUsage): Reply["tokens"] {
  if (usage === undefined || usage === "unreadable") return usage;
  const cachedInput = usage.cache_read_input_tokens;
  const cacheWrite = usage.cache_creation_input_tokens;
  return readCount({
    input: usage.input_tokens === null ? null : sumOf(usage.input_tokens, cachedInput, cacheWrite),
    cachedInput,
    cacheWrite,
    output: usage.output_tokens,
  });
}
