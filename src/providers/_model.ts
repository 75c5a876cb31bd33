import { CodedError, type FailureCode } from "../domain/failure.ts";
import { estimateTokens } from "../text/tokens.ts";
import type { Exchange, ProviderQuestion, Reply } from "./_exchange.ts";
import { answer } from "./_answer.ts";
import { createListening } from "./_listening.ts";
import { type Addressee, broken } from "./_failures.ts";
import { asBlindness, cannotSee, hasImages, IMAGE_TOKENS, isBlind } from "./_images.ts";
import { costOf, type TokenCount } from "./prices.ts";
import { listen, type RetryPorts, withRetries } from "./_retry.ts";
import {
  type CallMeter,
  type LanguageModel,
  type Price,
  ProviderError,
  type Usage,
} from "./provider.ts";

/** What a model is known by. */
export interface ModelIdentity {
  /** `provider/model`. */
  readonly name: string;
  readonly contextTokens: number;
  /** Its price for a prompt of so many tokens. */
  readonly priceFor: (inputTokens: number) => Price | undefined;
}

/** One request's answer with its usage. */
export interface CountedReply extends Reply {
  readonly usage: Usage;
}

/** Makes a language model of an exchange: every request metered, tried again, repaired once. */
export function createModel(
  exchange: Exchange,
  to: Addressee,
  identity: ModelIdentity,
  ports: RetryPorts,
): LanguageModel {
  const listening = createListening(to.entry.needs === "address");
  return {
    name: identity.name,
    contextTokens: identity.contextTokens,
    async complete(prompt, signal) {
      signal.throwIfAborted();
      if (hasImages(prompt) && isBlind(to)) throw cannotSee(to);
      const ask = (question: ProviderQuestion) => {
        const heard = listen(question);
        return withRetries(
          () =>
            listening.ask(
              heard.prompt,
              (asked) => askMetered(seeing(exchange, to), asked, identity, prompt.meter, signal),
            ),
          () => !heard.begun(),
          ports,
          signal,
        );
      };
      const { text, object, truncated, usage } = await answer(
        prompt,
        ask,
        (thought) =>
          broken(to, thought ? "only thought and never answered" : "gave an empty answer"),
      );
      return {
        text,
        ...(object === undefined ? {} : { object }),
        ...(truncated ? { truncated: true as const } : {}),
        usage,
        model: identity.name,
      };
    },
  };
}

/** The same exchange, whose refusal of a picture says so. */
function seeing(exchange: Exchange, to: Addressee): Exchange {
  return async (question, signal) => {
    try {
      return await exchange(question, signal);
    } catch (error) {
      throw hasImages(question) ? asBlindness(error, to) : error;
    }
  };
}

/** One request, announced before it is sent and accounted for however it ends. */
async function askMetered(
  exchange: Exchange,
  question: ProviderQuestion,
  identity: ModelIdentity,
  meter: CallMeter | undefined,
  signal: AbortSignal,
): Promise<CountedReply> {
  const inputTokens = estimateInput(question);
  const price = identity.priceFor(inputTokens);
  const settle = await meter?.({
    model: identity.name,
    inputTokens,
    maxOutputTokens: question.maxTokens,
    price,
  });
  let reply: Reply;
  try {
    reply = await exchange(question, signal);
  } catch (error) {
    const outcome = outcomeOf(error, signal);
    await settle?.({ outcome, ...(costNothing(error) ? { usage: NOTHING } : {}) });
    throw error;
  }
  const usage = usageOf(reply, inputTokens, price);
  await settle?.({ outcome: "ok", ...(usage ? { usage } : {}) });
  return { ...reply, usage: usage ?? reserved(inputTokens, question.maxTokens, price) };
}

function estimateInput({ messages, schema }: ProviderQuestion): number {
  const texts = messages.map(({ text }) => text);
  if (schema) texts.push(JSON.stringify(schema.json));
  const images = messages.reduce((sum, { images = [] }) => sum + images.length, 0);
  return texts.reduce((sum, text) => sum + estimateTokens(text) + 4, images * IMAGE_TOKENS);
}

function outcomeOf(error: unknown, signal: AbortSignal): FailureCode {
  if (signal.aborted) return "cancelled";
  return error instanceof CodedError ? error.code : "internal";
}

const NOTHING: Usage = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0, costUsd: 0 };

/** Failures after which a model may have worked for nothing. */
const UNCERTAIN: readonly FailureCode[] = [
  "provider_timeout",
  "provider_broken",
  "provider_refused",
];

/** Whether no model has worked on a request that failed: it was turned down, or never sent. */
function costNothing(error: unknown): boolean {
  return error instanceof ProviderError &&
    (error.status !== undefined || !UNCERTAIN.includes(error.code));
}

/**
 * Where the provider did not count, or counted nothing for something: an estimate, rather high.
 * `undefined` where it told something that is no count.
 */
function usageOf(reply: Reply, inputTokens: number, price: Price | undefined): Usage | undefined {
  if (reply.tokens === "unreadable" || reply.costUsd === "unreadable") return undefined;
  const text = reply.text + (reply.object ? JSON.stringify(reply.object) : "");
  const tokens: TokenCount = {
    input: reply.tokens?.input || inputTokens,
    cachedInput: reply.tokens?.cachedInput ?? 0,
    cacheWrite: reply.tokens?.cacheWrite ?? 0,
    output: reply.tokens?.output || estimateTokens(text),
  };
  return {
    inputTokens: tokens.input,
    outputTokens: tokens.output,
    cachedInputTokens: tokens.cachedInput,
    costUsd: reply.costUsd ?? costOf(tokens, price),
  };
}

/** All that was set aside for a request, where nobody can tell what it used. */
function reserved(inputTokens: number, outputTokens: number, price: Price | undefined): Usage {
  const costUsd = costOf({
    input: inputTokens,
    output: outputTokens,
    cachedInput: 0,
    cacheWrite: 0,
  }, price);
  return { inputTokens, outputTokens, cachedInputTokens: 0, costUsd };
}
