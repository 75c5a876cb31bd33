import { ProtocolError, SdkError, SdkErrorCode, SdkHttpError } from "@modelcontextprotocol/client";
import { CodedError } from "../domain/failure.ts";
import type { JsonObject } from "../domain/json.ts";

/** The server does not know the session any more, so it did not look at the call. */
export function sessionIsGone(error: unknown): boolean {
  return error instanceof SdkHttpError && error.data?.status === 404;
}

/** What went wrong, in words of ours where it is known; without any text of the server. */
export function sentenceOf(error: unknown): string {
  if (error instanceof CodedError) return error.message.replace(/\.$/, "");
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
  throw new CodedError(
    "call_in_doubt",
    `The server ${server} broke off during the call: ${sentenceOf(error)}. Nobody knows whether ` +
      "it was done.",
    `Look yourself before it is done again; see the server with: clambot mcp test ${server}`,
  );
}
