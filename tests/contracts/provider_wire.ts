import type { Json, JsonObject } from "../../src/domain/json.ts";
import { PROVIDER_NAMES, type ProviderName, PROVIDERS } from "../../src/providers/catalog.ts";
import type { Behaviour } from "../fakes/model_server.ts";
import type { ProtocolName } from "../fakes/model_protocols.ts";
import type { Candidate } from "./provider_bench.ts";

// Answers as no server should send them: every field may hold anything.

/** All nine providers, each with a model. */
export const CANDIDATES: readonly Candidate[] = PROVIDER_NAMES.map((provider) => ({
  provider,
  model: provider === "anthropic" ? "claude-sonnet-4-5" : "m",
}));

/** What an answer holds. A text is written as it stands, so that it need not be JSON's own number. */
export interface Odd {
  /** Contents of the message, or of its pieces. */
  readonly content: readonly Json[];
  /** JSON text in place of the whole usage. */
  readonly usage?: string;
}

/** How a provider of this name streams such an answer. */
export function streamed(provider: ProviderName, odd: Odd): Behaviour {
  const events = STREAMS[PROVIDERS[provider].protocol](odd).map((event) => `data: ${event}\n\n`);
  return {
    kind: "status",
    status: 200,
    headers: { "content-type": "text/event-stream" },
    body: events.join(""),
  };
}

/** The same in one piece; `undefined` for the provider that only streams. */
export function whole(provider: ProviderName, odd: Odd): Behaviour | undefined {
  const body = WHOLES[PROVIDERS[provider].protocol]?.(odd);
  return body === undefined ? undefined : { kind: "status", status: 200, body };
}

/** Names of the counts of a protocol: tokens of the prompt, cached ones among them, of the answer. */
export const COUNTS: Readonly<Record<ProtocolName, (parts: Parts) => string>> = {
  openai_compatible: ({ input, cached, output, cost }) =>
    `{"prompt_tokens":${input},"completion_tokens":${output},` +
    `"prompt_tokens_details":{"cached_tokens":${cached}}${cost ? `,"cost":${cost}` : ""}}`,
  anthropic: ({ input, cached, output }) =>
    `{"input_tokens":${input},"output_tokens":${output},"cache_read_input_tokens":${cached}}`,
  openai_codex: ({ input, cached, output }) =>
    `{"input_tokens":${input},"output_tokens":${output},` +
    `"input_tokens_details":{"cached_tokens":${cached}}}`,
};

/** Each as JSON text. */
export interface Parts {
  readonly input: string;
  readonly cached: string;
  readonly output: string;
  readonly cost?: string;
}

const STREAMS: Readonly<Record<ProtocolName, (odd: Odd) => string[]>> = {
  openai_compatible: ({ content, usage = "null" }) => [
    ...content.map((piece) => text({ choices: [{ index: 0, delta: { content: piece } }] })),
    text({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }),
    `{"choices":[],"usage":${usage}}`,
    "[DONE]",
  ],
  anthropic: ({ content, usage = "null" }) => [
    `{"type":"message_start","message":{"content":[],"usage":${usage}}}`,
    ...content.map((piece) => text({ type: "content_block_delta", delta: deltaOf(piece) })),
    `{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":${usage}}`,
    text({ type: "message_stop" }),
  ],
  openai_codex: ({ content, usage = "null" }) => [
    ...content.map((delta) => text({ type: "response.output_text.delta", delta })),
    `{"type":"response.completed","response":{"usage":${usage}}}`,
  ],
};

const WHOLES: Readonly<Partial<Record<ProtocolName, (odd: Odd) => string>>> = {
  openai_compatible: ({ content: [content = null], usage = "null" }) => {
    const choices = [{ index: 0, message: { content }, finish_reason: "stop" }];
    return `{"choices":${text(choices)},"usage":${usage}}`;
  },
  anthropic: ({ content: [content = null], usage = "null" }) =>
    `{"content":${text(content)},"stop_reason":"end_turn","usage":${usage}}`,
};

function deltaOf(piece: Json): JsonObject {
  return { type: "text_delta", text: piece };
}

function text(value: Json): string {
  return JSON.stringify(value);
}
