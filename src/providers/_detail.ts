/** Characters of a provider's own words that are kept. */
const LONGEST = 200;

/** So many characters of a key in a row count as the key. */
const FRAGMENT = 8;

/** What looks like a credential, whoever's it is. */
const CREDENTIALS: readonly RegExp[] = [
  /\bBearer\s+\S+/gi,
  // Vendors' own prefixes; masked forms ("sk-ab****cd") too, since they still show parts.
  /\b(?:sk|pk|rk|gsk|xai|key|org|sess)[-_][A-Za-z0-9*•.…_-]{4,}/g,
  /\bAIza[A-Za-z0-9*•.…_-]{4,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*/g,
  /([?&](?:key|api[-_]?key|token|access_token|code)=)[^&\s"']+/gi,
  /\b(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{32,}\b/g,
];

/**
 * What a provider said about a failure, fit to be shown: the message out of its JSON, on one line,
 * shortened, without any of `secrets` or pieces of them, and without what looks like a credential.
 */
export function cleanDetail(body: string, secrets: readonly string[]): string {
  let text = messageIn(body);
  for (const secret of secrets) text = withoutFragments(text, secret);
  for (const pattern of CREDENTIALS) {
    text = text.replace(pattern, (_, name) => typeof name === "string" ? `${name}[key]` : "[key]");
  }
  // deno-lint-ignore no-control-regex -- error bodies come from outside and go to terminals
  const line = text.replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, " ").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1).trimEnd()}…` : line;
}

/** The sentence in the usual shapes of error bodies; HTML pages say nothing worth showing. */
function messageIn(body: string): string {
  const text = body.trim();
  if (/^<(?:!doctype|html|\?xml)/i.test(text)) return "";
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text; // plain text
  }
  const one = Array.isArray(value) ? value[0] : value;
  return firstText(one, ["error", "message", "detail", "error_description", "msg"]) ?? text;
}

function firstText(value: unknown, names: readonly string[]): string | undefined {
  if (typeof value === "string") return value;
  if (value === null || typeof value !== "object") return undefined;
  for (const name of names) {
    const found = firstText((value as Record<string, unknown>)[name], names);
    if (found !== undefined && found !== "") return found;
  }
  return undefined;
}

function withoutFragments(text: string, secret: string): string {
  if (secret.length < FRAGMENT) return text;
  let clean = text.replaceAll(secret, "[key]");
  for (let at = 0; at + FRAGMENT <= secret.length; at++) {
    clean = clean.replaceAll(secret.slice(at, at + FRAGMENT), "[key]");
  }
  return clean;
}
