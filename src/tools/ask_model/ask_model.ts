import * as z from "zod";
import type { Artefacts } from "../../artefacts/artefacts.ts";
import type { Pictures } from "../../artefacts/uploads.ts";
import { CodedError } from "../../domain/failure.ts";
import type { Json, JsonObject } from "../../domain/json.ts";
import { once } from "../../domain/once.ts";
import type { Random } from "../../platform/platform.ts";
import type { LanguageModel, Prompt } from "../../providers/provider.ts";
import { estimateTokens } from "../../text/tokens.ts";
import { readArguments, toParameters } from "../_arguments.ts";
import type { CallContext, Prepared, Tool } from "../tool.ts";
import { createLook, createPrompt } from "./_prompt.ts";

const NAME = "ask_model";
/** Characters of a text at most, whatever the model could take. */
const LARGEST_TEXT = 2_000_000;
const LARGEST_SCHEMA = 20_000;
const MOST_ANSWER_TOKENS = 4096;
/** An answer to a schema that is no JSON object is asked for again this often. */
const ATTEMPTS = 2;

const argumentsSchema = once(() =>
  z.strictObject({
    instruction: z.string().min(1).max(4000).describe("What to do with the text or picture"),
    text: z.string().optional().describe("The text; or name an artefact instead"),
    artefact: z.string().optional().describe("Id of a kept text, from the conversation"),
    image: z.string().optional().describe("Id of a kept picture, instead of a text"),
    schema: z.record(z.string(), z.unknown()).optional()
      .describe("JSON Schema of the object wanted as answer; without it the answer is text"),
  })
);
const resultSchema = once(() =>
  z.object({
    text: z.string().optional(),
    object: z.record(z.string(), z.unknown()).optional().describe("Instead of text, with a schema"),
  })
);

/** What the tool works with. */
export interface AskModelPorts {
  readonly artefacts: Pick<Artefacts, "read">;
  readonly pictures: Pictures;
  readonly random: Pick<Random, "id">;
}

/**
 * The tool for work on a text or picture of others: one model call without tools, memory or history,
 * the text in one marked block. The text goes to the provider that the person configured and nowhere else,
 * and the answer can do nothing, so the call has no effect to ask about; its result is foreign.
 */
export function createAskModelTool(ports: AskModelPorts): Tool {
  async function prepare(args: JsonObject, context: CallContext): Promise<Prepared> {
    const read = readQuestion(args);
    const model = context.mainModel();
    const maxTokens = Math.min(MOST_ANSWER_TOKENS, Math.floor(model.contextTokens / 4));
    return read.image === undefined
      ? await prepareText(read, maxTokens, model)
      : await prepareLook(read, read.image, maxTokens, model);
  }

  async function prepareText(
    read: Question,
    maxTokens: number,
    model: LanguageModel,
  ): Promise<Prepared> {
    const text = read.text ?? (await ports.artefacts.read(read.artefact ?? "")).text;
    const prompt = createPrompt({ ...read, text }, maxTokens, ports.random);
    refuseTooLong(prompt, text, model);
    return prepared(read, "text", text, (signal) => ask(model, prompt, signal));
  }

  async function prepareLook(
    read: Question,
    image: string,
    maxTokens: number,
    model: LanguageModel,
  ): Promise<Prepared> {
    const prompt = createLook(read, await ports.pictures.read(image), maxTokens);
    return prepared(read, "picture", image, (signal) => ask(model, prompt, signal));
  }

  return {
    name: NAME,
    description:
      "Lets a language model summarise, translate, extract from or judge a text, or look at a picture.",
    get parameters() {
      return toParameters(argumentsSchema);
    },
    get returns() {
      return toParameters(resultSchema);
    },
    foreign: true,
    guidance: GUIDANCE,
    prepare,
  };
}

type Question = z.infer<ReturnType<typeof argumentsSchema>>;

function prepared(
  read: Question,
  matter: "text" | "picture",
  value: string,
  run: (signal: AbortSignal) => Promise<Json>,
): Prepared {
  return {
    args: read as JsonObject,
    effect: "none",
    resource: { kind: "plain" },
    preview: {
      title: `Ask the model about a ${matter}`,
      fields: [{ name: "instruction", value: read.instruction }, { name: matter, value }],
    },
    run: (_approved, signal) => run(signal),
  };
}

function readQuestion(args: JsonObject): Question {
  const read = readArguments(NAME, argumentsSchema, args);
  if ([read.text, read.artefact, read.image].filter((one) => one !== undefined).length !== 1) {
    throw invalid('give one of "text", "artefact" and "image"');
  }
  if (read.schema && read.schema["type"] !== "object") {
    throw invalid('argument "schema": it must have the type "object"');
  }
  if (read.schema && JSON.stringify(read.schema).length > LARGEST_SCHEMA) {
    throw invalid(`argument "schema": over ${LARGEST_SCHEMA} characters`);
  }
  return read;
}

function refuseTooLong(prompt: Prompt, text: string, model: LanguageModel): void {
  const tokens = text.length > LARGEST_TEXT
    ? Infinity
    : prompt.messages.reduce((sum, message) => sum + estimateTokens(message.text), 0);
  const room = model.contextTokens - prompt.maxTokens;
  if (tokens <= room) return;
  const size = tokens === Infinity ? `${text.length} characters` : `about ${tokens} tokens`;
  throw new CodedError(
    "context_too_long",
    `${NAME}: the text has ${size}; ${model.name} takes about ${room} tokens at once.`,
    "Split the text, ask about each piece, and ask again about the answers.",
  );
}

async function ask(model: LanguageModel, prompt: Prompt, signal: AbortSignal): Promise<Json> {
  if (!prompt.schema) return { text: (await model.complete(prompt, signal)).text };
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const { object } = await model.complete(prompt, signal);
    if (isObject(object)) return { object };
  }
  throw new CodedError("tool_failed", `${NAME}: the model gave no JSON object as its answer.`);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(why: string): CodedError {
  return new CodedError("tool_arguments_invalid", `${NAME}: ${why}.`);
}

const GUIDANCE =
  `For all work on text that needs understanding; a photo goes into image. You never see such text. With a schema the answer is { object },
else { text }. One call costs a model call, so put several questions about a text into it. What is
longer than the model takes (context_too_long) is asked about in pieces.`;
