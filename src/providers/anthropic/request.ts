import type { JsonObject } from "../../domain/json.ts";
import type { Picture } from "../../domain/picture.ts";
import type { ProviderQuestion } from "../_exchange.ts";
import { arrange, schemaInWords } from "../_turns.ts";
import type { ProviderError } from "../provider.ts";

/** What a model of Anthropic's is known to take; it only ever shrinks. */
export interface Terms {
  readonly temperature: boolean;
  /** Whether it can be made to use a tool, or only asked to. */
  readonly forcedTool: boolean;
}

/**
 * Models of the 5 generation and later refuse temperatures, and those of 5.5 and the Fable line
 * refuse forced tools (platform.claude.com, "What's new in Claude Sonnet 5" and "… 5.5").
 */
const NO_TEMPERATURE = /^claude-(?:(?:opus|sonnet|haiku)-(?:[5-9]|4-[7-9])|fable|mythos)/;
const NO_FORCED_TOOL = /^claude-(?:(?:opus|sonnet|haiku)-(?:5-[5-9]|[6-9])|fable|mythos)/;

/** What a model is taken to allow before it has been asked. */
export function firstTerms(model: string): Terms {
  return { temperature: !NO_TEMPERATURE.test(model), forcedTool: !NO_FORCED_TOOL.test(model) };
}

/** What to leave out after a refusal that names it; `undefined` when it is about something else. */
export function simplerTerms(terms: Terms, error: ProviderError): Terms | undefined {
  if (error.status !== 400) return undefined;
  if (terms.forcedTool && /tool_choice|forced tool|tool use/i.test(error.detail)) {
    return { ...terms, forcedTool: false };
  }
  if (terms.temperature && /temperature|sampling/i.test(error.detail)) {
    return { ...terms, temperature: false };
  }
  return undefined;
}

/**
 * The body of a Messages request (platform.claude.com, API reference, messages). An object is
 * asked for as the input of a tool that bears the schema's name. The system text, which is the
 * same in every turn of a conversation, is kept in the provider's cache.
 */
export function messagesBody(model: string, question: ProviderQuestion, terms: Terms): JsonObject {
  const { schema, maxTokens, temperature } = question;
  const { system, turns } = arrange(question.messages);
  const messages = turns.map(({ role, text, images }) => ({
    role,
    content: images.length === 0 ? text : [...images.map(imageBlock), { type: "text", text }],
  }));
  const blocks = [...(system === "" ? [] : [cachedText(system)]), ...wish(question, terms)];
  return {
    model,
    max_tokens: maxTokens,
    stream: true,
    ...(blocks.length === 0 ? {} : { system: blocks }),
    messages: messages[0]?.role === "assistant" ? [BEGINNING, ...messages] : messages,
    ...(temperature !== undefined && terms.temperature
      ? { temperature: Math.min(1, temperature) }
      : {}),
    ...(schema
      ? {
        tools: [{ name: schema.name, description: TOOL, input_schema: schema.json }],
        tool_choice: terms.forcedTool ? { type: "tool", name: schema.name } : { type: "auto" },
      }
      : {}),
  };
}

const TOOL = "Takes your answer. Call it once, with the whole answer as its input.";

/** The first message must be a user's. */
const BEGINNING = { role: "user", content: "(The conversation goes on.)" };

/** Pictures stand before the words about them (platform.claude.com, vision). */
function imageBlock({ type, bytes }: Picture): JsonObject {
  return { type: "image", source: { type: "base64", media_type: type, data: bytes.toBase64() } };
}

function cachedText(text: string): JsonObject {
  return { type: "text", text, cache_control: { type: "ephemeral" } };
}

/** Where a tool cannot be forced, words must do; the text in front stays cached. */
function wish({ schema }: ProviderQuestion, terms: Terms): JsonObject[] {
  if (!schema || terms.forcedTool) return [];
  const text = `Answer by calling the tool "${schema.name}". If you cannot: ${
    schemaInWords(schema)
  }`;
  return [{ type: "text", text }];
}
