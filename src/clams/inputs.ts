import type { ZodType } from "zod";
import type { ClamManifest } from "../domain/clam.ts";
import type { Failure } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import { findPatternLimit } from "./_pattern.ts";
import { withTypes } from "./_typed.ts";

/** Inputs as the script gets them, or why they cannot be used. */
export type InputsRead =
  | { readonly ok: true; readonly inputs: JsonObject }
  | { readonly ok: false; readonly failure: Failure };

/**
 * Lays `given` over the clam's default inputs and validates the whole against its input schema,
 * whose own `default`s fill what is still missing. An empty schema allows any object.
 */
export async function readInputs(
  manifest: Pick<ClamManifest, "inputs" | "inputSchema">,
  given: JsonObject,
): Promise<InputsRead> {
  const inputs = { ...manifest.inputs, ...given };
  if (Object.keys(manifest.inputSchema).length === 0) return { ok: true, inputs };
  const read = await readSchema(manifest.inputSchema);
  if (!read.ok) return invalid(`The clam's input schema cannot be used: ${read.reason}.`);
  if (longestText(inputs) > read.longest) {
    return invalid(`An input is longer than the ${read.longest} characters that can be checked.`);
  }
  const result = read.schema.safeParse(inputs);
  if (result.success) return { ok: true, inputs: result.data as JsonObject };
  const issue = result.error.issues[0];
  const why = issue?.message ?? "they are not valid";
  const field = issue?.path.join(".");
  return invalid(
    field ? `The input "${field}" does not fit: ${why}.` : `The inputs do not fit: ${why}.`,
  );
}

type SchemaRead =
  | { ok: true; schema: ZodType; longest: number }
  | { ok: false; reason: string };

async function readSchema(schema: JsonObject): Promise<SchemaRead> {
  if ((schema.type ?? "object") !== "object") {
    return { ok: false, reason: "it is not of an object" };
  }
  const longest = findPatternLimit(schema);
  if (longest === undefined) return { ok: false, reason: "a pattern in it could take forever" };
  const { fromJSONSchema } = await import("./_json_schema.ts");
  try {
    const typed = { ...withTypes(schema) as JsonObject, type: "object" };
    return { ok: true, schema: fromJSONSchema(typed as never), longest };
  } catch (error) {
    return { ok: false, reason: (error as Error).message.replace(/\.$/, "") };
  }
}

function longestText(value: Json): number {
  if (typeof value === "string") return value.length;
  if (value === null || typeof value !== "object") return 0;
  const inner = Object.entries(value).map(([key, item]) => Math.max(key.length, longestText(item)));
  return inner.reduce((longest, length) => Math.max(longest, length), 0);
}

function invalid(message: string): InputsRead {
  const hint = "clambot clams show ID tells which inputs there are.";
  return { ok: false, failure: { code: "inputs_invalid", message, hint } };
}
