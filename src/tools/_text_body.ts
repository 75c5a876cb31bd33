/** A body as text, or what it is instead. */
export type ReadableBody =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "binary"; readonly type: string; readonly bytes: number };

const TEXTUAL =
  /^text\/|[/+](?:json|xml|yaml|x-yaml|javascript|x-javascript|ecmascript|x-ndjson|ndjson|graphql|sql|toml|x-www-form-urlencoded)$/;

/** Types whose texts may declare their own charset; what claims no type may be of one. */
const DECLARING = /^$|^text\/html$|[/+]xml$/;

/** What servers write for a body that is not compressed. */
const PLAIN = ["", "identity", "none"];

/** Bytes in which the HTML standard looks for a page's own word about its encoding. */
const PRESCAN = 1024;

/**
 * Reads a body by its headers: the charset of a byte order mark, else of the content type, else of
 * the `<meta>` or XML declaration of a page, else UTF-8. What claims no type is text if it looks so,
 * and what is still compressed is none.
 */
export function readTextBody(bytes: Uint8Array, headers: Headers): ReadableBody {
  if (bytes.length === 0) return { kind: "text", text: "" };
  const contentType = headers.get("content-type") ?? "";
  const type = contentType.split(";")[0]?.trim().toLowerCase() ?? "";
  const coding = (headers.get("content-encoding") ?? "").toLowerCase().split(",")
    .map((one) => one.trim()).filter((one) => !PLAIN.includes(one)).join(", ");
  if (coding !== "") return { kind: "binary", type: `${type} (${coding})`, bytes: bytes.length };
  const binary = { kind: "binary", type, bytes: bytes.length } as const;
  if (type !== "" && !TEXTUAL.test(type)) return binary;
  const encoding = markOf(bytes) ?? encodingOf(charsetIn(contentType)) ??
    (DECLARING.test(type) ? declaredIn(bytes, type) : undefined) ?? "utf-8";
  if (bytes.includes(0) && !encoding.startsWith("utf-16")) return binary;
  // as a stream: half a character at a cut end is left away
  return { kind: "text", text: new TextDecoder(encoding).decode(bytes, { stream: true }) };
}

/** The encoding's own name, by any of its labels (Encoding standard); `undefined` if there is none. */
function encodingOf(label: string | undefined): string | undefined {
  try {
    return label === undefined ? undefined : new TextDecoder(label).encoding;
  } catch {
    return undefined; // RangeError: a label that nobody knows
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

/** What could be read as ASCII is not UTF-16, whatever it says (HTML standard, section 13.2.3.2). */
function declaredIn(bytes: Uint8Array, type: string): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, PRESCAN));
  const meta = /<meta[^>]*?charset\s*=\s*["']?([^\s"'>/;]+)/i.exec(start)?.[1];
  const xml = /^<\?xml[^>]*?encoding\s*=\s*["']([^"']+)/i.exec(start)?.[1];
  const encoding = encodingOf(type.endsWith("xml") ? xml ?? meta : meta ?? xml);
  return encoding?.startsWith("utf-16") ? "utf-8" : encoding;
}
