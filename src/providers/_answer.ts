import type { JsonObject } from "../domain/json.ts";
import type { ProviderQuestion, Reply } from "./_exchange.ts";
import { readObject } from "./_object.ts";
import type { Prompt, PromptMessage, ProviderError, Usage } from "./provider.ts";

/** Tokens for a second try of a model that thought all of the first ones away. */
const ROOM_TO_THINK = 4096;

type Counted = Reply & { readonly usage: Usage };

/** The answer to a prompt, and what all requests for it used. */
export interface Answered {
  readonly text: string;
  readonly object: JsonObject | undefined;
  readonly truncated: boolean;
  readonly usage: Usage;
}

/**
 * Asks, and asks once more when the first answer cannot be used: when it is empty because the
 * model only thought, or when it should be an object and is none, unless the prompt wants it as
 * told. A second text without an object is returned as it is; the caller reads it as best it can.
 * @throws what `empty` makes when the second answer is empty too; it is told whether tokens were
 * used for it, that is, whether the model thought
 */
export async function answer(
  prompt: Prompt,
  ask: (question: ProviderQuestion) => Promise<Counted>,
  empty: (thought: boolean) => ProviderError,
): Promise<Answered> {
  const { messages, maxTokens, temperature, schema, onText } = prompt;
  const question: ProviderQuestion = {
    messages,
    maxTokens,
    ...(temperature === undefined ? {} : { temperature }),
    ...(schema ? { schema } : {}),
    ...(onText && !schema ? { onText } : {}),
  };
  const first = await ask(question);
  const settled = read(first, schema !== undefined);
  const enough = settled.usable || (prompt.asTold && first.text.trim() !== "");
  if (enough) return { ...settled, usage: first.usage };
  const second = await ask(again(question, first));
  const usage = sum(first.usage, second.usage);
  const final = read(second, schema !== undefined);
  if (!final.usable && second.text.trim() === "") throw empty(second.usage.outputTokens > 0);
  return { ...final, usage };
}

function read(reply: Reply, wantsObject: boolean): Omit<Answered, "usage"> & { usable: boolean } {
  const { text, truncated } = reply;
  const object = wantsObject ? reply.object ?? objectIn(text, truncated) : undefined;
  return { text, object, truncated, usable: wantsObject ? !!object : text.trim() !== "" };
}

/** In an answer that was cut off, an object behind other words may be an example in thoughts. */
function objectIn(text: string, truncated: boolean): JsonObject | undefined {
  return truncated && !/^\s*(?:\{|```)/.test(text) ? undefined : readObject(text);
}

/** The question for the second try: more room, and a word on what was wrong. */
function again(question: ProviderQuestion, reply: Reply): ProviderQuestion {
  const more = Math.max(question.maxTokens * 2, ROOM_TO_THINK);
  if (reply.text.trim() === "") {
    return { ...withWord(question, DIRECTLY), maxTokens: more, calm: true };
  }
  if (reply.truncated) return { ...withWord(question, SHORTER), maxTokens: more };
  const messages: PromptMessage[] = [
    ...question.messages,
    { role: "assistant", text: reply.text },
    { role: "user", text: ONLY_OBJECT },
  ];
  return { ...question, messages };
}

function withWord(question: ProviderQuestion, text: string): ProviderQuestion {
  return { ...question, messages: [...question.messages, { role: "user", text }] };
}

const DIRECTLY = "Answer now, directly and without thinking about it any longer.";
const SHORTER = "Your answer was cut off. Answer again, as short as it can be.";
const ONLY_OBJECT =
  "That was not one valid JSON object of the required form. Answer again with that object only: " +
  "no text before or after it, no code fence.";

function sum(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cachedInputTokens: a.cachedInputTokens + b.cachedInputTokens,
    costUsd: a.costUsd === undefined || b.costUsd === undefined ? undefined : a.costUsd + b.costUsd,
  };
}
