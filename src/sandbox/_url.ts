const PARTS = [
  "href",
  "origin",
  "protocol",
  "username",
  "password",
  "host",
  "hostname",
  "port",
  "pathname",
  "search",
  "hash",
] as const;

/** Longest text that is looked at, in UTF-16 units. */
const LONGEST = 65_536;

/**
 * The parts of a URL as JSON text, `""` for what is no URL: text in, text out, nothing is
 * fetched. `["new", text, base?]` reads one, `["set", href, part, value]` changes one.
 */
export function describeUrl(words: readonly (string | undefined)[]): string {
  const [what, text = "", second, value = ""] = words;
  if (words.some((word) => word !== undefined && word.length > LONGEST)) return "";
  const url = URL.parse(text, what === "new" ? second : undefined);
  if (url === null) return "";
  const part = PARTS.find((one) => one === second);
  if (what === "set" && part === "href") return describeUrl(["new", value]);
  if (what === "set" && part !== undefined && part !== "origin") url[part] = value;
  return JSON.stringify(Object.fromEntries(PARTS.map((part) => [part, url[part]])));
}
