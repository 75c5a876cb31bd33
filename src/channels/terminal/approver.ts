import type { ApprovalReply, ApprovalRequest, Approver } from "../../approvals/approver.ts";
import { awake } from "../../platform/awake.ts";
import type { Terminal } from "../../platform/platform.ts";
import { escapeLine } from "../../text/escape.ts";
import { formatRequest } from "./request_text.ts";

/**
 * Asks the person at the terminal, with arrow keys. Enter alone rejects, and what was typed before
 * the question stood there answers nothing. Without a terminal nobody can be asked.
 * `around` lets the caller put its own prompt and progress line out of the way meanwhile.
 */
export function createTerminalApprover(
  terminal: Terminal,
  around: <T>(question: () => Promise<T>) => Promise<T> = (question) => question(),
): Approver {
  return {
    ask: (request, signal) =>
      terminal.interactive
        ? around(() => ask(request, terminal, signal))
        : Promise.resolve({ kind: "unavailable" }),
  };
}

async function ask(
  request: ApprovalRequest,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ApprovalReply> {
  const { isCancel, select } = await import("@clack/prompts");
  if (await terminal.discardTyped()) return { kind: "reject" };
  terminal.out(`\n${formatRequest(request)}\n`);
  const answers = answersTo(request);
  const options = answers.map(({ label }, index) => ({ value: index, label: escapeLine(label) }));
  const initialValue = answers.length - 1;
  const chosen = await awake(() => select({ message: "Allow it?", options, initialValue, signal }));
  return isCancel(chosen) ? { kind: "reject" } : answers[chosen]?.reply ?? { kind: "reject" };
}

function answersTo(request: ApprovalRequest): { reply: ApprovalReply; label: string }[] {
  return [
    { reply: { kind: "once" }, label: "Allow once" },
    ...request.offers.map(({ scope, label }) => ({
      reply: { kind: "turn" as const, scope },
      label: `Allow for this request: ${label}`,
    })),
    ...request.offers.map(({ scope, label }) => ({
      reply: { kind: "always" as const, scope },
      label: `Allow always: ${label}`,
    })),
    { reply: { kind: "reject" }, label: "Reject" },
  ];
}
