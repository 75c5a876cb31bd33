import type { OpenAI } from "openai";
import { readJson } from "../_json_events.ts";
import type { Addressee } from "../_failures.ts";

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
  const events = chunksOf(await readJson(response, to) as OpenAI.ChatCompletion).map((event) =>
    `data: ${event}\n\n`
  );
  return new Response(events.join(""), { headers: { "content-type": "text/event-stream" } });
}

function chunksOf(whole: OpenAI.ChatCompletion): string[] {
  const choices = whole.choices?.map(({ index, message, finish_reason }) => ({
    index,
    delta: message,
    finish_reason,
  }));
  return [JSON.stringify({ ...whole, ...(choices ? { choices } : {}) }), "[DONE]"];
}
