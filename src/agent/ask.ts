import type { Completion, LanguageModel, PromptMessage } from "../providers/provider.ts";
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

/**
 * Asks for one object of a contract; an unreadable answer goes back with what is wrong with it.
 * @throws {CodedError} of the model
 */
export async function askFor<T>(
  contract: Contract<T>,
  question: Question,
  model: LanguageModel,
  signal: AbortSignal,
): Promise<Asked<T>> {
  const { temperature } = question;
  let { messages, maxTokens } = question;
  for (let repairs = 0;; repairs++) {
    const completion = await model.complete({
      messages,
      maxTokens,
      temperature,
      schema: { name: contract.name, json: contract.schema },
      asTold: true,
    }, signal);
    const asked = read(contract, completion);
    if (asked.kind === "read" || repairs >= question.repairs) return asked;
    if (completion.truncated) maxTokens *= 2;
    messages = [...question.messages, ...repairOf(contract, asked)];
  }
}

function read<T>(contract: Contract<T>, { text, object, truncated }: Completion): Asked<T> {
  const found = readContract(contract, object);
  if (found.kind === "read") return found;
  const salvaged = object === undefined ? contract.salvage?.(text) : undefined;
  if (salvaged !== undefined) return { kind: "read", value: salvaged };
  const problem = truncated ? "the answer was cut off; a shorter one is needed" : found.problem;
  return { kind: "unreadable", problem, text };
}

/** Characters of an unreadable answer that go back at most. */
const SHOWN = 8_000;

function repairOf(
  { name }: Contract<unknown>,
  { text, problem }: { readonly text: string; readonly problem: string },
): PromptMessage[] {
  return [
    { role: "assistant", text: text.slice(0, SHOWN).toWellFormed() },
    {
      role: "user",
      text: `This is not readable: ${problem}. ` +
        `Answer again with the JSON object alone, as the schema "${name}" says.`,
    },
  ];
}
