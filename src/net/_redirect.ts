import { CodedError } from "../domain/failure.ts";
import { blocked, type Destination, examine } from "./_resolve.ts";
import { withoutCredentials } from "./headers.ts";

/** A secret on its way into a request. */
export interface CarriedSecret {
  /** Whether it is bound to this address. */
  mayGoTo(url: URL): boolean;
  /** Address and headers with the secret in them; what is given stays as it is. */
  putInto(url: URL, headers: Headers): { readonly url: URL; readonly headers: Headers };
  /** Whether it stands in a text, in any form. */
  standsIn(text: string): boolean;
}

/** One request of a chain of redirects. */
export interface Hop extends Destination {
  readonly method: string;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer> | undefined;
  /** A secret of the vault is in it. */
  readonly carriesSecret: boolean;
  /** It may hold a credential: never over a connection whose server has not proved its name. */
  readonly mustVerify: boolean;
  /** Absent once the chain has been at another scheme, host or port. */
  readonly secret: CarriedSecret | undefined;
}

/** Statuses that lead on (Fetch standard, "redirect status"). */
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Headers that describe a body (Fetch standard, "request-body-header name"). */
const BODY_HEADERS = ["content-encoding", "content-language", "content-location", "content-type"];

/** Where an answer leads on to, as it is written there; `undefined` when it is the last. */
export function findLocation(response: Response): string | undefined {
  const written = REDIRECTS.has(response.status) ? response.headers.get("location") : null;
  return written === null ? undefined : inUtf8(written);
}

/** Headers are read byte by byte; many servers write addresses in UTF-8, as browsers take them. */
function inUtf8(text: string): string {
  try {
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return text;
  }
}

/** An entry of `network.allowHosts` opens a host for requests, never for redirects. */
const TO_OPENED =
  "a redirect leads to an internal host, and is never followed there; ask for this address itself";

/**
 * The request that follows a redirect, as the Fetch standard has it, and stricter: never from https
 * to http, never to an internal host, and without anything that may be a credential to another
 * scheme, host or port.
 * @throws {CodedError} `network_blocked` or `network_failed`.
 */
export function followRedirect(hop: Hop, status: number, location: string, tool: string): Hop {
  const target = URL.parse(location, hop.url);
  if (!target) {
    throw new CodedError(
      "network_failed",
      `Cannot fetch "${hop.url.href}": it redirects to "${location}", which is no address.`,
    );
  }
  const next = examine(target.href, tool, hop.opened ? [hop.opened] : []);
  if (next.opened) throw blocked(next.url.href, TO_OPENED);
  if (hop.url.protocol === "https:" && next.url.protocol === "http:") {
    throw blocked(next.url.href, "a redirect leads from https to unprotected http");
  }
  const elsewhere = next.url.origin !== hop.url.origin;
  const changed = withChangedMethod(hop, status);
  if (elsewhere && changed.body && hop.carriesSecret) {
    throw blocked(next.url.href, "a redirect would carry a body with a secret to another host");
  }
  const headers = elsewhere ? withoutCredentials(changed.headers) : changed.headers;
  return { ...changed, ...next, headers, secret: elsewhere ? undefined : changed.secret };
}

function withChangedMethod(hop: Hop, status: number): Hop {
  const turns = status === 303
    ? hop.method !== "GET" && hop.method !== "HEAD"
    : (status === 301 || status === 302) && hop.method === "POST";
  if (!turns) return hop;
  const headers = new Headers([...hop.headers].filter(([name]) => !BODY_HEADERS.includes(name)));
  return { ...hop, method: "GET", headers, body: undefined };
}
