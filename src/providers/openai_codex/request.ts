import type { JsonObject } from "../../domain/json.ts";
import type { ProviderQuestion } from "../_exchange.ts";
import { sha256Hex } from "../../text/canonical_json.ts";
import { dataUrlOf } from "../_images.ts";
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
    input: turns.map(({ role, text, images }) => ({
      type: "message",
      role,
      content: [
        { type: role === "user" ? "input_text" : "output_text", text },
        ...images.map((image) => ({ type: "input_image", image_url: dataUrlOf(image) })),
      ],
    })),
    text: { verbosity: "medium", ...(format ? { format } : {}) },
    include: ["reasoning.encrypted_content"],
    // the same for all requests with the same instructions, so that their beginning is kept
    prompt_cache_key: await sha256Hex(system),
    tool_choice: "auto",
    parallel_tool_calls: true,
    ...(question.calm ? { reasoning: { effort: "low" } } : {}),
  };
}
