import { type Denied, MOST_QUESTIONS } from "../approvals/gate.ts";
import { CodedError, type Failure } from "../domain/failure.ts";
import { findFullDisk } from "../platform/full_disk.ts";
import type { Stop } from "./_trail.ts";

// The sentences of the road: why a call was not done, and what to do about it.

/** A tool's own failures pass as they are; anything else is told without its inner text. */
export function failureOf(error: unknown, tool: string): Failure {
  if (error instanceof CodedError) return error.failure;
  if (error instanceof DOMException && error.name === "AbortError") {
    return cancelled(tool);
  }
  const full = findFullDisk(error, "ClamBot's home or the workspace");
  if (full) return full;
  const kind = error instanceof Error ? error.name : typeof error;
  return { code: "tool_failed", message: `The tool ${tool} failed unexpectedly (${kind}).` };
}

/** A call whose run ended. */
export function cancelled(tool: string): Failure {
  return { code: "cancelled", message: `The call of ${tool} was cancelled.` };
}

/** The sentence of an error of the house itself. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A call that was begun once and of which nobody knows whether it happened. */
export function inDoubt(tool: string, waits: Denied["waits"]): Failure {
  const hint = "Look whether it happened; then ";
  return {
    code: "call_in_doubt",
    message: `Whether an earlier call of ${tool} was done is not known, so it is not repeated.`,
    hint: waits
      ? `${hint}say so: clambot approvals answer ${waits.question} --once does it again, ` +
        "--reject ends the run."
      : `${hint}ask again, if it is still wanted.`,
  };
}

/** The program did not make the calls that it made before. */
export function diverged(tool: string): Failure {
  return {
    code: "run_diverged",
    message: `The program came to another call of ${tool} than the one on record, so the run ` +
      "ended there and nothing more was done.",
    hint: "Ask again, if it is still wanted.",
  };
}

export function unknownTool(tool: string, available: readonly string[]): Failure {
  return {
    code: "unknown_tool",
    message: `There is no tool "${tool}" here.`,
    hint: `Available tools: ${available.join(", ")}.`,
  };
}

export function undeclaredTool(tool: string): Failure {
  return {
    code: "undeclared_tool",
    message: `The program calls the tool "${tool}" without declaring it.`,
    hint: `Declare it: clambot run FILE.js --tools ${tool}, or declared_tools of the clam.`,
  };
}

export function outsideCapabilities(tool: string, violation: string): Failure {
  return {
    code: "capability_violation",
    message: `The call of ${tool} is outside what this clam may do: ${violation}.`,
  };
}

export function rejected(tool: string): Failure {
  return {
    code: "approval_denied",
    message: `You rejected the call of ${tool}, so the run ended there.`,
  };
}

/** The grants would allow the call, narrowest first. */
export function nobodyAsked(tool: string, denied: Denied): Failure {
  const { grants, tired, unleased, waits } = denied;
  if (unleased !== undefined) return outsideLease(tool, unleased, waits);
  const [grant = `${tool}:*`, ...wider] = grants;
  const why = tired
    ? `was not asked for, since this request asked ${MOST_QUESTIONS} times already`
    : "needs your approval and nobody could be asked";
  const more = wider.length === 0 ? "" : ` Wider ones: ${wider.join(", ")}.`;
  return {
    code: "approval_needed",
    message: `The call of ${tool} ${why}; the grant "${grant}" would allow it.`,
    hint:
      `${waits ? answering(waits) : ""}${
        tired ? "Allow more at once" : "Run it in a terminal"
      }, or give the grant with ` +
      `--grant or in agents.approvals.alwaysGrants of config.json.${more}`,
  };
}

/** Nobody attends the turn, so only what the person allowed as a whole may happen. */
function outsideLease(tool: string, why: string, waits: Denied["waits"]): Failure {
  return {
    code: "approval_needed",
    message: `The call of ${tool} needs your approval and nobody could be asked: ${why}.`,
    hint:
      `${waits ? answering(waits) : ""}Run it in a terminal, or allow its program as a whole: ` +
      "clambot approvals lease CLAM",
  };
}

function answering({ question }: NonNullable<Denied["waits"]>): string {
  return `Answer it: clambot approvals answer ${question} --once; or else: `;
}

/** A call that was under way and may not go on to a further place. */
export function stoppedOnTheWay(tool: string, place: string, stop: Stop): Failure {
  const where = `${tool} was led on to "${place}"`;
  const done = "what came before that was sent";
  if (stop.kind === "outside") {
    return {
      code: "capability_violation",
      message: `${where}, which is outside what this clam may do: ${stop.violation}; ${done}.`,
    };
  }
  if (stop.decision === "denied") {
    return { code: "approval_denied", message: `${where}, and you said no; ${done}.` };
  }
  const { message, hint = "" } = nobodyAsked(tool, stop);
  return { code: "approval_needed", message: `${where}; ${done}. ${message}`, hint };
}

export function tooSlow(tool: string): Failure {
  return { code: "tool_timeout", message: `The call of ${tool} took too long and was stopped.` };
}
