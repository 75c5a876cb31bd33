import { z } from "zod";
import type { Json, JsonObject } from "../domain/json.ts";

/** Whether a value satisfies a JSON schema; a schema that cannot be read is never satisfied. */
export function satisfies(schema: JsonObject, value: Json | undefined): boolean {
  try {
    return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(value)
      .success;
  } catch {
    return false;
  }
}
