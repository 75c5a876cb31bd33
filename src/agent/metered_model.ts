import type { Origin } from "../domain/message.ts";
import type { Redactor } from "../domain/redacted.ts";
import type { CallMeter, LanguageModel, Prompt, ProvidedModel } from "../providers/provider.ts";
import type { Budget } from "../usage/budget.ts";

/** For whom a model is asked. */
export interface Metering {
  readonly budget: Budget;
  readonly turn: string;
  readonly origin: Origin;
  /** The guest who is answered, if it is one. */
  readonly guest?: string | undefined;
  /** Requests that this turn may send at most, where the turn is one of several. */
  readonly mostCalls?: number | undefined;
  readonly redactor: Redactor;
  /** Called for every request that may be sent. */
  readonly onCall?: () => void;
}

/**
 * The same model, asked without any known secret, every request of it reserved in the budget before it is sent and written into
 * the ledger when it has ended, repairs and repetitions included.
 */
export function meteredModel(model: ProvidedModel, metering: Metering): LanguageModel {
  return {
    name: model.name,
    contextTokens: model.contextTokens,
    complete: (prompt, signal) =>
      model.complete({
        ...prompt,
        messages: prompt.messages.map((message) => ({
          ...message,
          text: metering.redactor.redact(message.text),
        })),
        meter: meterFor(prompt, metering),
      }, signal),
  };
}

function meterFor(
  prompt: Prompt,
  { budget, turn, origin, guest, mostCalls, onCall }: Metering,
): CallMeter {
  const purpose = prompt.schema?.name ?? "text";
  return async (call) => {
    const reservation = await budget.reserve({
      ...call,
      ...{ turn, origin, guest, mostCalls, purpose },
    });
    onCall?.();
    return reservation.settle;
  };
}
