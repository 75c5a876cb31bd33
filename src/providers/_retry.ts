import type { Clock, Random } from "../platform/platform.ts";
import { type LanguageModel, type Prompt, ProviderError } from "./provider.ts";

/** Requests for one answer, the first included. */
const ATTEMPTS = 4;

/** The same when nothing came in time: every attempt costs the person minutes. */
const ATTEMPTS_AFTER_SILENCE = 2;

/** Milliseconds before the second request; doubled for each further one. */
const FIRST_PAUSE = 500;

/** Milliseconds that a pause may have at most without the provider's word. */
const LONGEST_PAUSE = 20_000;

/** Milliseconds that the provider may ask for; a longer wait is the person's decision. */
const LONGEST_WAIT = 60_000;

/** What trying again needs. */
export interface RetryPorts {
  readonly clock: Clock;
  readonly random: Random;
  /** Requests at most, the usual number when absent. */
  readonly attempts?: number;
}

/**
 * Does `ask` until it succeeds, fails for good, or `mayRepeat` says that the failure has already
 * been seen. Pauses grow and are spread, so that many clients do not come back at once; the
 * provider's own `Retry-After` counts more.
 */
export async function withRetries<T>(
  ask: () => Promise<T>,
  mayRepeat: () => boolean,
  ports: RetryPorts,
  signal: AbortSignal,
): Promise<T> {
  for (let attempt = 1;; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ProviderError) || !error.retryable || !mayRepeat()) throw error;
      if (attempt >= attemptsFor(error, ports)) throw error;
      if ((error.retryAfterMs ?? 0) > LONGEST_WAIT) throw error;
      await ports.clock.sleep(error.retryAfterMs ?? pause(attempt, ports.random), signal);
    }
  }
}

function attemptsFor(error: ProviderError, ports: RetryPorts): number {
  const most = ports.attempts ?? ATTEMPTS;
  return error.code === "provider_timeout" ? Math.min(most, ATTEMPTS_AFTER_SILENCE) : most;
}

/** Between half of the growing pause and all of it. */
function pause(attempt: number, random: Random): number {
  const whole = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempt - 1));
  const [high = 0, low = 0] = random.bytes(2);
  return whole / 2 + (whole / 2) * ((high * 256 + low) / 65_535);
}

/**
 * A model that another one stands in for: when the first cannot answer for a reason of its own and
 * the person has not seen any of its words yet. When both fail, the first failure counts.
 */
export function withFallback(model: LanguageModel, fallback: LanguageModel): LanguageModel {
  return {
    name: model.name,
    contextTokens: model.contextTokens,
    async complete(prompt, signal) {
      const heard = listen(prompt);
      try {
        return await model.complete(heard.prompt, signal);
      } catch (error) {
        if (!isItsOwn(error) || heard.begun()) throw error;
        return await fallback.complete(prompt, signal).catch((second) => {
          signal.throwIfAborted();
          throw second instanceof ProviderError ? error : second;
        });
      }
    },
  };
}

/** Whether another model could do better: not with what is refused or too long. */
function isItsOwn(error: unknown): boolean {
  return error instanceof ProviderError &&
    error.code !== "provider_refused" && error.code !== "context_too_long";
}

/** The same prompt, and whether any text of its answer has been passed on. */
export function listen<T extends Pick<Prompt, "onText">>(
  prompt: T,
): { readonly prompt: T; readonly begun: () => boolean } {
  const { onText } = prompt;
  let begun = false;
  if (!onText) return { prompt, begun: () => false };
  return {
    begun: () => begun,
    prompt: {
      ...prompt,
      onText: (piece: string) => {
        begun = true;
        onText(piece);
      },
    },
  };
}
