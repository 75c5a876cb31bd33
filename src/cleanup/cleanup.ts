import { CodedError, type Failure } from "../domain/failure.ts";
import type { References } from "./references.ts";

// Puts away what nobody needs any more: into archives, so that all of it can be brought back.

/** Of what kind it is. */
export type LeftoverKind = "conversation" | "clam" | "draft" | "upload" | "job" | "log";

/** Something that was not used for long. */
export interface Leftover {
  readonly kind: LeftoverKind;
  /** Its id, conversation or file. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly lastUsed: number;
}

/** How one kind is found and put away. */
export interface Cleaning {
  readonly kind: LeftoverKind;
  /** Those that are old enough and that nothing names; `references` is asked only where some are old. */
  find(references: () => Promise<References>): Promise<readonly Leftover[]>;
  /** @returns `false` when it was used meanwhile, and so stays where it is */
  putAway(leftover: Leftover): Promise<boolean>;
}

/** What came of a cleanup. */
export interface Cleaned {
  /** What was put away; in a dry run, what would be. */
  readonly putAway: readonly Leftover[];
  /** What could not be looked at or put away; it is tried again the next time. */
  readonly failed: readonly FailedCleaning[];
}

/** One kind, or one leftover, that could not be dealt with. */
export interface FailedCleaning {
  readonly kind: LeftoverKind;
  readonly name?: string;
  readonly failure: Failure;
}

/**
 * Puts away what is not needed, kind by kind. One that fails keeps no other from its turn. With
 * `dryRun` nothing is changed.
 */
export async function cleanUp(
  cleanings: readonly Cleaning[],
  findReferences: () => Promise<References>,
  { dryRun }: { readonly dryRun: boolean },
): Promise<Cleaned> {
  const putAway: Leftover[] = [];
  const failed: FailedCleaning[] = [];
  for (const { kind, find, putAway: put } of cleanings) {
    const found = await attempt(() => find(findReferences), { kind }, failed) ?? [];
    for (const one of found) {
      const { name } = one;
      if (dryRun || await attempt(() => put(one), { kind, name }, failed)) putAway.push(one);
    }
  }
  return { putAway, failed };
}

async function attempt<T>(
  work: () => Promise<T>,
  what: Omit<FailedCleaning, "failure">,
  failed: FailedCleaning[],
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    failed.push({ ...what, failure: error.failure });
    return undefined;
  }
}
