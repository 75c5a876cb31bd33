import type { ContractName } from "../providers/provider.ts";
import type { Json, JsonObject } from "../domain/json.ts";

/**
 * What an answer means whose form is another than that asked for: the object in a list, in a member
 * of its own or in a tool call, a script in lines or in a fence, inputs as JSON text, decisions in
 * other letters and words. What cannot be told is left as it is, for the reader to refuse.
 */
export function forgive(name: ContractName, answer: Json): Json {
  const object = unwrap(name, answer);
  if (object === undefined) return answer;
  switch (name) {
    case "clam":
      return forgiveClam(object);
    case "selection":
      return withDecision(object, SELECTIONS);
    case "verdict":
      return withDecision(object, VERDICTS);
    default:
      return object;
  }
}

/** A member that the object of a contract always has. */
const TELLING: Readonly<Partial<Record<ContractName, string>>> = {
  clam: "script",
  selection: "decision",
  verdict: "decision",
  facts: "add",
  summary: "summary",
};

/** Levels of wrapping that are looked through. */
const DEEPEST = 6;

/** The object that was meant, wherever it stands. */
function unwrap(name: ContractName, answer: Json, depth = 0): JsonObject | undefined {
  if (typeof answer === "string") {
    const parsed = parse(answer);
    return parsed === undefined || depth >= DEEPEST ? undefined : unwrap(name, parsed, depth + 1);
  }
  if (answer === null || typeof answer !== "object" || depth > DEEPEST) return undefined;
  if (Array.isArray(answer)) {
    return answer.length === 1 ? unwrap(name, answer[0] ?? null, depth + 1) : undefined;
  }
  const object = answer as JsonObject;
  const telling = TELLING[name];
  if (telling === undefined || Object.hasOwn(object, telling)) return object;
  for (
    const key of [name, "arguments", "parameters", "input", "function", "tool_calls", "answer"]
  ) {
    const inner = Object.hasOwn(object, key) ? object[key] : undefined;
    const found = inner === undefined ? undefined : unwrap(name, inner, depth + 1);
    if (found && Object.hasOwn(found, telling)) return found;
  }
  return object;
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function forgiveClam(clam: JsonObject): JsonObject {
  const { script, ...rest } = clam;
  const texts = Object.fromEntries(
    ["inputs", "input_schema", "result_schema"].flatMap((key) => {
      const value = clam[key];
      const parsed = typeof value === "string" ? parse(value) : undefined;
      return parsed !== null && typeof parsed === "object" ? [[key, parsed]] : [];
    }),
  );
  const known = script === undefined ? {} : { script: forgiveScript(script) };
  return { ...rest, ...known, ...texts };
}

/** A script without what modules and Markdown put around one; its lines keep their numbers. */
function forgiveScript(script: Json): Json {
  const text = Array.isArray(script) && script.every((line) => typeof line === "string")
    ? script.join("\n")
    : script;
  if (typeof text !== "string") return text;
  const [, fenced] = /^\s*```[\w-]*[ \t]*\n([^]*?)\n?\s*```\s*$/.exec(text) ?? [];
  return (fenced ?? text)
    .replace(/^(\s*)export\s+default\s+(?=async\s|function\b)/m, "$1")
    .replace(/^(\s*)export\s+(?=async\s|function\b|const\b|let\b)/gm, "$1")
    .replace(
      /^[ \t]*(?:module\.)?exports(?:\.\w+)?\s*=\s*(?:\{[\w\s,:]*\}|\w+)[ \t]*;?[ \t]*$/gm,
      "",
    )
    .replace(/^[ \t]*export\s*(?:default\s+\w+|\{[\w\s,]*\})[ \t]*;?[ \t]*$/gm, "");
}

const SELECTIONS: Readonly<Record<string, string>> = {
  generate: "generate_new",
  generatenew: "generate_new",
  new: "generate_new",
  write: "generate_new",
  selectexisting: "select_existing",
  select: "select_existing",
  existing: "select_existing",
  reuse: "select_existing",
  chat: "chat",
  answer: "chat",
};

const VERDICTS: Readonly<Record<string, string>> = {
  accept: "accept",
  accepted: "accept",
  ok: "accept",
  fix: "fix",
  selffix: "fix",
  fixed: "fix",
  reject: "reject",
  rejected: "reject",
  needfulloutput: "need_full_output",
  fulloutput: "need_full_output",
};

function withDecision(object: JsonObject, known: Readonly<Record<string, string>>): JsonObject {
  const { decision } = object;
  if (typeof decision !== "string") return object;
  const meant = known[decision.toLowerCase().replace(/[^a-z]/g, "")];
  return meant === undefined ? object : { ...object, decision: meant };
}
