import * as z from "zod";
import { CodedError } from "../../domain/failure.ts";
import type { JsonObject } from "../../domain/json.ts";
import type { Redactor } from "../../domain/redacted.ts";
import { once } from "../../domain/once.ts";
import { cleanFact, type Fact, LONGEST_FACT } from "../../memory/fact.ts";
import type { Memory } from "../../memory/memory.ts";
import { readArguments, toParameters } from "../_arguments.ts";
import type { CallContext, Prepared, Tool } from "../tool.ts";

const NAME = "memory_update";

const argumentsSchema = once(() =>
  z.strictObject({
    operation: z.enum(["remember", "forget"]),
    text: z.string().min(1).max(4 * LONGEST_FACT)
      .describe("The fact to remember, or words that stand in the facts to forget"),
  })
);
const resultSchema = once(() =>
  z.object({
    changed: z.boolean().describe("false: it was known already, or nothing matched"),
    facts: z.array(z.string()).describe("What was remembered or forgotten"),
  })
);

/** What the tool needs. */
export interface MemoryUpdatePorts {
  readonly memory: Memory;
  readonly redactor: Redactor;
}

/**
 * The tool that changes what is known about the person. Every change passes the gate, and the
 * person sees the exact facts. What a run remembers after it took in text of others is marked.
 */
export function createMemoryUpdateTool(ports: MemoryUpdatePorts): Tool {
  return {
    name: NAME,
    description: "Remembers a fact about the person, or forgets facts.",
    get parameters() {
      return toParameters(argumentsSchema);
    },
    get returns() {
      return toParameters(resultSchema);
    },
    foreign: false,
    guidance: GUIDANCE,
    async prepare(args, context) {
      const { operation, text } = readArguments(NAME, argumentsSchema, args);
      return operation === "remember"
        ? remember(ports, text, context)
        : await forget(ports.memory, text, context);
    },
  };
}

function remember(
  { memory, redactor }: MemoryUpdatePorts,
  text: string,
  context: CallContext,
): Prepared {
  const fact = cleanFact(text);
  if (fact === undefined) {
    throw new CodedError(
      "tool_arguments_invalid",
      `${NAME}: argument "text": a fact has words and at most ${LONGEST_FACT} characters.`,
    );
  }
  const marked = context.foreign ?? false;
  const fields = [
    { name: "fact", value: fact },
    ...(marked ? [{ name: "origin", value: "this run took in text of others" }] : []),
  ];
  return {
    args: { operation: "remember", text: fact },
    effect: "write",
    resource: { kind: "memory", action: "remember" },
    preview: { title: "Remember about you", fields },
    async run() {
      const { added, refused } = await memory.addFacts([redactor.redact(fact)], {
        turn: context.turnId,
        marked,
      });
      if (refused.length > 0) throw full();
      return toResult(added);
    },
  };
}

async function forget(memory: Memory, text: string, context: CallContext): Promise<Prepared> {
  const facts = await memory.findFacts(text);
  const fields = facts.map((fact, index) => ({ name: `fact ${index + 1}`, value: fact.text }));
  return {
    args: { operation: "forget", text },
    // nothing to forget is nothing to ask
    effect: facts.length === 0 ? "none" : "write",
    resource: { kind: "memory", action: "forget" },
    preview: { title: "Forget about you", fields },
    run: async () => toResult(await memory.removeFacts(facts, context.turnId)),
  };
}

function toResult(facts: readonly Fact[]): JsonObject {
  return { changed: facts.length > 0, facts: facts.map(wording) };
}

function wording({ text, marked }: Fact): string {
  return marked ? `(a fact of untrusted origin, ${text.length} characters)` : text;
}

function full(): CodedError {
  return new CodedError(
    "tool_failed",
    "The memory is full: nothing was remembered.",
    "Forget some facts, or edit MEMORY.md.",
  );
}

const GUIDANCE =
  `Only when the person asks to remember or to forget. A fact is one sentence in the third person
without the subject: "Lives in Berlin".`;
