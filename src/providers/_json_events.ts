import { type Addressee, broken } from "./_failures.ts";
import { readEvents } from "./_sse.ts";

/**
 * The JSON values that a stream of events carries, up to its end or `[DONE]`. They may have any
 * form; readers look at single fields with care.
 * @throws {ProviderError} `provider_broken` for an event that is no JSON
 */
export async function* readJsonEvents(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  to: Addressee,
): AsyncGenerator<unknown> {
  for await (const { data } of readEvents(body)) {
    if (data === "[DONE]") return;
    yield parse(data, to);
  }
}

/**
 * The JSON object that a response holds as a whole.
 * @throws {ProviderError} `provider_broken` when it holds something else
 */
export async function readJsonBody(response: Response, to: Addressee): Promise<object> {
  return parse(await response.text(), to);
}

function parse(text: string, to: Addressee): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw broken(to, "sent an answer that cannot be read", { cause });
  }
  if (value !== null && typeof value === "object") return value;
  throw broken(to, "sent an answer that cannot be read");
}
