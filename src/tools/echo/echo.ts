import * as z from "zod";
import type { JsonObject } from "../../domain/json.ts";
import { once } from "../../domain/once.ts";
import { readArguments, toParameters } from "../_arguments.ts";
import type { Prepared, Tool } from "../tool.ts";

const parameters = once(() => z.strictObject({ message: z.string() }));
const returns = once(() => z.object({ message: z.string() }));

/** Gives back what it gets; for trying things out. */
export function createEchoTool(): Tool {
  return {
    name: "echo",
    description: "Returns the message that it is given.",
    get parameters() {
      return toParameters(parameters);
    },
    get returns() {
      return toParameters(returns);
    },
    foreign: false,
    guidance: "",
    prepare: (args) => Promise.resolve().then(() => prepare(args)),
  };
}

function prepare(args: JsonObject): Prepared {
  const { message } = readArguments("echo", parameters, args);
  return {
    args: { message },
    effect: "none",
    resource: { kind: "plain" },
    preview: { title: "give back a message", fields: [{ name: "message", value: message }] },
    run: () => Promise.resolve({ message }),
  };
}
