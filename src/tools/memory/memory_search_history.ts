import * as z from "zod";
import { once } from "../../domain/once.ts";
import type { History, HistoryEntry } from "../../memory/history.ts";
import { readArguments, toParameters } from "../_arguments.ts";
import type { Tool } from "../tool.ts";

const NAME = "memory_search_history";

const argumentsSchema = once(() =>
  z.strictObject({
    query: z.string().min(1).max(1000).describe("Words to look for"),
    limit: z.int().min(1).max(100).default(10),
  })
);
const resultSchema = once(() =>
  z.object({
    entries: z.array(z.object({
      date: z.string().describe("YYYY-MM-DD HH:MM in the person's zone"),
      text: z.string(),
    })).describe("Best first, the newest first among equals"),
  })
);

/**
 * The tool that searches summaries of earlier conversations. It reads private data but has no
 * effect, so nobody is asked. Entries of untrusted origin are placeholders in it; the others were
 * worded by a model, edited by hand or imported, so they count as foreign text.
 */
export function createMemorySearchHistoryTool(history: History): Tool {
  return {
    name: NAME,
    description: "Searches summaries of earlier conversations.",
    get parameters() {
      return toParameters(argumentsSchema);
    },
    get returns() {
      return toParameters(resultSchema);
    },
    foreign: true,
    guidance: "",
    prepare(args) {
      return Promise.resolve().then(() => {
        const read = readArguments(NAME, argumentsSchema, args);
        return {
          args: read,
          effect: "none" as const,
          resource: { kind: "plain" as const },
          preview: {
            title: "Search earlier conversations",
            fields: [{ name: "query", value: read.query }],
          },
          run: async () => ({
            entries: (await history.search(read.query, read.limit)).map(toResult),
          }),
        };
      });
    },
  };
}

function toResult({ date, text, marked }: HistoryEntry): { date: string; text: string } {
  return {
    date,
    text: marked ? `(an entry of untrusted origin, ${text.length} characters, not shown)` : text,
  };
}
