import { readInputs } from "../clams/inputs.ts";
import type { Json, JsonObject } from "../domain/json.ts";

/**
 * Whether a value satisfies a JSON schema; one that cannot be used, such as one whose patterns
 * could take forever on text of others, is never satisfied.
 */
export async function satisfies(schema: JsonObject, value: Json | undefined): Promise<boolean> {
  if (value === undefined) return false;
  const inputSchema = { type: "object", required: ["value"], properties: { value: schema } };
  return (await readInputs({ inputs: {}, inputSchema }, { value })).ok;
}
