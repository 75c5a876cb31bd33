import type { Failure, FailureCode } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import { isCommonWord } from "../text/common_words.ts";
import { wordsOf } from "../text/words.ts";
import type { CallRecord } from "../domain/tool_call.ts";
import type { FixClass } from "./contracts.ts";
import type { Ran } from "./runtime.ts";
import { describeShape, standsIn } from "./shape.ts";

/** What is wrong with the script before: codes, lines and types only, never text of others. */
export interface Fault {
  readonly script: string;
  readonly code?: FailureCode;
  readonly line?: number;
  readonly fix?: FixClass;
  /** A sentence about the script itself, made by us. */
  readonly problem?: string;
  /** The tool whose call failed. */
  readonly tool?: string;
  /** Types of what the tools returned, and the status that a server answered with. */
  readonly shapes?: readonly {
    readonly tool: string;
    readonly shape: string;
    readonly status?: number;
  }[];
  /** Words of the person that the error of the program is about. */
  readonly sought?: readonly string[];
  /** What its writer declared beside the script. */
  readonly declared?: JsonObject;
  /** Why the last answer to this fault could not be read. */
  readonly unread?: string;
}

/** Results whose types are told. */
const MOST_SHAPES = 8;

/** The fault of a program that ran to no good end. A `problem`, and `own`, the declarations, are ours. */
export function faultOfRun(
  script: string,
  ran: Ran,
  about: { readonly failure?: Failure; readonly fix?: FixClass; readonly problem?: string },
  own: string,
  words: string,
): Fault {
  const { failure, fix } = about;
  const problem = about.problem ?? (failure && nameProblem(failure, script, own));
  const tool = failure && ran.calls.findLast(isFailedBy(failure))?.tool;
  const shapes = ran.results.slice(0, MOST_SHAPES).map(({ tool, value }) => ({
    tool,
    shape: describeShape(value, script, own),
    ...statusOf(value),
  }));
  const sought = failure?.code === "runtime_execution_error"
    ? soughtIn(failure.message, words)
    : [];
  return {
    script,
    ...(failure ? { code: failure.code } : {}),
    ...(failure?.line === undefined ? {} : { line: failure.line }),
    ...(fix === undefined ? {} : { fix }),
    ...(problem === undefined ? {} : { problem }),
    ...(tool === undefined ? {} : { tool }),
    ...(shapes.length === 0 ? {} : { shapes }),
    ...(sought.length === 0 ? {} : { sought }),
  };
}

/** The HTTP status of a result: a number, and nothing else of it. */
function statusOf(value: Json): { readonly status?: number } {
  const isObject = value !== null && typeof value === "object" && !Array.isArray(value);
  const status = isObject ? (value as JsonObject).status : undefined;
  return typeof status === "number" && Number.isInteger(status) && status >= 100 && status <= 599
    ? { status }
    : {};
}

const MOST_SOUGHT = 5;

/** Words of the person that stand in an error: those of others stay out of it. */
function soughtIn(message: string, words: string): string[] {
  const own = new Set(wordsOf(words).filter((word) => word.length > 2 && !isCommonWord(word)));
  return [...new Set(wordsOf(message))].filter((word) => own.has(word)).slice(0, MOST_SOUGHT);
}

function isFailedBy({ code }: Failure): (call: CallRecord) => boolean {
  return ({ outcome }) => outcome === code;
}

/** Whole messages of the engine, with the one name in them that may be told. */
const SAYINGS = [
  /^TypeError: run is no function; define async function run\(args\) \{ … \}$/,
  /^ReferenceError: '?([\w$]+)'? is not defined$/,
  /^TypeError: cannot read property '([\w$]+)' of (?:undefined|null)$/,
  /^TypeError: cannot set property '([\w$]+)' of (?:undefined|null)$/,
  /^TypeError: (?:([\w$]+) is )?not a function$/,
  /^TypeError: (?:([\w$]+) is )?not iterable$/,
  /^TypeError: '([\w$]+)' is read-only$/,
];

/** Failures whose sentences are ours and hold nothing else. */
const WHOLE: readonly FailureCode[] = [
  "runtime_timeout",
  "runtime_memory",
  "runtime_stack",
  "too_many_calls",
  "output_too_large",
  "result_too_large",
];

/** What kind of error it was, and what it was about where that stands in the script itself. */
function nameProblem({ code, message }: Failure, script: string, own: string): string | undefined {
  if (code === "tool_arguments_invalid") return nameArgument(message, script, own);
  if (WHOLE.includes(code)) return message;
  if (code === "undeclared_tool") return nameTool(message, script);
  if (code !== "runtime_execution_error") return undefined;
  for (const saying of SAYINGS) {
    const found = saying.exec(message);
    if (found && (found[1] === undefined || standsIn(script, found[1]))) return message;
  }
  return /^(?:Type|Reference|Range|Syntax|URI)Error(?=: |$)/.exec(message)?.[0];
}

function nameTool(message: string, script: string): string | undefined {
  const [, tool] = /the tool "(\w+)"/.exec(message) ?? [];
  return tool !== undefined && standsIn(script, tool)
    ? `the tool "${tool}" is not in declared_tools`
    : undefined;
}

function nameArgument(message: string, script: string, own: string): string | undefined {
  const [, place, missing] = /argument "([\w$.]+)"( is missing)?/.exec(message) ?? [];
  const isKnown = place?.split(".")
    .every((name) => /^\d+$/.test(name) || standsIn(script, name) || standsIn(own, name));
  if (!isKnown) return undefined;
  return `argument "${place}" is ${missing ? "missing" : "wrong"}`;
}

/** What a tool takes, as its declaration says without the notes. */
export function describeArguments(tool: string, own: string): string | undefined {
  const [, type] = new RegExp(`declare function ${tool}\\(args: (.*)\\): Promise<`).exec(own) ?? [];
  return type && `${tool} takes ${type.replace(/\/\*\*.*?\*\/ /g, "")}`;
}

/** Characters of a script that go back to its writer at most. */
const SCRIPT_SHOWN = 6_000;

/** Characters of what was declared that go back at most. */
const DECLARED_SHOWN = 2_000;

/** Which try at mending a fault comes now. */
export interface Try {
  /** From 1. */
  readonly number: number;
  readonly of: number;
}

/** The fault in words, for the model that writes the program again; `own`: the declarations. */
export function describeFault(fault: Fault, own: string, { number, of }: Try): string {
  const lines = [
    "The program below did not do it. Write it again, whole, as one JSON object.",
    `This is try ${number} of ${of} to mend it.`,
  ];
  if (fault.unread !== undefined) lines.push(`Your last answer could not be used: ${fault.unread}`);
  if (fault.code !== undefined) lines.push(`Error code: ${fault.code}`);
  if (fault.line !== undefined) lines.push(`Line: ${fault.line}`);
  if (fault.tool !== undefined) lines.push(`Tool: ${fault.tool}`);
  if (fault.fix !== undefined) lines.push(`Fault: ${fault.fix}`);
  if (fault.problem !== undefined) lines.push(`Problem: ${fault.problem}`);
  if (fault.sought) lines.push(`The error is about: ${fault.sought.join(", ")}`);
  const takes = fault.code === "tool_arguments_invalid" && fault.tool !== undefined
    ? describeArguments(fault.tool, own)
    : undefined;
  if (takes !== undefined) lines.push(`Arguments: ${takes}`);
  for (const { tool, shape, status } of fault.shapes ?? []) {
    lines.push(`Result of ${tool}: ${status === undefined ? "" : `status ${status}, `}${shape}`);
  }
  const declared = fault.declared
    ? `\n\nDeclared with it: ${
      JSON.stringify(fault.declared).slice(0, DECLARED_SHOWN).toWellFormed()
    }`
    : "";
  const script = fault.script.slice(0, SCRIPT_SHOWN).toWellFormed();
  return `${lines.join("\n")}\n\n\`\`\`\n${script}\n\`\`\`${declared}`;
}
