import type { Json, JsonObject } from "../../src/domain/json.ts";
import type { Behaviour } from "./model_server.ts";

// What model servers write, as their vendors document it: OpenAI's Chat Completions, Anthropic's
// Messages, and the Responses events of the Codex backend.

export type ProtocolName = "openai_compatible" | "anthropic" | "openai_codex";

/** How one protocol writes an answer. */
interface Protocol {
  /** Events of a stream, with the empty line that ends each. */
  readonly stream: (behaviour: Behaviour, request: JsonObject) => string[];
  /** The same in one object, for requests that do not stream. */
  readonly whole?: (behaviour: Behaviour) => Json;
}

const GARBAGE = "data: {not json\n\n";
const THOUGHT = "Let me think about that.";

function piecesOf(behaviour: Behaviour): readonly string[] {
  if (behaviour.kind === "object") return [JSON.stringify(behaviour.value)];
  return "pieces" in behaviour ? behaviour.pieces : [];
}

function thoughtsOf(behaviour: Behaviour): string | undefined {
  if (behaviour.kind === "empty") return THOUGHT;
  return behaviour.kind === "text" ? behaviour.thoughts : undefined;
}

/** Whether the stream has its proper end. */
function ends({ kind }: Behaviour): boolean {
  return kind !== "early" && kind !== "cut" && kind !== "stall";
}

const CHAT_USAGE = {
  prompt_tokens: 100,
  completion_tokens: 7,
  total_tokens: 107,
  prompt_tokens_details: { cached_tokens: 40 },
};

function chatFinish({ kind }: Behaviour): string {
  if (kind === "truncated") return "length";
  return kind === "refusal" ? "content_filter" : "stop";
}

function chatEvents(behaviour: Behaviour): string[] {
  if (behaviour.kind === "garbage") return [GARBAGE];
  const chunk = (fields: JsonObject) =>
    `data: ${
      JSON.stringify({ id: "c1", object: "chat.completion.chunk", model: "m", ...fields })
    }\n\n`;
  const delta = (fields: JsonObject) =>
    chunk({ choices: [{ index: 0, delta: fields, finish_reason: null }] });
  const thoughts = thoughtsOf(behaviour);
  return [
    ": PROCESSING\n\n",
    delta({ role: "assistant", content: "" }),
    ...(thoughts ? [delta({ reasoning_content: thoughts, content: null })] : []),
    ...piecesOf(behaviour).map((content) => delta({ content })),
    ...(ends(behaviour)
      ? [
        chunk({ choices: [{ index: 0, delta: {}, finish_reason: chatFinish(behaviour) }] }),
        chunk({ choices: [], usage: CHAT_USAGE }),
        "data: [DONE]\n\n",
      ]
      : []),
  ];
}

function wholeChat(behaviour: Behaviour): Json {
  const content = piecesOf(behaviour).join("");
  const message = { role: "assistant", content };
  const choices = [{ index: 0, message, finish_reason: chatFinish(behaviour) }];
  return { id: "c1", object: "chat.completion", model: "m", choices, usage: CHAT_USAGE };
}

function messageEvents(behaviour: Behaviour, request: JsonObject): string[] {
  if (behaviour.kind === "garbage") return [GARBAGE];
  const event = (type: string, fields: JsonObject = {}) =>
    `event: ${type}\r\ndata: ${JSON.stringify({ type, ...fields })}\r\n\r\n`;
  const usage = {
    input_tokens: 60,
    cache_read_input_tokens: 40,
    cache_creation_input_tokens: 0,
    output_tokens: 1,
  };
  const block = (content_block: JsonObject, deltas: readonly JsonObject[]) => [
    event("content_block_start", { index: 0, content_block }),
    ...deltas.map((delta) => event("content_block_delta", { index: 0, delta })),
    event("content_block_stop", { index: 0 }),
  ];
  const thoughts = thoughtsOf(behaviour);
  const tool = (request.tools as JsonObject[] | undefined)?.[0];
  const pieces = piecesOf(behaviour);
  const halves = behaviour.kind === "object"
    ? pieces.flatMap((text) => [text.slice(0, 5), text.slice(5)])
    : [];
  return [
    event("message_start", { message: { id: "m1", role: "assistant", content: [], usage } }),
    event("ping"),
    ...(thoughts
      ? block({ type: "thinking", thinking: "" }, [{ type: "thinking_delta", thinking: thoughts }])
      : []),
    ...(behaviour.kind === "object" && tool
      ? block(
        { type: "tool_use", id: "t1", name: tool.name ?? null, input: {} },
        halves.map((partial_json) => ({ type: "input_json_delta", partial_json })),
      )
      : block({ type: "text", text: "" }, pieces.map((text) => ({ type: "text_delta", text })))),
    ...(ends(behaviour)
      ? [
        event("message_delta", {
          delta: { stop_reason: messageStop(behaviour) },
          usage: { output_tokens: 7 },
        }),
        event("message_stop"),
      ]
      : []),
  ];
}

function messageStop({ kind }: Behaviour): string {
  if (kind === "truncated") return "max_tokens";
  if (kind === "refusal") return "refusal";
  return kind === "object" ? "tool_use" : "end_turn";
}

function responseEvents(behaviour: Behaviour): string[] {
  if (behaviour.kind === "garbage") return [GARBAGE];
  const event = (type: string, fields: JsonObject = {}) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
  const text = piecesOf(behaviour).join("");
  const thoughts = thoughtsOf(behaviour);
  const content = behaviour.kind === "refusal"
    ? [{ type: "refusal", refusal: "No." }]
    : [{ type: "output_text", text }];
  const cut = behaviour.kind === "truncated";
  const response = {
    id: "r1",
    status: cut ? "incomplete" : "completed",
    incomplete_details: cut ? { reason: "max_output_tokens" } : null,
    usage: {
      input_tokens: 100,
      input_tokens_details: { cached_tokens: 40 },
      output_tokens: 7,
    },
  };
  const said = text !== "" || behaviour.kind === "refusal";
  return [
    event("response.created", { response: { id: "r1", status: "in_progress" } }),
    ...(thoughts ? [event("response.reasoning_summary_text.delta", { delta: thoughts })] : []),
    ...piecesOf(behaviour).map((delta) => event("response.output_text.delta", { delta })),
    ...(ends(behaviour)
      ? [
        ...(said
          ? [event("response.output_item.done", { item: { type: "message", content } })]
          : []),
        event(cut ? "response.incomplete" : "response.completed", { response }),
      ]
      : []),
  ];
}

export const PROTOCOLS: Readonly<Record<ProtocolName, Protocol>> = {
  openai_compatible: { stream: chatEvents, whole: wholeChat },
  anthropic: { stream: messageEvents },
  openai_codex: { stream: responseEvents },
};
