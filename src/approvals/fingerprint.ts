import type { JsonObject } from "../domain/json.ts";
import { canonicalJson, sha256Hex } from "../text/canonical_json.ts";

/**
 * The identity of a call: lower-case hex SHA-256 over the canonical JSON of tool and arguments.
 * The order of keys does not matter, any change of a value does.
 */
export function fingerprint(tool: string, args: JsonObject): Promise<string> {
  return sha256Hex(canonicalJson({ args, tool }));
}
