/** A body as text, or what it is instead. */
export type ReadableBody =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "binary"; readonly type: string; readonly bytes: number };

const TEXTUAL =
  /^text\/|[/+](?:json|xml|yaml|x-yaml|javascript|x-javascript|ecmascript|x-ndjson|ndjson|graphql|sql|toml|x-www-form-urlencoded)$/;

/** Bytes in which the HTML standard looks for a page's own word about its encoding. */
const PRESCAN = 1024;

/**
 * Reads a body by its headers: the charset of a byte order mark, else of the content type, of the
 * page's `<meta>` or the XML declaration, else UTF-8. What claims no type is text if it looks so,
 * and what is still compressed is none.
 */
export function readTextBody(bytes: Uint8Array, headers: Headers): ReadableBody {
  if (bytes.length === 0) return { kind: "text", text: "" };
  const contentType = headers.get("content-type") ?? "";
  const type = contentType.split(";")[0]?.trim().toLowerCase() ?? "";
  const coding = headers.get("content-encoding")?.trim().toLowerCase() ?? "identity";
  if (coding !== "identity") {
    return { kind: "binary", type: `${type} (${coding})`, bytes: bytes.length };
  }
  const binary = { kind: "binary", type, bytes: bytes.length } as const;
  if (type !== "" && !TEXTUAL.test(type)) return binary;
  const label = markOf(bytes) ?? charsetIn(contentType) ?? declaredIn(bytes);
  if (bytes.includes(0) && !/^utf-?16/i.test(label ?? "")) return binary;
  return { kind: "text", text: decode(bytes, label ?? "utf-8") };
}

/** As a stream: half a character at a cut end is left away. */
function decode(bytes: Uint8Array, label: string): string {
  try {
    return new TextDecoder(label).decode(bytes, { stream: true });
  } catch {
    return new TextDecoder().decode(bytes, { stream: true }); // a label that nobody knows
  }
}

function markOf([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  return first === 0xff && second === 0xfe ? "utf-16le" : undefined;
}

function charsetIn(contentType: string): string | undefined {
  return /;\s*charset\s*=\s*["']?([^\s"';]+)/i.exec(contentType)?.[1];
}

function declaredIn(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, PRESCAN));
  return /<meta[^>]*?charset\s*=\s*["']?([^\s"'>/;]+)/i.exec(start)?.[1] ??
    /^<\?xml[^>]*?encoding\s*=\s*["']([^"']+)/i.exec(start)?.[1];
}
