import { CodedError } from "../domain/failure.ts";
import { type AddressRange, isInRange, parseAddress, parseRange } from "./_ranges.ts";

/** An internal host that the configuration opens for named tools. Never reached by a redirect. */
export interface AllowedHost {
  readonly scheme: "http" | "https";
  /** As in a URL: lower case, punycode, IPv6 in brackets. */
  readonly host: string;
  readonly port: number;
  /** Every address that the name resolves to must lie in one of these. */
  readonly addresses: readonly AddressRange[];
  readonly tools: readonly string[];
}

/**
 * Reads one entry of `network.allowHosts`:
 * `{ "url": "http://nas.local:8080", "addresses": "192.168.1.0/24", "tools": ["http_request"] }`.
 * `addresses` is an address, a range, or a list of them.
 * @throws {CodedError} `config_invalid` names the part that is wrong.
 */
export function parseAllowedHost(entry: unknown): AllowedHost {
  const { url: address, addresses, tools, ...more } = asObject(entry);
  const [unknown] = Object.keys(more);
  if (unknown !== undefined) throw invalid(`"${unknown}" is not known`);
  const url = parseOrigin(address);
  const ranges = asTexts(addresses, "addresses").map(parseOneRange);
  const literal = parseAddress(url.hostname.replace(/^\[|\]$/g, ""));
  if (literal && !ranges.some((range) => isInRange(literal, range))) {
    throw invalid(`the address in url "${url.hostname}" is not among addresses`);
  }
  return {
    scheme: url.protocol === "https:" ? "https" : "http",
    host: url.hostname,
    port: portOf(url),
    addresses: ranges,
    tools: asTexts(tools, "tools"),
  };
}

/** The entry that opens a URL for a tool: scheme, host and port must be equal. */
export function findAllowedHost(
  entries: readonly AllowedHost[],
  url: URL,
  tool: string,
): AllowedHost | undefined {
  return entries.find((entry) =>
    `${entry.scheme}:` === url.protocol && entry.host === url.hostname &&
    entry.port === portOf(url) && entry.tools.includes(tool)
  );
}

/** The port of an http or https URL, the scheme's own when it names none. */
export function portOf(url: URL): number {
  return url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
}

function asObject(entry: unknown): Record<string, unknown> {
  if (typeof entry === "object" && entry !== null && !Array.isArray(entry)) {
    return entry as Record<string, unknown>;
  }
  throw invalid("it is not an object");
}

function parseOrigin(text: unknown): URL {
  const url = typeof text === "string" ? URL.parse(text) : null;
  if (!url) throw invalid("url is missing or is no address");
  if (!/^https?:$/.test(url.protocol)) throw invalid(`url "${text}" is neither http nor https`);
  if (url.username !== "" || url.password !== "") throw invalid("url holds a user name");
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    throw invalid(`url "${text}" has a path; give scheme, host and port only`);
  }
  return url;
}

function asTexts(value: unknown, field: string): string[] {
  const texts: unknown[] = Array.isArray(value) ? value : [value];
  if (texts.length === 0 || texts.some((text) => typeof text !== "string" || text === "")) {
    throw invalid(`${field} is missing or is not text`);
  }
  return texts as string[];
}

function parseOneRange(text: string): AddressRange {
  const range = parseRange(text);
  if (!range) throw invalid(`addresses: "${text}" is no address and no range like 192.168.1.0/24`);
  return range;
}

function invalid(what: string): CodedError {
  return new CodedError(
    "config_invalid",
    `An entry of network.allowHosts cannot be used: ${what}.`,
    'Write {"url": "http://nas.local:8080", "addresses": "192.168.1.0/24", "tools": ["http_request"]}.',
  );
}
