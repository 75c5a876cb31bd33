import * as z from "zod";
import { CodedError } from "../domain/failure.ts";
import type { JsonObject } from "../domain/json.ts";
import { findNearest } from "../text/nearest.ts";

/**
 * Reads the arguments that a program sent.
 * @throws {CodedError} `tool_arguments_invalid` names the first field that is wrong, and why.
 */
export function readArguments<T>(
  tool: string,
  makeSchema: () => z.ZodType<T>,
  args: JsonObject,
): T {
  const schema = makeSchema();
  const read = schema.safeParse(args);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new CodedError("tool_arguments_invalid", `${tool}: ${describe(issue, schema, args)}.`);
}

/**
 * Makes sure that texts can be written as UTF-8. Half a character (a lone surrogate) would become
 * another one on the way, and what is done would not be what was shown.
 * @throws {CodedError} `tool_arguments_invalid` names the first one that cannot.
 */
export function expectWholeCharacters(
  tool: string,
  texts: Readonly<Record<string, unknown>>,
): void {
  const wrong = Object.entries(texts)
    .find(([, text]) => typeof text === "string" && !text.isWellFormed());
  if (!wrong) return;
  throw new CodedError(
    "tool_arguments_invalid",
    `${tool}: argument "${wrong[0]}" holds half a character (a lone surrogate); ` +
      "cut texts between characters, as Array.from(text) does.",
  );
}

/** What was made of a schema stays made. */
const made = new WeakMap<z.ZodType, JsonObject>();

/**
 * The JSON Schema (draft-7) of what may be sent, as models are shown it. A tool makes it when somebody
 * looks: an answer of a kept clam shows it to nobody.
 */
export function toParameters(makeSchema: () => z.ZodType): JsonObject {
  const schema = makeSchema();
  const known = made.get(schema) ?? writeSchema(schema);
  made.set(schema, known);
  return known;
}

function writeSchema(schema: z.ZodType): JsonObject {
  const { $schema: _, ...parameters } = z.toJSONSchema(schema, {
    io: "input",
    target: "draft-7",
    unrepresentable: "any",
  });
  return parameters as JsonObject;
}

function describe(
  issue: z.core.$ZodIssue | undefined,
  schema: z.ZodType,
  args: JsonObject,
): string {
  if (!issue) return "the arguments cannot be read";
  const place = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") return unknownArgument(issue.keys, place, schema);
  if (place === "") return `the arguments are wrong: ${reason(issue)}`;
  const [first] = issue.path;
  if (issue.path.length === 1 && !Object.hasOwn(args, String(first))) {
    return `argument "${place}" is missing: ${reason(issue)}`;
  }
  return `argument "${place}": ${reason(issue)}`;
}

/** Why a value is wrong, without what was received: it is in the program, which knows it. */
function reason({ message }: z.core.$ZodIssue): string {
  return message.replace(/\.$/, "").replace(/^Invalid (?:input|option): /, "")
    .replace(/, received [^,]*$/, "");
}

/** Longest name that is told back. */
const LONGEST_NAME = 60;

function unknownArgument(keys: readonly string[], place: string, schema: z.ZodType): string {
  const [key = ""] = keys;
  const name = JSON.stringify(key.length > LONGEST_NAME ? `${key.slice(0, LONGEST_NAME)}…` : key);
  const within = place === "" ? "" : ` in "${place}"`;
  const known = place === "" && schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const nearest = findNearest(key, known);
  if (nearest !== undefined) return `there is no argument ${name}; perhaps "${nearest}" was meant`;
  const list = known.length > 0 ? `; there are ${known.join(", ")}` : "";
  return `there is no argument ${name}${within}${list}`;
}
