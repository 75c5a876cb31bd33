import type { Prompt } from "../../src/providers/provider.ts";
import type { Behaviour } from "../fakes/model_server.ts";

// Questions that tests of what stands on the wire share.

/** Messages in an order that no provider takes as it is. */
export const PROMPT: Prompt = {
  messages: [
    { role: "system", text: "First rule." },
    { role: "user", text: "Hello?" },
    { role: "system", text: "Second rule." },
    { role: "user", text: "Are you there?" },
  ],
  maxTokens: 300,
  temperature: 0.7,
};

/** The same, for an object. */
export const STRUCTURED: Prompt = {
  ...PROMPT,
  schema: { name: "clam", json: { type: "object", properties: { script: { type: "string" } } } },
};

/** An object that fits. */
export const OBJECT: Behaviour = { kind: "object", value: { script: "1" } };
