import * as z from "zod";
import { CodedError } from "../domain/failure.ts";
import { once } from "../domain/once.ts";
import type { Files } from "../platform/platform.ts";

/** A fact that waits for the person's "keep". */
export interface WaitingFact {
  readonly id: string;
  readonly text: string;
  /** Id of the turn in which it was said. */
  readonly turn: string;
  /** ISO 8601. */
  readonly at: string;
}

const NAME = "waiting.json";
/** More than anybody looks through; the oldest go first. */
const MOST = 200;

const shape = once(() =>
  z.array(
    z.object({ id: z.string(), text: z.string(), turn: z.string(), at: z.string() }),
  )
);

/** Reads `waiting.json`. @throws {CodedError} when somebody made it unreadable. */
export async function loadWaiting(files: Files): Promise<readonly WaitingFact[]> {
  const text = await files.readText(NAME);
  if (text === undefined) return [];
  try {
    return shape().parse(JSON.parse(text));
  } catch {
    throw new CodedError(
      "internal",
      `Cannot read ${files.path}/${NAME}: it is not a list of facts.`,
      "Repair the file, or delete it to drop the facts that wait in it.",
    );
  }
}

export async function saveWaiting(files: Files, facts: readonly WaitingFact[]): Promise<void> {
  await files.replace(NAME, JSON.stringify(facts.slice(-MOST), undefined, 2) + "\n");
}
