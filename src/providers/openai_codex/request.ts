import type { JsonObject } from "../../domain/json.ts";
import type { ProviderQuestion } from "../_exchange.ts";
import { arrange } from "../_turns.ts";

/**
 * The body of a request to the Codex backend, which is not OpenAI's public Responses API: it
 * stores nothing, streams always, and refuses limits of length and temperatures by name.
 */
export async function responsesBody(
  model: string,
  question: ProviderQuestion,
): Promise<JsonObject> {
  const { system, turns } = arrange(question.messages);
  const { schema } = question;
  const format = schema && { type: "json_schema", name: schema.name, schema: schema.json };
  return {
    model,
    store: false,
    stream: true,
    instructions: system || "Answer the person.",
    input: turns.map(({ role, text }) => ({
      type: "message",
      role,
      content: [{ type: role === "user" ? "input_text" : "output_text", text }],
    })),
    text: { verbosity: "medium", ...(format ? { format } : {}) },
    include: ["reasoning.encrypted_content"],
    prompt_cache_key: await cacheKey(system),
    tool_choice: "auto",
    parallel_tool_calls: true,
    ...(question.calm ? { reasoning: { effort: "low" } } : {}),
  };
}

/** The same for all requests with the same instructions, so that their beginning is kept. */
async function cacheKey(system: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(system));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
