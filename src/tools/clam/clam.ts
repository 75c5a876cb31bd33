import * as z from "zod";
import type { JsonObject } from "../../domain/json.ts";
import { once } from "../../domain/once.ts";
import { readArguments, toParameters } from "../_arguments.ts";
import type { Prepared, Tool } from "../tool.ts";

const parameters = once(() =>
  z.strictObject({
    id: z.string().min(1).max(200).describe("Id of a kept clam"),
    inputs: z.record(z.string(), z.unknown()).default({}).describe("Laid over its default inputs"),
  })
);
const returns = once(() => z.object({ value: z.unknown().describe("What it returned") }));

/**
 * The tool by which a program uses a kept clam. The call itself has no effect: whatever the clam
 * wants to do goes its own way, by its own rules, and is allowed or not as if it ran alone.
 */
export function createClamTool(): Tool {
  return {
    name: "clam",
    description: "Runs a kept clam and gives what it returned.",
    get parameters() {
      return toParameters(parameters);
    },
    get returns() {
      return toParameters(returns);
    },
    foreign: false, // its result is where it read text of others, or was given some
    guidance: "Only clams that are named to you by their id; declare none of its tools for it.",
    prepare: (args) => Promise.resolve().then(() => prepare(args)),
  };
}

function prepare(args: JsonObject): Prepared {
  const order = readArguments("clam", parameters, args) as { id: string; inputs: JsonObject };
  return {
    args: { ...order },
    effect: "none",
    resource: { kind: "plain" },
    preview: {
      title: `use the clam ${order.id}`,
      fields: [{ name: "inputs", value: JSON.stringify(order.inputs) }],
    },
    run: async (_approved, signal, person) => ({ value: await person.useClam(order, signal) }),
  };
}
