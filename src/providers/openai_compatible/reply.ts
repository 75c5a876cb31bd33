import { readContent } from "../_content.ts";
import { detailIn, readCost, readCount, readUsage, type Unreadable } from "../_counts.ts";
import type { ProviderQuestion, Reply } from "../_exchange.ts";
import { type Addressee, broken, failureInBody, refused } from "../_failures.ts";
import { readObject } from "../_object.ts";
import { listOf, recordOf, stringOf } from "../_told.ts";
import type { TokenCount } from "../prices.ts";

/** What of an answer has arrived. */
interface Arrived {
  text: string;
  refusal: string;
  /** Arguments of a tool call: some servers take a schema for a tool. */
  input: string;
  /** Something came that is no text. */
  foreign: boolean;
  finish: string;
  usage: unknown;
}

/**
 * Reads a streamed answer. What servers stream in fields of their own for thoughts
 * (`reasoning_content`, `reasoning`) is not looked at, only that it is there.
 * @throws {ProviderError} when it ends before its end, is a refusal, or holds nothing to read
 */
export async function readStream(
  chunks: AsyncIterable<unknown>,
  to: Addressee,
  question: ProviderQuestion,
): Promise<Reply> {
  const arrived = nothing();
  for await (const told of chunks) {
    const chunk = recordOf(told);
    const choice = recordOf(listOf(chunk.choices)[0]); // none in the chunk that only counts
    const piece = take(arrived, recordOf(choice.delta), question);
    if (piece !== "") question.onText?.(piece);
    arrived.finish = stringOf(choice.finish_reason) || arrived.finish;
    arrived.usage = chunk.usage ?? arrived.usage;
  }
  if (arrived.finish === "") throw broken(to, "ended its answer early");
  return finished(arrived, to, question);
}

/**
 * Reads an answer that came as a whole.
 * @throws {ProviderError} as {@linkcode readStream}
 */
export function readWholeCompletion(
  told: unknown,
  to: Addressee,
  question: ProviderQuestion,
): Reply {
  const answer = recordOf(told);
  const choice = recordOf(listOf(answer.choices)[0]);
  const message = recordOf(choice.message);
  if (Object.keys(message).length === 0) {
    const { error } = answer;
    throw error
      ? failureInBody(to, typeof error === "object" ? error : { message: String(error) })
      : broken(to, "sent an answer without content");
  }
  const arrived = nothing();
  take(arrived, message, question);
  arrived.finish = stringOf(choice.finish_reason);
  arrived.usage = answer.usage;
  return finished(arrived, to, question);
}

function nothing(): Arrived {
  return { text: "", refusal: "", input: "", foreign: false, finish: "", usage: undefined };
}

/** Adds a message or a piece of one. The result is its text. */
function take(
  arrived: Arrived,
  told: Readonly<Record<string, unknown>>,
  question: ProviderQuestion,
) {
  const { text, refusal, thought, foreign } = readContent(told.content);
  if (thought || stringOf(told.reasoning_content) || stringOf(told.reasoning)) {
    question.onThought?.();
  }
  arrived.text += text;
  arrived.refusal += refusal + stringOf(told.refusal);
  arrived.input += argumentsIn(told.tool_calls);
  arrived.foreign ||= foreign;
  return text;
}

/** Arguments of the first tool call, or a piece of them; Ollama's way is an object. */
function argumentsIn(calls: unknown): string {
  const first = listOf(calls).map(recordOf).find(({ index = 0 }) => index === 0);
  const given = recordOf(first?.function).arguments;
  return typeof given === "object" && given !== null ? JSON.stringify(given) : stringOf(given);
}

function finished(arrived: Arrived, to: Addressee, question: ProviderQuestion): Reply {
  const { text, refusal, finish } = arrived;
  if (refusal !== "") throw refused(to, "the model does not want to answer this");
  if (finish === "content_filter") throw refused(to, "its content filter stopped the answer");
  if (finish === "error") throw broken(to, "failed in the middle of its answer");
  const input = question.schema ? arrived.input : "";
  const foreign = arrived.foreign || (arrived.input !== "" && input === "");
  if (foreign && (text + input).trim() === "") throw broken(to, "sent an answer without text");
  const usage = readUsage(arrived.usage);
  return {
    text: text || input,
    ...(input === "" ? {} : { object: readObject(input) }),
    truncated: finish === "length",
    tokens: countTokens(usage),
    costUsd: usage === "unreadable" ? usage : readCost(usage?.cost),
  };
}

/** OpenAI's usage, with DeepSeek's field for what was in the cache. */
function countTokens(
  usage: ReturnType<typeof readUsage>,
): TokenCount | Unreadable | undefined {
  if (usage === undefined || usage === "unreadable") return usage;
  return readCount({
    input: usage.prompt_tokens,
    cachedInput: detailIn(usage.prompt_tokens_details, "cached_tokens") ??
      usage.prompt_cache_hit_tokens,
    cacheWrite: 0,
    output: usage.completion_tokens,
  });
}
