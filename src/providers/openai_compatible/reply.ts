import type { OpenAI } from "openai";
import type { Reply } from "../_exchange.ts";
import { type Addressee, broken, failureInBody, refused } from "../_failures.ts";
import { createThoughtFilter } from "../_thoughts.ts";
import type { TokenCount } from "../prices.ts";

type Chunk = OpenAI.ChatCompletionChunk;
type Whole = OpenAI.ChatCompletion;

/** Fields that servers add to OpenAI's usage. */
interface WideUsage {
  readonly prompt_tokens?: number;
  readonly completion_tokens?: number;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number } | null;
  /** DeepSeek. */
  readonly prompt_cache_hit_tokens?: number;
  /** OpenRouter: US dollars. */
  readonly cost?: number;
}

/**
 * Reads a streamed answer. Fields of their own in which servers stream thoughts
 * (`reasoning_content`, `reasoning`) are not looked at.
 * @throws {ProviderError} when it ends before its end, or is a refusal
 */
export async function readStream(
  chunks: AsyncIterable<Chunk>,
  to: Addressee,
  onText: ((piece: string) => void) | undefined,
): Promise<Reply> {
  const thoughts = createThoughtFilter();
  let text = "";
  let refusal = "";
  let finish: string | null | undefined;
  let usage: WideUsage | null | undefined;
  const show = (piece: string) => {
    text += piece;
    if (piece !== "") onText?.(piece);
  };
  for await (const chunk of chunks) {
    const choice = chunk.choices?.[0]; // none in the chunk that only counts
    show(thoughts.push(choice?.delta?.content ?? ""));
    refusal += choice?.delta?.refusal ?? "";
    finish = choice?.finish_reason ?? finish;
    usage = chunk.usage ?? usage;
  }
  if (!finish) throw broken(to, "ended its answer early");
  show(thoughts.end());
  return finished(to, text, refusal, finish, usage);
}

/** Reads an answer that came as a whole. */
export function readWhole(answer: Whole, to: Addressee): Reply {
  const choice = answer.choices?.[0];
  if (!choice) {
    const { error } = answer as { readonly error?: object };
    throw error ? failureInBody(to, error) : broken(to, "sent an answer without content");
  }
  const thoughts = createThoughtFilter();
  const text = thoughts.push(choice.message?.content ?? "") + thoughts.end();
  return finished(to, text, choice.message?.refusal ?? "", choice.finish_reason, answer.usage);
}

function finished(
  to: Addressee,
  text: string,
  refusal: string,
  finish: string,
  usage: WideUsage | null | undefined,
): Reply {
  if (refusal !== "") throw refused(to, "the model does not want to answer this");
  if (finish === "content_filter") throw refused(to, "its content filter stopped the answer");
  if (finish === "error") throw broken(to, "failed in the middle of its answer");
  return {
    text,
    truncated: finish === "length",
    tokens: usage ? countTokens(usage) : undefined,
    costUsd: usage?.cost,
  };
}

function countTokens(usage: WideUsage): TokenCount {
  return {
    input: usage.prompt_tokens ?? 0,
    cachedInput: usage.prompt_tokens_details?.cached_tokens ?? usage.prompt_cache_hit_tokens ?? 0,
    cacheWrite: 0,
    output: usage.completion_tokens ?? 0,
  };
}
