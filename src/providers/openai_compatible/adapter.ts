import type { OpenAI } from "openai";
import type { Fetch } from "../../platform/platform.ts";
import type { ProviderSettings } from "../catalog.ts";
import type { Exchange, ProviderQuestion, Reply } from "../_exchange.ts";
import { type Addressee, broken, failureInBody, keyMissing, withoutEnd } from "../_failures.ts";
import { ProviderError } from "../provider.ts";
import { type Dialect, firstDialect, simplerDialect } from "./dialect.ts";
import { readStream, readWholeCompletion } from "./reply.ts";
import { completionsBody } from "./request.ts";
import { toEventStream } from "./event_stream.ts";

/** Milliseconds after which the package gives up; the wire's own deadlines end far earlier. */
const NEVER = 24 * 60 * 60 * 1000;

/** Headers with which the package would tell about this machine. */
const TELLTALE = [
  "X-Stainless-Lang",
  "X-Stainless-Package-Version",
  "X-Stainless-OS",
  "X-Stainless-Arch",
  "X-Stainless-Runtime",
  "X-Stainless-Runtime-Version",
  "X-Stainless-Retry-Count",
  "X-Stainless-Timeout",
  "X-Stainless-Helper-Method",
];

/**
 * Speaks OpenAI's Chat Completions API to whoever understands it. What a server refuses to
 * understand is left out from then on. The `openai` package is loaded with the first request.
 */
export function createOpenAiExchange(
  to: Addressee,
  settings: ProviderSettings,
  wire: Fetch,
): Exchange {
  let dialect = firstDialect(to.entry.quirks, to.model);
  let opening: Promise<OpenAI> | undefined;
  return async (question, signal) => {
    if (to.entry.needs === "key" && settings.apiKey === "") throw keyMissing(to);
    opening ??= openClient(to, settings, wire);
    const client = await opening;
    for (;;) {
      try {
        return await ask(client, to, question, dialect, signal);
      } catch (thrown) {
        const error = failureFrom(thrown, to, signal);
        const simpler = error instanceof ProviderError && simplerDialect(dialect, error);
        if (!simpler) throw error;
        dialect = simpler;
      }
    }
  };
}

async function openClient(
  to: Addressee,
  settings: ProviderSettings,
  wire: Fetch,
): Promise<OpenAI> {
  const { OpenAI } = await import("openai");
  return new OpenAI({
    apiKey: settings.apiKey || "none",
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    baseURL: apiAddress(to),
    fetch: async (input, init) => await toEventStream(await wire(input, init), init, to),
    maxRetries: 0,
    timeout: NEVER,
    logLevel: "off",
    defaultHeaders: {
      ...Object.fromEntries(TELLTALE.map((name) => [name, null])),
      "User-Agent": "clambot",
      ...(settings.apiKey === "" ? { Authorization: null } : {}),
      ...settings.extraHeaders,
    },
  });
}

function apiAddress({ entry: { paths }, baseUrl }: Addressee): string {
  return paths ? `${withoutEnd(baseUrl, paths.chat)}${paths.chat}` : baseUrl;
}

async function ask(
  client: OpenAI,
  to: Addressee,
  question: ProviderQuestion,
  dialect: Dialect,
  signal: AbortSignal,
): Promise<Reply> {
  const body = completionsBody(to.model, question, dialect, to.entry.quirks);
  if (question.schema && !dialect.streamsStructured) {
    const params = body as unknown as OpenAI.ChatCompletionCreateParamsNonStreaming;
    return readWholeCompletion(
      await client.chat.completions.create(params, { signal }),
      to,
      question,
    );
  }
  const params = {
    ...body,
    stream: true,
    ...(dialect.streamOptions ? { stream_options: { include_usage: true } } : {}),
  } as unknown as OpenAI.ChatCompletionCreateParamsStreaming;
  const chunks = await client.chat.completions.create(params, { signal });
  return await readStream(chunks, to, question);
}

/** The package wraps what the wire throws, and swallows the reason of a cancelled request. */
function failureFrom(thrown: unknown, to: Addressee, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if (error instanceof ProviderError) return error;
  }
  const told = (thrown as { readonly error?: unknown }).error;
  if (told && typeof told === "object") return failureInBody(to, told); // within the stream
  return broken(to, "sent an answer that cannot be read", { cause: thrown });
}
