import {
  OAuthClientFlowError,
  OAuthError,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  UnauthorizedError,
} from "@modelcontextprotocol/client";
import { CodedError } from "../domain/failure.ts";
import type { JsonObject } from "../domain/json.ts";

/** The server does not know the session any more, so it did not look at the call. */
export function sessionIsGone(error: unknown): boolean {
  return error instanceof SdkHttpError && error.data?.status === 404;
}

/** What went wrong, in words of ours where it is known; without any text of the server. */
export function sentenceOf(error: unknown): string {
  const ours = codedCauseOf(error);
  if (ours) return ours.message.replace(/\.$/, "");
  if (error instanceof SdkHttpError) return `it answers with the HTTP status ${error.data?.status}`;
  if (error instanceof SdkError) {
    switch (error.code) {
      case SdkErrorCode.RequestTimeout:
        return "it does not answer in time";
      case SdkErrorCode.ConnectionClosed:
        return "it closed the connection";
      default:
        return `it does not keep to the protocol (${error.code})`;
    }
  }
  if (error instanceof ProtocolError) return `it refuses with the code ${error.code}`;
  return error instanceof Error ? `${error.name} on the way` : "the connection broke";
}

/** The person has to log in, or to do so again; the call was turned away before anything was done. */
export function wantsLogin(error: unknown): boolean {
  return someCause(
    error,
    (one) =>
      one instanceof UnauthorizedError || one instanceof OAuthError ||
      one instanceof OAuthClientFlowError,
  ) !== undefined;
}

/** @returns what says that the person has to log in */
export function loginWanted(server: string): CodedError {
  return new CodedError(
    "server_failed",
    `The server ${server} wants a login.`,
    `Use: clambot mcp login ${server}`,
  );
}

function someCause(error: unknown, isIt: (one: Error) => boolean): Error | undefined {
  let at = error;
  for (let depth = 0; depth < 8 && at instanceof Error; depth++) {
    if (isIt(at)) return at;
    const data = at instanceof SdkError ? at.data : undefined;
    at = at.cause ?? (data as { readonly cause?: unknown } | undefined)?.cause;
  }
  return undefined;
}

/** What the network guard or the launcher had against it, which the SDK wraps. */
function codedCauseOf(error: unknown): CodedError | undefined {
  return someCause(error, (one) => one instanceof CodedError) as CodedError | undefined;
}

/**
 * A call that did not come to a result. What the server says against it is a result: data of others.
 * @throws {CodedError} `tool_timeout` or `call_in_doubt`
 */
export function refusalFrom(error: unknown, server: string): JsonObject {
  if (error instanceof ProtocolError) {
    return { isError: true, content: [{ type: "text", text: error.message }] };
  }
  if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout) {
    throw new CodedError("tool_timeout", `The server ${server} did not answer the call in time.`);
  }
  if (error instanceof CodedError) throw error;
  if (wantsLogin(error)) throw loginWanted(server);
  throw new CodedError(
    "call_in_doubt",
    `The server ${server} broke off during the call: ${sentenceOf(error)}. Nobody knows whether ` +
      "it was done.",
    `Look yourself before it is done again; see the server with: clambot mcp test ${server}`,
  );
}
