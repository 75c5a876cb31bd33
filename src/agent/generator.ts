import { readInputs } from "../clams/inputs.ts";
import type { Candidate } from "../clams/match.ts";
import type { Capability, Draft } from "../domain/clam.ts";
import type { FailureCode } from "../domain/failure.ts";
import type { JsonObject } from "../domain/json.ts";
import type { Turn } from "../domain/turn.ts";
import { askFor } from "./ask.ts";
import { CLAM, type WrittenClam } from "./contracts.ts";
import { draftFrom, droppedTemplates } from "./draft.ts";
import { findBinding } from "./binding.ts";
import { deriveRules } from "./derive_rules.ts";
import { describeFault, type Fault, type Try } from "./fault.ts";
import { historyForCode } from "./history.ts";
import { noModel } from "./no_model.ts";
import type { AgentPorts, Knowledge } from "./ports.ts";
import { formatSystem } from "./prompt_parts.ts";
import { CLAM_RULES } from "./prompts/clam.ts";
import { findScriptProblem } from "./syntax.ts";

/** Kept clams that the writer is told of, for it can use them by the tool `clam`. */
const USABLE = 2;

/** A draft that may run, or what to write differently. */
export type Written =
  /** `inputs`: those of the draft, with its schema's defaults filled in, as a kept clam gets them. */
  | {
    readonly kind: "draft";
    readonly draft: Draft;
    readonly inputs: JsonObject;
    /** Templates that are not kept, with the reasons. */
    readonly dropped: JsonObject;
  }
  | { readonly kind: "fault"; readonly fault: Fault; readonly code: FailureCode }
  /** Nothing here can do it, the writer says. */
  | { readonly kind: "impossible"; readonly cannot: string };

/** What the generator works from. */
export interface Order {
  readonly knowledge: Knowledge;
  readonly candidates: readonly Candidate[];
  readonly fault?: Fault;
  /** Which try at mending it this is. */
  readonly tries?: Try;
}

/** Lets the model write a clam, or write it again for a fault, and looks at it before it runs. */
export async function generate(
  turn: Turn,
  order: Order,
  ports: AgentPorts,
  signal: AbortSignal,
): Promise<Written> {
  if (!ports.models) throw noModel();
  ports.tell({ kind: "phase", phase: order.fault ? "mending the program" : "writing a program" });
  const system = formatSystem({
    rules: CLAM_RULES,
    tools: ports.declarations,
    docs: order.knowledge.docs,
    memory: order.knowledge.memory.code,
    candidates: order.candidates.slice(0, USABLE),
    missing: ports.missing,
    situation: ports.situation(),
  });
  const asked = await askFor(
    CLAM,
    {
      messages: [
        { role: "system", text: system },
        ...historyForCode(order.knowledge.history),
        { role: "user", text: turn.message.text },
        ...(order.fault
          ? [{
            role: "user" as const,
            text: describeFault(
              order.fault,
              ports.declarations,
              order.tries ?? { number: 1, of: 1 },
            ),
          }]
          : []),
      ],
      maxTokens: ports.settings.maxTokens,
      temperature: ports.settings.temperature,
      repairs: 0,
    },
    ports.models.main,
    signal,
  );
  if (asked.kind === "read") return await examine(asked.value, turn, order, ports);
  const problem = `the answer was no clam: ${asked.problem}; answer with the JSON object alone`;
  // what was wrong before stays in sight
  const fault = order.fault ? { ...order.fault, unread: problem } : { script: asked.text, problem };
  return { kind: "fault", code: "generation_failed", fault };
}

/** What a writer declared beside the script, as the contract names it. */
export function declaredBy(
  { declared_tools, inputs, input_schema, result_schema, templates }: Pick<
    WrittenClam,
    "declared_tools" | "inputs" | "input_schema" | "result_schema" | "templates"
  >,
): JsonObject {
  return { declared_tools, inputs, input_schema, result_schema, templates };
}

/** Refuses what cannot run, and keeps of the manifest what holds. */
async function examine(
  written: WrittenClam,
  turn: Turn,
  order: Order,
  ports: AgentPorts,
): Promise<Written> {
  const { script, cannot } = written;
  if (cannot !== null) return { kind: "impossible", cannot };
  const refuse = (code: FailureCode, problem: string, line?: number): Written => ({
    kind: "fault",
    code,
    fault: {
      script,
      code,
      problem,
      ...(line === undefined ? {} : { line }),
      declared: declaredBy(written),
    },
  });
  if (!/^(javascript|js)$/i.test(written.language.trim())) {
    return refuse("incompatible_language", "the language must be javascript");
  }
  if (script.trim() === "") return refuse("generation_failed", "the script is empty");
  const problem = findScriptProblem(script, ports.toolNames);
  if (problem) return refuse("script_syntax_error", problem.message, problem.line);
  const unknown = written.declared_tools.find((name) => !ports.toolNames.includes(name));
  if (unknown !== undefined) {
    return refuse(
      "unknown_tool",
      `there is no tool "${unknown}"; there are ${ports.toolNames.join(", ")}`,
    );
  }
  const conversation = findBinding(written, turn, order.knowledge.history, ports.declarations);
  const { declared_tools: declaredTools } = written;
  const wanted = written.capabilities.map(({ method, constraints, max_calls }): Capability => ({
    method,
    constraints: constraints as Capability["constraints"],
    ...(max_calls == null ? {} : { max_calls }),
  }));
  const capabilities = deriveRules({ script, declaredTools, inputs: written.inputs, wanted });
  const draft = draftFrom(written, capabilities, turn.message.text, conversation);
  const inputs = await readInputs(draft.manifest, {});
  if (!inputs.ok) return refuse("inputs_invalid", inputs.failure.message);
  const dropped = droppedTemplates(written, turn.message.text);
  return { kind: "draft", draft, inputs: inputs.inputs, dropped };
}
