import type { Artefacts } from "../artefacts/artefacts.ts";
import { CodedError } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { Redactor } from "../domain/redacted.ts";

/** What a result is kept with. */
export interface ResultPorts {
  readonly artefacts: Artefacts;
  readonly redactor: Redactor;
}

/** UTF-16 code units of texts in one result, and parts of it, at most. */
const LONGEST_TEXT = 2_000_000;
const MOST_PARTS = 1_000;

/**
 * A result of a tool as programs get it: data of others, whatever it says. `ok` is false where the
 * server says that the tool failed; its words are in `text` then. Pictures and sound are artefacts.
 */
export async function toProgramResult(
  result: JsonObject,
  from: string,
  ports: ResultPorts,
): Promise<JsonObject> {
  const { content, structuredContent, isError } = result;
  const parts = Array.isArray(content) ? content.slice(0, MOST_PARTS) : [];
  const texts: string[] = [];
  const files: JsonObject[] = [];
  const links: JsonObject[] = [];
  let length = 0;
  const addText = (text: string) => {
    length += text.length;
    if (length > LONGEST_TEXT) throw tooLarge(from);
    texts.push(text);
  };
  for (const part of parts) {
    if (!isObject(part)) continue;
    const { type, text, data, mimeType, resource, uri, name } = part;
    if (type === "text" && typeof text === "string") addText(text);
    else if ((type === "image" || type === "audio") && typeof data === "string") {
      files.push(await keep(type, data, mimeType, from, ports));
    } else if (type === "resource_link" && typeof uri === "string") {
      links.push({ uri, name: typeof name === "string" ? name : "" });
    } else if (type === "resource" && isObject(resource)) {
      if (typeof resource.text === "string") addText(resource.text);
      else if (typeof resource.blob === "string") {
        files.push(await keep("file", resource.blob, resource.mimeType, from, ports));
      }
    }
  }
  return {
    ok: isError !== true,
    text: texts.join("\n"),
    ...(structuredContent === undefined ? {} : { structured: structuredContent }),
    ...(files.length > 0 ? { files } : {}),
    ...(links.length > 0 ? { links } : {}),
  };
}

async function keep(
  kind: string,
  data: string,
  mimeType: Json | undefined,
  from: string,
  { artefacts, redactor }: ResultPorts,
): Promise<JsonObject> {
  const type = typeof mimeType === "string" && /^[\w.+-]+\/[\w.+-]+$/.test(mimeType)
    ? mimeType
    : "application/octet-stream";
  const text = redactor.redact(`data:${type};base64,${data}`);
  const artefact = await artefacts.keep(text, { kind, from });
  return { artefact, type, bytes: Math.floor((data.length * 3) / 4) };
}

function tooLarge(from: string): CodedError {
  return new CodedError(
    "result_too_large",
    `${from} returned more than ${LONGEST_TEXT} characters of text.`,
  );
}

/** The type of {@linkcode toProgramResult}; `structured` is what the server promises, if anything. */
export function resultSchema(structured: JsonObject | undefined): JsonObject {
  return {
    type: "object",
    properties: {
      ok: { type: "boolean", description: "false: the tool failed, and text says how" },
      text: { type: "string" },
      ...(structured === undefined ? {} : { structured }),
      files: {
        type: "array",
        description: "Pictures, sound and other files, by the id of their artefact",
        items: {
          type: "object",
          properties: {
            artefact: { type: "string" },
            type: { type: "string" },
            bytes: { type: "integer" },
          },
          required: ["artefact", "type", "bytes"],
        },
      },
      links: {
        type: "array",
        items: {
          type: "object",
          properties: { uri: { type: "string" }, name: { type: "string" } },
          required: ["uri", "name"],
        },
      },
    },
    required: ["ok", "text"],
  };
}

function isObject(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
