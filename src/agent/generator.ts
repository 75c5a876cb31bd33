import { readInputs } from "../clams/inputs.ts";
import { keepTemplate } from "../clams/template.ts";
import type { Clam, Draft } from "../domain/clam.ts";
import type { FailureCode } from "../domain/failure.ts";
import type { JsonObject } from "../domain/json.ts";
import type { Turn } from "../domain/turn.ts";
import { askFor } from "./ask.ts";
import { CLAM, type FixClass, type WrittenClam } from "./contracts.ts";
import { historyForCode } from "./history.ts";
import { noModel } from "./no_model.ts";
import type { AgentPorts, Knowledge } from "./ports.ts";
import { formatSystem } from "./prompt_parts.ts";
import { CLAM_RULES } from "./prompts/clam.ts";
import { findScriptProblem } from "./syntax.ts";

/** What is wrong with the script before: codes, lines and types only, never text of others. */
export interface Fault {
  readonly script: string;
  readonly code?: FailureCode;
  readonly line?: number;
  readonly fix?: FixClass;
  /** A sentence about the script itself, made by us. */
  readonly problem?: string;
  /** Types of what the tools returned. */
  readonly shapes?: readonly { readonly tool: string; readonly shape: string }[];
}

/** A draft that may run, or what to write differently. */
export type Written =
  | { readonly kind: "draft"; readonly draft: Draft; readonly resultSchema: JsonObject | null }
  | { readonly kind: "fault"; readonly fault: Fault; readonly code: FailureCode };

/** What the generator works from. */
export interface Order {
  readonly knowledge: Knowledge;
  readonly candidates: readonly Clam[];
  readonly fault?: Fault;
}

/** Lets the model write a clam, or write it again for a fault, and looks at it before it runs. */
export async function generate(
  turn: Turn,
  order: Order,
  ports: AgentPorts,
  signal: AbortSignal,
): Promise<Written> {
  if (!ports.models) throw noModel();
  ports.onProgress?.(order.fault ? "mending the program" : "writing a program");
  const system = formatSystem({
    rules: CLAM_RULES,
    tools: ports.declarations,
    docs: order.knowledge.docs,
    memory: order.knowledge.memory,
    candidates: order.candidates,
    situation: ports.situation(),
  });
  const asked = await askFor(
    CLAM,
    {
      messages: [
        { role: "system", text: system },
        ...historyForCode(order.knowledge.history),
        { role: "user", text: turn.message.text },
        ...(order.fault ? [{ role: "user" as const, text: describeFault(order.fault) }] : []),
      ],
      maxTokens: ports.settings.maxTokens,
      temperature: ports.settings.temperature,
      repairs: 0,
    },
    ports.models.main,
    signal,
  );
  if (asked.kind === "read") return await examine(asked.value, turn, ports);
  const problem = `the answer was no clam: ${asked.problem}; answer with the JSON object alone`;
  return { kind: "fault", code: "generation_failed", fault: { script: asked.text, problem } };
}

/** Refuses what cannot run, and keeps of the manifest what holds. */
async function examine(written: WrittenClam, turn: Turn, ports: AgentPorts): Promise<Written> {
  const { script } = written;
  const refuse = (code: FailureCode, problem: string, line?: number): Written => ({
    kind: "fault",
    code,
    fault: { script, problem, ...(line === undefined ? {} : { line }) },
  });
  if (!/^(javascript|js)$/i.test(written.language.trim())) {
    return refuse("incompatible_language", "the language must be javascript");
  }
  if (script.trim() === "") return refuse("generation_failed", "the script is empty");
  const problem = findScriptProblem(script);
  if (problem) return refuse("script_syntax_error", problem.message, problem.line);
  const unknown = written.declared_tools.find((name) => !ports.toolNames.includes(name));
  if (unknown !== undefined) {
    return refuse(
      "unknown_tool",
      `there is no tool "${unknown}"; there are ${ports.toolNames.join(", ")}`,
    );
  }
  const draft = draftFrom(written, turn);
  const inputs = await readInputs(draft.manifest, {});
  if (!inputs.ok) return refuse("inputs_invalid", inputs.failure.message);
  return { kind: "draft", draft, resultSchema: written.result_schema };
}

function draftFrom(written: WrittenClam, turn: Turn): Draft {
  const request = turn.message.text;
  const description = written.description.trim() || request.slice(0, 200);
  return {
    script: written.script,
    manifest: {
      name: written.name.trim() || description.slice(0, 60),
      description,
      language: "javascript",
      declaredTools: [...new Set(written.declared_tools)],
      inputs: written.inputs,
      inputSchema: written.input_schema,
      capabilities: written.capabilities.map(({ method, constraints, max_calls }) => ({
        method,
        constraints: constraints as Draft["manifest"]["capabilities"][number]["constraints"],
        ...(max_calls == null ? {} : { max_calls }),
      })),
      secrets: written.secrets,
      limits: {},
      requests: [request],
      templates: written.templates.filter((template) =>
        keepTemplate(template, request, written.inputs)
      ),
      reusable: written.reusable,
    },
  };
}

/** Bytes of a script that go back to its writer at most. */
const SCRIPT_SHOWN = 6_000;

function describeFault(fault: Fault): string {
  const lines = ["The program below did not do it. Write it again, whole, as one JSON object."];
  if (fault.code !== undefined) lines.push(`Error code: ${fault.code}`);
  if (fault.line !== undefined) lines.push(`Line: ${fault.line}`);
  if (fault.fix !== undefined) lines.push(`Fault: ${fault.fix}`);
  if (fault.problem !== undefined) lines.push(`Problem: ${fault.problem}`);
  for (const { tool, shape } of fault.shapes ?? []) lines.push(`Result of ${tool}: ${shape}`);
  return `${lines.join("\n")}\n\n\`\`\`\n${fault.script.slice(0, SCRIPT_SHOWN)}\n\`\`\``;
}
