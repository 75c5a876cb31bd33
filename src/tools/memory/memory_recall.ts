import * as z from "zod";
import { once } from "../../domain/once.ts";
import type { Memory } from "../../memory/memory.ts";
import { readArguments, toParameters } from "../_arguments.ts";
import type { Tool } from "../tool.ts";

const NAME = "memory_recall";

const argumentsSchema = once(() => z.strictObject({}));
const resultSchema = once(() =>
  z.object({
    text: z.string().describe('Everything known about the person, as Markdown; "" when nothing is'),
  })
);

/**
 * The tool that reads what is known about the person. It reads private data but has no effect, so
 * nobody is asked. Notes of untrusted origin are placeholders in it.
 */
export function createMemoryRecallTool(memory: Memory): Tool {
  return {
    name: NAME,
    description: "Reads what is known about the person.",
    get parameters() {
      return toParameters(argumentsSchema);
    },
    get returns() {
      return toParameters(resultSchema);
    },
    foreign: false,
    guidance: "",
    prepare(args) {
      return Promise.resolve().then(() => ({
        args: readArguments(NAME, argumentsSchema, args),
        effect: "none" as const,
        resource: { kind: "plain" as const },
        preview: { title: "Read what is known about you", fields: [] },
        run: async () => ({ text: await memory.text("code") }),
      }));
    },
  };
}
