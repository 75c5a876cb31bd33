import { readJsonBody } from "../_json_events.ts";
import { type Addressee, broken } from "../_failures.ts";
import { isRecord } from "../_told.ts";

/**
 * Some servers and proxies answer a request for a stream with one JSON object. It is turned into
 * the stream that was asked for; every other response is passed on as it is.
 */
export async function toEventStream(
  response: Response,
  init: RequestInit | undefined,
  to: Addressee,
): Promise<Response> {
  const asked = typeof init?.body === "string" && init.body.includes('"stream":true');
  const type = response.headers.get("content-type") ?? "";
  if (!asked || !/^application\/json\b/i.test(type)) return response;
  const events = chunksOf(await readJsonBody(response, to), to).map((event) =>
    `data: ${event}\n\n`
  );
  return new Response(events.join(""), { headers: { "content-type": "text/event-stream" } });
}

function chunksOf(whole: object, to: Addressee): string[] {
  const { choices } = whole as { readonly choices?: unknown };
  const turned = Array.isArray(choices) ? choices.map((choice) => turn(choice, to)) : undefined;
  const chunk = { ...whole, ...(turned ? { choices: turned } : {}) };
  return [JSON.stringify(chunk, keepInfinite), "[DONE]"];
}

/** A number too large for JSON's reader would become null, that is, nothing told. */
function keepInfinite(_name: string, value: unknown): unknown {
  return value === Infinity || value === -Infinity ? String(value) : value;
}

/** A message becomes the one piece that it is. */
function turn(choice: unknown, to: Addressee) {
  if (!isRecord(choice) || !isRecord(choice.message)) {
    throw broken(to, "sent an answer without content");
  }
  const { index, message, finish_reason } = choice;
  return { index, delta: message, finish_reason };
}
