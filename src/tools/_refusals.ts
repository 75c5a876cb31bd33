import { CodedError, type Failure } from "../domain/failure.ts";

// The sentences of the road: why a call was not done, and what to do about it.

/** A tool's own failures pass as they are; anything else is told without its inner text. */
export function failureOf(error: unknown, tool: string): Failure {
  if (error instanceof CodedError) return error.failure;
  if (error instanceof DOMException && error.name === "AbortError") {
    return { code: "cancelled", message: `The call of ${tool} was cancelled.` };
  }
  const kind = error instanceof Error ? error.name : typeof error;
  return { code: "tool_failed", message: `The tool ${tool} failed unexpectedly (${kind}).` };
}

/** The sentence of an error of the house itself. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
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

/** `grants` would allow the call, narrowest first. */
export function nobodyAsked(
  tool: string,
  [grant = `${tool}:*`, ...wider]: readonly string[],
): Failure {
  const more = wider.length === 0 ? "" : ` Wider ones: ${wider.join(", ")}.`;
  return {
    code: "approval_needed",
    message: `The call of ${tool} needs your approval and nobody could be asked; ` +
      `the grant "${grant}" would allow it.`,
    hint: `Run it in a terminal, or allow it with --grant '${grant}' ` +
      `or in agents.approvals.alwaysGrants of config.json.${more}`,
  };
}

export function tooSlow(tool: string): Failure {
  return { code: "tool_timeout", message: `The call of ${tool} took too long and was stopped.` };
}
