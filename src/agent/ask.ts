import type { LanguageModel, PromptMessage } from "../providers/provider.ts";
import { type Contract, readContract } from "./contracts.ts";

/** How a structured question is put. */
export interface Question {
  readonly messages: readonly PromptMessage[];
  readonly maxTokens: number;
  readonly temperature: number;
  /** Times an unreadable answer is asked for again. */
  readonly repairs: number;
}

/** A structured answer, or the last reason why there is none. */
export type Asked<T> =
  | { readonly kind: "read"; readonly value: T }
  | { readonly kind: "unreadable"; readonly problem: string; readonly text: string };

/** Asks for one object of a contract; an unreadable answer goes back with what is wrong with it. */
export async function askFor<T>(
  contract: Contract<T>,
  question: Question,
  model: LanguageModel,
  signal: AbortSignal,
): Promise<Asked<T>> {
  let messages = question.messages;
  for (let repairs = 0;; repairs++) {
    const { text, object } = await model.complete({
      messages,
      maxTokens: question.maxTokens,
      temperature: question.temperature,
      schema: { name: contract.name, json: contract.schema },
    }, signal);
    const read = readContract(contract, object);
    if (read.kind === "read") return read;
    if (repairs >= question.repairs) return { ...read, text };
    messages = [...question.messages, { role: "assistant", text }, {
      role: "user",
      text: `This is not readable: ${read.problem}. ` +
        `Answer again with the JSON object alone, as the schema "${contract.name}" says.`,
    }];
  }
}
