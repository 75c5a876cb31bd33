import * as z from "zod";
import { once } from "../../domain/once.ts";
import type { Artefacts } from "../../artefacts/artefacts.ts";
import { readArguments, toParameters } from "../_arguments.ts";
import type { Tool } from "../tool.ts";

const NAME = "artefact_read";

const argumentsSchema = once(() =>
  z.strictObject({
    id: z.string().min(1).max(64).describe("Id of a kept text, from the conversation"),
  })
);
const resultSchema = once(() =>
  z.object({
    text: z.string(),
    kind: z.string().describe("What it is, such as answer or message"),
    from: z.string().describe("Where it came from"),
    at: z.string().describe("When it was kept, ISO 8601"),
  })
);

/**
 * The tool that hands a withheld text to a program, to be saved or sent on. Reading has no effect,
 * so nobody is asked; the text is foreign.
 */
export function createArtefactReadTool(artefacts: Pick<Artefacts, "read">): Tool {
  return {
    name: NAME,
    description: "Reads a text that is withheld in the conversation, by its artefact id.",
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
            title: "Read a kept text",
            fields: [{ name: "artefact", value: read.id }],
          },
          async run() {
            const { text, kind, from, at } = await artefacts.read(read.id);
            return { text, kind, from, at };
          },
        };
      });
    },
  };
}
