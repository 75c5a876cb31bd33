import type { Json } from "../domain/json.ts";

/**
 * The one text of a JSON value: keys sorted by UTF-16 code units at every level, no white space,
 * strings as they are (no Unicode normalisation). Equal values have equal texts and no others do.
 */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const object = value as Readonly<Record<string, Json>>;
    const members = Object.keys(object).sort().map((key) =>
      `${JSON.stringify(key)}:${canonicalJson(object[key] as Json)}`
    );
    return `{${members.join(",")}}`;
  }
  return JSON.stringify(value);
}

/** Lower-case hex SHA-256 of a text's UTF-8 bytes, or of bytes. */
export async function sha256Hex(content: string | Uint8Array): Promise<string> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const digest = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return new Uint8Array(digest).toHex();
}
