import type { Failure } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import { findHole, type Sources } from "./holes.ts";
import { present, presentInTurn, speaks } from "./present.ts";

/** A result that is no answer, told to the person and to whoever writes the program again. */
export interface Unfit {
  readonly failure: Failure;
  /** A sentence of ours about the program. */
  readonly problem: string;
}

/** Holds a value against a schema; one that cannot be used is never satisfied. */
export type Satisfies = (schema: JsonObject, value: Json | undefined) => Promise<boolean>;

/** Whether a program returned no value. */
export function isNothing(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (!speaks(value)) return false;
  const { reply, value: inner } = present(value);
  return reply.trim() === "" && (typeof value === "string" || inner == null);
}

/** Looks over what a kept clam returned: whether it keeps its promise, and what it says. */
export async function findBrokenPromise(
  value: Json | undefined,
  resultSchema: JsonObject | undefined,
  sources: Sources,
  satisfies: Satisfies,
): Promise<Unfit | undefined> {
  if (isNothing(value)) return NOTHING;
  if (resultSchema && !await satisfies(resultSchema, value)) return UNPROMISED;
  return await lookOver(presentInTurn(value).reply, sources);
}

/** Looks over a reply: it must say something, and no value may be missing in it. */
export async function lookOver(
  reply: string,
  sources: Sources,
  natural: readonly string[] = [],
): Promise<Unfit | undefined> {
  if (reply.trim() === "") return NOTHING;
  const word = await findHole(reply, sources, natural);
  return word === undefined ? undefined : withHole(word);
}

/** Why a program that returned nothing has not answered. */
export const NOTHING: Unfit = {
  failure: { code: "result_invalid", message: "The program gave no answer." },
  problem: "the program returned nothing; " +
    "return a sentence that says what was found or what was done",
};

const UNPROMISED: Unfit = {
  failure: {
    code: "result_invalid",
    message: "The result is not of the form that the program promised, so it is no answer.",
  },
  problem: "the value that it returned does not satisfy result_schema; " +
    "what it reads may have changed",
};

function withHole(word: string): Unfit {
  return {
    failure: {
      code: "result_invalid",
      message: `The answer was not given: "${word}" stands in it in place of a value.`,
    },
    problem: `"${word}" stands in the reply in place of a value; ` +
      "look where the value is, and throw an Error that says what is missing",
  };
}
