import type { Library } from "../clams/library.ts";
import { CodedError } from "../domain/failure.ts";

/**
 * The id of the clam that the person names, also of one that cannot be run any more.
 * @throws {CodedError} `clam_not_found`
 */
export async function findClamId(library: Library, name: string): Promise<string> {
  const id = await library.findId(name);
  if (id) return id;
  const problems = await library.problems();
  if (problems.some(({ directory }) => directory === name)) return name;
  throw new CodedError(
    "clam_not_found",
    `There is no clam "${name}", or several begin so.`,
    "See clambot clams list.",
  );
}
