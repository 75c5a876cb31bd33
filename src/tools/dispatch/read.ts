import { fingerprint } from "../../approvals/fingerprint.ts";
import type { ToolCall } from "../../domain/tool_call.ts";
import { MissingSecret } from "../../secrets/secret_wish.ts";
import type { DispatchPorts } from "../road.ts";
import { askLater, closeQuestion } from "./secret_question.ts";
import { cancelled, failureOf, undeclaredTool, unknownTool } from "../_refusals.ts";
import type { Prepared, Tool } from "../tool.ts";
import { type CallOutcome, end, refuse, type ReplyPorts } from "./call_outcome.ts";
import type { RunState } from "./run_state.ts";

/** A call that has been read and understood. Nothing was done. */
export interface ReadCall {
  readonly kind: "read";
  /** As the program made it. */
  readonly said: ToolCall;
  /** With the very arguments that will run. */
  readonly call: ToolCall;
  readonly tool: Tool;
  readonly prepared: Prepared;
  /** Of `call`; computed once, for journal, gate and log. */
  readonly fingerprint: string;
  /** The same of what the program said. */
  readonly print: string;
  /** It was begun before, and nobody knows whether it was done. */
  readonly inDoubt: boolean;
}

/** A call with what the record says of its place. */
export type Placed = Pick<ReadCall, "said" | "print" | "inDoubt">;

/** First step: which tool, with which arguments? */
export async function read(
  { said, print, inDoubt }: Placed,
  run: RunState,
  tools: ReadonlyMap<string, Tool>,
  ports: ReplyPorts & Pick<DispatchPorts, "canWait">,
  signal: AbortSignal,
): Promise<ReadCall | { readonly kind: "over"; readonly outcome: CallOutcome }> {
  const over = (outcome: CallOutcome) => ({ kind: "over" as const, outcome });
  if (signal.aborted) return over(end(said, "refused", cancelled(said.tool)));
  if (!run.declaredTools.includes(said.tool)) {
    return over(refuse(said, undeclaredTool(said.tool), ports));
  }
  const tool = tools.get(said.tool);
  if (!tool) return over(refuse(said, unknownTool(said.tool, [...tools.keys()]), ports));
  try {
    const prepared = await tool.prepare(said.args, run.context, signal);
    await closeQuestion({ said, print }, run.run);
    const call = { ...said, args: prepared.args };
    return {
      kind: "read",
      said,
      call,
      tool,
      prepared,
      fingerprint: await fingerprint(call.tool, call.args),
      print,
      inDoubt,
    };
  } catch (error) {
    if (error instanceof MissingSecret && ports.canWait) {
      await askLater(error.wish, { said, print }, run.run);
      return over({ ...refuse(said, error.failure, ports), waits: true });
    }
    return over(refuse(said, failureOf(error, said.tool), ports));
  }
}
