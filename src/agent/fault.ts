import type { Failure, FailureCode } from "../domain/failure.ts";
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
  /** Types of what the tools returned. */
  readonly shapes?: readonly { readonly tool: string; readonly shape: string }[];
}

/** Results whose types are told. */
const MOST_SHAPES = 8;

/** The fault of a program that ran to no good end. A `problem`, and `own`, the declarations, are ours. */
export function faultOfRun(
  script: string,
  ran: Ran,
  about: { readonly failure?: Failure; readonly fix?: FixClass; readonly problem?: string },
  own: string,
): Fault {
  const { failure, fix } = about;
  const problem = about.problem ?? (failure && nameProblem(failure, script, own));
  const tool = failure && ran.calls.findLast(isFailedBy(failure))?.tool;
  const shapes = ran.results.slice(0, MOST_SHAPES).map(({ tool, value }) => ({
    tool,
    shape: describeShape(value, script),
  }));
  return {
    script,
    ...(failure ? { code: failure.code } : {}),
    ...(failure?.line === undefined ? {} : { line: failure.line }),
    ...(fix === undefined ? {} : { fix }),
    ...(problem === undefined ? {} : { problem }),
    ...(tool === undefined ? {} : { tool }),
    ...(shapes.length === 0 ? {} : { shapes }),
  };
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

/** What kind of error it was, and what it was about where that stands in the script itself. */
function nameProblem({ code, message }: Failure, script: string, own: string): string | undefined {
  if (code === "tool_arguments_invalid") return nameArgument(message, script, own);
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
  return isKnown ? `argument "${place}" is ${missing ? "missing" : "wrong"}` : undefined;
}

/** Characters of a script that go back to its writer at most. */
const SCRIPT_SHOWN = 6_000;

/** The fault in words, for the model that writes the program again. */
export function describeFault(fault: Fault): string {
  const lines = ["The program below did not do it. Write it again, whole, as one JSON object."];
  if (fault.code !== undefined) lines.push(`Error code: ${fault.code}`);
  if (fault.line !== undefined) lines.push(`Line: ${fault.line}`);
  if (fault.tool !== undefined) lines.push(`Tool: ${fault.tool}`);
  if (fault.fix !== undefined) lines.push(`Fault: ${fault.fix}`);
  if (fault.problem !== undefined) lines.push(`Problem: ${fault.problem}`);
  for (const { tool, shape } of fault.shapes ?? []) lines.push(`Result of ${tool}: ${shape}`);
  const script = fault.script.slice(0, SCRIPT_SHOWN).toWellFormed();
  return `${lines.join("\n")}\n\n\`\`\`\n${script}\n\`\`\``;
}
