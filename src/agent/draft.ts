import { repairedTemplate, whyDropped } from "../clams/repair.ts";
import type { Capability, Draft } from "../domain/clam.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { WrittenClam } from "./contracts.ts";
import { saysItsInputs } from "./own_words.ts";

// Lengths at most, in UTF-16 code units: what a model writes goes into every later prompt.
const NAME = 80;
const DESCRIPTION = 500;
const MOST_TEMPLATES = 20;

/**
 * The draft of a clam that was written for this request; of its templates those that hold. With
 * `conversation` no other conversation leads to it.
 */
export function draftFrom(
  written: WrittenClam,
  capabilities: readonly Capability[],
  request: string,
  conversation?: string,
): Draft {
  const { inputs, templates } = written;
  const description = shorten(written.description, DESCRIPTION) || shorten(request, DESCRIPTION) ||
    "A clam without a description";
  return wellFormed({
    script: written.script,
    manifest: {
      name: shorten(written.name, NAME) || shorten(description, NAME),
      description,
      language: "javascript",
      declaredTools: [...new Set(written.declared_tools)],
      inputs,
      inputSchema: written.input_schema,
      ...promiseOf(written.result_schema),
      capabilities,
      secrets: written.secrets,
      limits: {},
      requests: [request],
      // what it says of this request's values it would say of every other's
      templates: [
        ...new Set(
          (saysItsInputs(written.script, inputs) ? [] : templates)
            .filter((template) => unreadSlot(template, written) === undefined)
            .flatMap((template) => repairedTemplate(template, request, inputs) ?? []),
        ),
      ].slice(0, MOST_TEMPLATES),
      reusable: written.reusable,
      ...(conversation === undefined ? {} : { conversation }),
    },
  });
}

/** The templates that are not kept, each with the reason. */
export function droppedTemplates(
  { script, declared_tools, inputs, templates }: WrittenClam,
  request: string,
): JsonObject {
  const says = saysItsInputs(script, inputs);
  return Object.fromEntries(
    [...new Set(templates)].slice(0, MOST_TEMPLATES).flatMap((template) => {
      const unread = unreadSlot(template, { script, declared_tools });
      if (!says && unread === undefined && repairedTemplate(template, request, inputs)) return [];
      const why = says
        ? "the script itself says values of this request"
        : unread !== undefined
        ? `the script does not work with ${unread}`
        : whyDropped(template, request, inputs);
      return [[template, why]];
    }),
  );
}

/**
 * A slot that the script never reads, or whose value it only says in its reply: another value would
 * change nothing but the words ("100 GBP = 92 EUR" by the rate of the dollar).
 */
function unreadSlot(
  template: string,
  { script, declared_tools }: Pick<WrittenClam, "script" | "declared_tools">,
): string | undefined {
  const names = [...template.matchAll(/\{([a-z]\w*)(?::[a-z]+)?\}/gi)].map(([, name = ""]) => name);
  const used = declared_tools.length > 0
    ? script.replace(SAYING, "").replace(TAKING_APART, "")
    : script;
  return names.find((name) => !new RegExp(`(?<![\\w$])${name}(?![\\w$])`).test(used));
}

/** What is told, as far as it is one text; and where the inputs get their names. */
const SAYING = /(?:reply\s*:|return)\s*`(?:[^`\\]|\\.)*`/g;
const TAKING_APART =
  /\brun\s*(?:=\s*(?:async\s*)?(?:function\s*)?)?\(\s*\{[^{}]*\}\s*\)|\{[^{}]*\}\s*=\s*\w+/g;

/** Levels of a schema that a manifest can hold. */
const DEEPEST = 16;

/** What the clam says about its results; an empty promise is none. */
function promiseOf(schema: JsonObject | null): { readonly resultSchema?: JsonObject } {
  const isPromise = schema !== null && Object.keys(schema).length > 0 && depthOf(schema) <= DEEPEST;
  return isPromise ? { resultSchema: schema } : {};
}

function depthOf(value: Json): number {
  if (value === null || typeof value !== "object") return 0;
  return 1 + Object.values(value).reduce<number>((most, one) => Math.max(most, depthOf(one)), 0);
}

/** One line, cut between characters. */
function shorten(text: string, length: number): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= length ? line : `${line.slice(0, length - 1).toWellFormed()}…`;
}

/** Half characters cannot be written down; they become U+FFFD everywhere. */
function wellFormed<T>(value: T): T {
  const whole = (one: Json): Json => {
    if (typeof one === "string") return one.toWellFormed();
    if (Array.isArray(one)) return one.map(whole);
    if (one === null || typeof one !== "object") return one;
    return Object.fromEntries(
      Object.entries(one).map(([key, inner]) => [key.toWellFormed(), whole(inner)]),
    );
  };
  return whole(value as Json) as T;
}
