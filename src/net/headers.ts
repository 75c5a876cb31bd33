import { CodedError } from "../domain/failure.ts";
import { trimBlanks } from "../platform/trim_blanks.ts";

/** Headers that belong to the connection; a program that sets them could split requests. */
const FORBIDDEN =
  /^(?:host|connection|content-length|transfer-encoding|accept-encoding|te|trailer|upgrade|keep-alive|expect|proxy-.*|sec-.*)$/;

/** Headers that go along to another host. Everything else may be a credential and stays behind. */
const HARMLESS = new Set([
  "accept",
  "accept-language",
  "content-language",
  "content-type",
  "user-agent",
]);

/**
 * Reads the headers of a request.
 * @throws {CodedError} `tool_arguments_invalid` names the header: one that belongs to the
 * connection, a malformed name, a line break or another control character in a value.
 */
export function readHeaders(headers: Readonly<Record<string, string>>): Headers {
  const read = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (FORBIDDEN.test(name.toLowerCase())) {
      throw invalid(`headers.${name} is set by the connection itself; leave it out`);
    }
    try {
      // deno-lint-ignore no-control-regex
      if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) {
        throw new TypeError("control character");
      }
      read.append(name, trimBlanks(value));
    } catch {
      throw invalid(`headers.${JSON.stringify(name).slice(1, -1)} is malformed: ${MALFORMED}`);
    }
  }
  return read;
}

/** The headers that may go along to another scheme, host or port. */
export function withoutCredentials(headers: Headers): Headers {
  return new Headers([...headers].filter(([name]) => HARMLESS.has(name)));
}

/** Whether a header may be a credential. */
export function mayHoldCredentials(headers: Headers): boolean {
  return [...headers.keys()].some((name) => !HARMLESS.has(name));
}

const MALFORMED =
  "names are letters, digits and hyphens, values are one line of Latin-1 text without controls";

function invalid(what: string): CodedError {
  return new CodedError("tool_arguments_invalid", `${what}.`);
}
