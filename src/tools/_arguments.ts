import { z } from "zod";
import { CodedError } from "../domain/failure.ts";
import type { JsonObject } from "../domain/json.ts";

/**
 * Reads the arguments that a program sent.
 * @throws {CodedError} `tool_arguments_invalid` names the first field that is wrong, and why.
 */
export function readArguments<T>(tool: string, schema: z.ZodType<T>, args: JsonObject): T {
  const read = schema.safeParse(args);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new CodedError("tool_arguments_invalid", `${tool}: ${describe(issue)}.`);
}

/** The JSON Schema (draft-7) of what may be sent, as models are shown it. */
export function toParameters(schema: z.ZodType): JsonObject {
  const { $schema: _, ...parameters } = z.toJSONSchema(schema, {
    io: "input",
    target: "draft-7",
    unrepresentable: "any",
  });
  return parameters as JsonObject;
}

function describe(issue: z.core.$ZodIssue | undefined): string {
  if (!issue) return "the arguments cannot be read";
  if (issue.code === "unrecognized_keys") {
    return `there is no argument ${issue.keys.map((key) => JSON.stringify(key)).join(", ")}`;
  }
  const field = issue.path.map(String).join(".");
  const why = issue.message.replace(/\.$/, "");
  return field === "" ? why : `argument "${field}": ${why}`;
}
