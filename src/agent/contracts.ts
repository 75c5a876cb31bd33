import * as z from "zod";
import type { Json, JsonObject } from "../domain/json.ts";
import { once } from "../domain/once.ts";
import type { ContractName } from "../providers/provider.ts";
import { readCutObject } from "./cut_object.ts";
import { forgive } from "./forgive.ts";

// The objects that pass between ClamBot and a model; names and fields are a contract
// (docs/models.md). Readers forgive what weak models leave out, the schemas sent are strict.

/** One structured call: its name on the wire, the schema sent, the reader of the answer. */
export interface Contract<T> {
  readonly name: Exclude<ContractName, "answer">;
  readonly schema: JsonObject;
  readonly reader: () => z.ZodType<T>;
  /** What an answer without a whole object still says. */
  readonly salvage?: (text: string) => T | undefined;
}

const texts = once(() => z.array(z.string()).nullish().catch([]).transform((list) => list ?? []));
const text = once(() => z.string().nullish().catch(null).transform((value) => value ?? ""));
const nullableText = once(() =>
  z.string().nullish().catch(null).transform((value) => value ?? null)
);
/** What cannot be done; weak models write "none" where they mean nothing. */
const impossible = once(() =>
  nullableText().transform((value) =>
    value === null || /^\W*(?:none|null|nothing|n\/?a|no|false)?\W*$/i.test(value)
      ? null
      : value.trim()
  )
);
const object = once(() =>
  z.record(z.string(), z.json()).nullish().catch({})
    .transform((value) => (value ?? {}) as JsonObject)
);

const selectionReader = once(() =>
  z.object({
    decision: z.enum(["generate_new", "select_existing", "chat"]),
    clam_id: nullableText(),
    inputs: object(),
    chat_response: nullableText(),
    cannot: impossible(),
    reason: text(),
  })
);

/** How the selector answers. */
export type Selection = z.infer<ReturnType<typeof selectionReader>>;

const constraint = once(() => z.looseObject({ param: z.string() }));
const capability = once(() =>
  z.strictObject({
    method: z.string(),
    constraints: z.array(constraint()).nullish().transform((list) => list ?? []),
    max_calls: z.int().min(0).nullish(),
  })
);

/** Those that can be read: what the program may do is made from its own calls (derive_rules.ts). */
const rules = once(() =>
  z.array(z.unknown()).nullish().catch([]).transform((list) =>
    (list ?? []).flatMap((one) => capability().safeParse(one).data ?? [])
  )
);

const clamReader = once(() =>
  z.object({
    language: z.string().nullish().transform((value) => value ?? "javascript"),
    script: z.string(),
    name: text(),
    description: text(),
    declared_tools: texts(),
    inputs: object(),
    input_schema: object(),
    result_schema: z.record(z.string(), z.json()).nullish().catch(null)
      .transform((value) => (value ?? null) as JsonObject | null),
    capabilities: rules(),
    secrets: texts(),
    templates: texts(),
    source_request: text(),
    reusable: z.boolean().nullish().catch(true).transform((value) => value ?? true),
    stands_alone: z.boolean().nullish().catch(true).transform((value) => value ?? true),
    cannot: impossible(),
  })
);

/** What the generator writes. */
export type WrittenClam = z.infer<ReturnType<typeof clamReader>>;

/** What may be wrong with an output: the only words that cross from the judge to the writer. */
export const FIX_CLASSES = [
  "wrong_result",
  "incomplete_result",
  "wrong_format",
  "wrong_tool",
  "wrong_input",
  "missing_step",
  "error_not_handled",
  "other",
] as const;

/** A class of {@linkcode FIX_CLASSES}. */
export type FixClass = typeof FIX_CLASSES[number];

const verdictReader = once(() =>
  z.object({
    decision: z.enum(["accept", "fix", "reject", "need_full_output"]),
    reply: nullableText(),
    fix: nullableText(),
    reason: text(),
  })
);

/** How the analyzer's model judges. */
export type JudgedOutput = z.infer<ReturnType<typeof verdictReader>>;

const factsReader = once(() => z.object({ add: texts(), forget: texts() }));

/** What is learnt from the person's words. */
export type LearntFacts = z.infer<ReturnType<typeof factsReader>>;

const summaryReader = once(() => z.object({ summary: z.string(), history_entry: text() }));

/** A conversation in short: for going on with it, and for finding it again. */
export type Summary = z.infer<ReturnType<typeof summaryReader>>;

const reportReader = once(() => z.object({ report: z.string().nullable() }));

/** What of a standing task's result is worth telling; `null`: nothing is. */
export type BeatReport = z.infer<ReturnType<typeof reportReader>>;

const string = { type: "string" };
const nullableString = { type: ["string", "null"] };
const anyObject = { type: "object" };
const strings = { type: "array", items: string };

function strict(properties: JsonObject, optional: readonly string[] = []): JsonObject {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: "object", additionalProperties: false, required, properties };
}

export const SELECTION: Contract<Selection> = {
  name: "selection",
  reader: selectionReader as unknown as () => z.ZodType<Selection>,
  schema: strict({
    decision: { type: "string", enum: ["generate_new", "select_existing", "chat"] },
    clam_id: nullableString,
    inputs: anyObject,
    chat_response: nullableString,
    cannot: nullableString,
    reason: string,
  }),
};

export const CLAM: Contract<WrittenClam> = {
  name: "clam",
  reader: clamReader as unknown as () => z.ZodType<WrittenClam>,
  schema: strict({
    language: { type: "string", enum: ["javascript"] },
    script: string,
    name: string,
    description: string,
    declared_tools: strings,
    inputs: anyObject,
    input_schema: anyObject,
    result_schema: { type: ["object", "null"] },
    capabilities: {
      type: "array",
      items: strict({
        method: string,
        constraints: {
          type: "array",
          items: strict({
            param: string,
            is_in: { type: "array" },
            starts_with: string,
            "<=": { type: "number" },
            ">=": { type: "number" },
          }, ["is_in", "starts_with", "<=", ">="]),
        },
        max_calls: { type: "integer" },
      }, ["max_calls"]),
    },
    secrets: strings,
    templates: strings,
    source_request: string,
    reusable: { type: "boolean" },
    stands_alone: { type: "boolean" },
    cannot: nullableString,
  }, ["name", "result_schema"]),
};

export const VERDICT: Contract<JudgedOutput> = {
  name: "verdict",
  reader: verdictReader as unknown as () => z.ZodType<JudgedOutput>,
  schema: strict({
    decision: { type: "string", enum: ["accept", "fix", "reject", "need_full_output"] },
    reply: nullableString,
    fix: { type: ["string", "null"], enum: [...FIX_CLASSES, null] },
    reason: string,
  }),
  salvage: readCutVerdict,
};

/** A verdict that was cut off counts as far as it goes, if that is enough to follow it. */
function readCutVerdict(text: string): JudgedOutput | undefined {
  const found = readCutObject(text) ?? null;
  const verdict = verdictReader().safeParse(forgive("verdict", found)).data;
  if (!verdict) return REJECTS.test(text) ? REJECTED : undefined;
  return verdict.decision === "accept" && verdict.reply === null ? undefined : verdict;
}

/** A judgement that cannot be read, but says no in its words, lets nothing through. */
const REJECTS = /\breject(?:s|ed)?\b|\bSELF_FIX\b/i;
const REJECTED: JudgedOutput = { decision: "reject", reply: null, fix: null, reason: "" };

export const FACTS: Contract<LearntFacts> = {
  name: "facts",
  reader: factsReader as unknown as () => z.ZodType<LearntFacts>,
  schema: strict({ add: strings, forget: strings }),
};

export const SUMMARY: Contract<Summary> = {
  name: "summary",
  reader: summaryReader as unknown as () => z.ZodType<Summary>,
  schema: strict({ summary: string, history_entry: string }),
};

export const REPORT: Contract<BeatReport> = {
  name: "report",
  reader: reportReader as unknown as () => z.ZodType<BeatReport>,
  schema: strict({ report: nullableString }),
};

/** Reads an answer, or says in a sentence why it cannot be read. */
export function readContract<T>(
  contract: Contract<T>,
  object: Json | undefined,
): { readonly kind: "read"; readonly value: T } | {
  readonly kind: "unreadable";
  readonly problem: string;
} {
  if (object === undefined) {
    return { kind: "unreadable", problem: "the answer holds no JSON object" };
  }
  const parsed = contract.reader().safeParse(forgive(contract.name, object));
  if (parsed.success) return { kind: "read", value: parsed.data };
  const issue = parsed.error.issues[0];
  const place = issue?.path.join(".") || "the object";
  return { kind: "unreadable", problem: `${place}: ${issue?.message ?? "wrong"}` };
}
