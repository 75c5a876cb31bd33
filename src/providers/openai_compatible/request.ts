import type { Json, JsonObject } from "../../domain/json.ts";
import type { Picture } from "../../domain/picture.ts";
import type { Quirks } from "../provider_facts.ts";
import type { ProviderQuestion } from "../_exchange.ts";
import { dataUrlOf } from "../_images.ts";
import { arrange, schemaInWords } from "../_turns.ts";
import type { Dialect } from "./dialect.ts";

/**
 * The body of a request without its `stream` field (OpenAI API reference, chat/create). The
 * schema's name stands in `response_format.json_schema.name`, or in words where the server knows
 * no schemas.
 */
export function completionsBody(
  model: string,
  question: ProviderQuestion,
  dialect: Dialect,
  quirks: Quirks,
): JsonObject {
  const { schema, maxTokens, temperature } = question;
  const native = dialect.structured === "json_schema";
  const { system, turns } = arrange(
    schema && !native
      ? [...question.messages, { role: "system", text: schemaInWords(schema) }]
      : question.messages,
  );
  return {
    model,
    messages: [
      ...(system === "" ? [] : [{ role: "system", content: system }]),
      ...turns.map(({ role, text, images }) => ({ role, content: contentOf(text, images) })),
    ],
    [dialect.tokensField]: maxTokens,
    ...(temperature !== undefined && dialect.temperature ? { temperature } : {}),
    ...(schema && native ? { response_format: schemaFormat(schema.name, schema.json) } : {}),
    ...(schema && dialect.structured === "json_object"
      ? { response_format: { type: "json_object" } }
      : {}),
    ...(dialect.additions ? quirks.always : {}),
    ...(dialect.additions && question.calm ? quirks.calm : {}),
  };
}

/** Words alone stay a string: servers that know no pictures may know no lists either. */
function contentOf(text: string, images: readonly Picture[]): Json {
  if (images.length === 0) return text;
  return [
    { type: "text", text },
    ...images.map((image) => ({ type: "image_url", image_url: { url: dataUrlOf(image) } })),
  ];
}

/** Not `strict`: that form allows no open objects, which inputs and arguments are. */
function schemaFormat(name: string, schema: JsonObject): JsonObject {
  return { type: "json_schema", json_schema: { name, schema } };
}
