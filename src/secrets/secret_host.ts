import { CodedError } from "../domain/failure.ts";

/** A place on the network that a secret may be sent to. */
export interface SecretHost {
  readonly scheme: "https" | "http";
  /** As in a URL: lower case, punycode, IPv6 in brackets; no dot at the end. */
  readonly host: string;
  readonly port: number;
  /** Beginning of the path, `/` for all of them; ends with `/`. */
  readonly path: string;
}

/**
 * Reads `[SCHEME://]HOST[:PORT][/PATH]`; https and its port where nothing else is said.
 * @throws {CodedError} `usage` names what is wrong
 */
export function parseSecretHost(text: string): SecretHost {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  const url = URL.parse(whole);
  if (!url || /[\s\\]/.test(text) || url.hostname === "") throw invalid(text, "it is no host");
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw invalid(text, "only https and http are known");
  }
  if (url.hostname.includes("*")) {
    throw invalid(text, "a secret goes to named hosts only; name each of them");
  }
  if (url.username !== "" || url.password !== "" || text.includes("@")) {
    throw invalid(text, "it holds a user name");
  }
  if (url.search !== "" || url.hash !== "" || /[?#]/.test(text)) {
    throw invalid(text, "it has more than a path");
  }
  if (hasHiddenSteps(url.pathname)) throw invalid(text, "its path has encoded slashes or dots");
  return {
    scheme: url.protocol === "https:" ? "https" : "http",
    host: withoutLastDot(url.hostname),
    port: portOf(url),
    path: url.pathname.replace(/\/*$/, "/"),
  };
}

/** A host as it is written and stored: the scheme's own port is left out. */
export function formatSecretHost({ scheme, host, port, path }: SecretHost): string {
  const usual = scheme === "https" ? 443 : 80;
  return `${scheme}://${host}${port === usual ? "" : `:${port}`}${path === "/" ? "" : path}`;
}

/** Whether a request to this address stays within the bound. */
export function mayGoTo(bound: SecretHost, url: URL): boolean {
  if (`${bound.scheme}:` !== url.protocol || bound.port !== portOf(url)) return false;
  if (bound.host !== withoutLastDot(url.hostname)) return false;
  if (bound.path === "/") return true;
  // a server may read an encoded slash or dot as a step out of the path
  return `${url.pathname}/`.startsWith(bound.path) && !hasHiddenSteps(url.pathname);
}

function hasHiddenSteps(path: string): boolean {
  return /%(?:2f|5c|2e|25)|\/\.{1,2};/i.test(path);
}

function withoutLastDot(host: string): string {
  return host.replace(/\.$/, "");
}

function portOf(url: URL): number {
  return url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
}

function invalid(text: string, why: string): CodedError {
  return new CodedError(
    "usage",
    `"${text}" cannot be a host of a secret: ${why}.`,
    "Write api.example.com, https://api.example.com:8443 or https://api.example.com/v1/.",
  );
}
