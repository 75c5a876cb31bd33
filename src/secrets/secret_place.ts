import { CodedError } from "../domain/failure.ts";

/** How the value of a secret is put into a request. */
export type SecretPlace =
  /** `Authorization: Bearer VALUE` (RFC 6750). */
  | { readonly kind: "bearer" }
  /**
   * `Authorization: Basic …` (RFC 7617). With a user the value is the password; without one it is
   * `user:password`, or a key that stands where the user belongs.
   */
  | { readonly kind: "basic"; readonly user?: string }
  /** The whole value of a header. */
  | { readonly kind: "header"; readonly name: string }
  /** A parameter of the address. */
  | { readonly kind: "query"; readonly name: string };

/** A token of RFC 9110, of which header names consist. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Headers that belong to the connection or say where a request goes. */
const FORBIDDEN =
  /^(?:host|connection|content-length|content-type|transfer-encoding|accept-encoding|te|trailer|upgrade|keep-alive|expect|proxy-.*|sec-.*)$/i;

/**
 * Reads `bearer`, `basic`, `basic:USER`, `header:NAME` or `query:NAME`.
 * @throws {CodedError} `usage` names what is wrong
 */
export function parsePlace(text: string): SecretPlace {
  const [, kind = text, name] = /^([a-z]+):(.*)$/s.exec(text) ?? [];
  switch (kind) {
    case "bearer":
      if (name === undefined) return { kind };
      throw invalid(text, "bearer has no name");
    case "basic":
      if (name === undefined) return { kind };
      // deno-lint-ignore no-control-regex
      if (name !== "" && !/[:\u0000-\u001f\u007f]/.test(name)) return { kind, user: name };
      throw invalid(text, "a user is one line without a colon");
    case "header":
      if (name === undefined || !TOKEN.test(name)) throw invalid(text, "a header needs a name");
      if (FORBIDDEN.test(name)) throw invalid(text, `${name} is set by the connection itself`);
      return { kind, name };
    case "query":
      if (name !== undefined && /^[\w.~[\]-]+$/.test(name)) return { kind, name };
      throw invalid(text, "a parameter is a name of letters, digits, _, - and .");
    default:
      throw invalid(text, "there is no such place");
  }
}

/** A place as it is written and stored. */
export function formatPlace(place: SecretPlace): string {
  switch (place.kind) {
    case "bearer":
      return "bearer";
    case "basic":
      return place.user === undefined ? "basic" : `basic:${place.user}`;
    case "header":
    case "query":
      return `${place.kind}:${place.name}`;
  }
}

/** The header that the value goes into, in lower case; `undefined` for a parameter. */
export function headerOf(place: SecretPlace): string | undefined {
  if (place.kind === "query") return undefined;
  return place.kind === "header" ? place.name.toLowerCase() : "authorization";
}

/** `user:password`, as Basic has it before it is encoded. */
export function credentialsOf(user: string | undefined, value: string): string {
  if (user !== undefined) return `${user}:${value}`;
  return value.includes(":") ? value : `${value}:`;
}

/** Address and headers with the value in them; those that are given stay as they are. */
export function putInto(
  place: SecretPlace,
  value: string,
  url: URL,
  headers: Headers,
): { readonly url: URL; readonly headers: Headers } {
  if (place.kind === "query") {
    const longer = new URL(url);
    const parameter = `${encodeURIComponent(place.name)}=${encodeURIComponent(value)}`;
    longer.search = longer.search === "" ? parameter : `${longer.search}&${parameter}`;
    return { url: longer, headers };
  }
  const more = new Headers(headers);
  more.set(headerOf(place) ?? "", inHeader(place, value));
  return { url, headers: more };
}

function inHeader(place: Exclude<SecretPlace, { kind: "query" }>, value: string): string {
  switch (place.kind) {
    case "bearer":
      return `Bearer ${value}`;
    case "basic":
      return `Basic ${new TextEncoder().encode(credentialsOf(place.user, value)).toBase64()}`;
    case "header":
      return value;
  }
}

/** The texts that must never be shown of a secret: its value, and what Basic makes of it. */
export function shownForms(value: string, places: readonly SecretPlace[]): string[] {
  const basic = places.flatMap((place) =>
    place.kind === "basic" ? [credentialsOf(place.user, value)] : []
  );
  // user:password holds the password, which is a secret of its own
  const password = basic.length > 0 && value.includes(":") ? [afterColon(value)] : [];
  return [value, ...basic, ...password];
}

function afterColon(value: string): string {
  return value.slice(value.indexOf(":") + 1);
}

function invalid(text: string, why: string): CodedError {
  return new CodedError(
    "usage",
    `"${text}" cannot be the place of a secret: ${why}.`,
    "Write bearer, basic, basic:USER, header:NAME or query:NAME.",
  );
}
