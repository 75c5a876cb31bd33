import type { ApprovalReply, ApprovalRequest, Approver } from "../../approvals/approver.ts";
import type { Terminal } from "../../platform/platform.ts";
import { escapeExactly } from "../../text/escape.ts";
import { chooseOne } from "./questions.ts";
import { formatRequest, titleOf } from "./request_text.ts";

const DAY_MS = 86_400_000;

/** Lines of a question that are shown at first; the person may ask for the rest. */
const FIRST_LINES = 60;

/**
 * Asks the person at the terminal, with arrow keys. Enter alone rejects, and what was typed before
 * the question stood there answers nothing. Without a terminal nobody can be asked.
 */
export function createTerminalApprover(terminal: Terminal): Approver {
  return {
    ask: (request, signal) =>
      terminal.interactive
        ? ask(request, terminal, signal)
        : Promise.resolve({ kind: "unavailable" }),
  };
}

async function ask(
  request: ApprovalRequest,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ApprovalReply> {
  if (signal.aborted) return { kind: "reject" };
  const lines = formatRequest(request, terminal.columns());
  const hidden = lines.length - FIRST_LINES;
  if (hidden <= 0) return await choose(lines, request, signal) ?? { kind: "reject" };
  const first = [...lines.slice(0, FIRST_LINES), `… ${hidden} more lines`];
  return await choose(first, request, signal, `Show the other ${hidden} lines`) ??
    await choose(lines, request, signal) ?? { kind: "reject" };
}

/** Asks once; `undefined` when the person wants to see `more` first. */
async function choose(
  lines: readonly string[],
  request: ApprovalRequest,
  signal: AbortSignal,
  more?: string,
): Promise<ApprovalReply | undefined> {
  const answers = answersTo(request, more);
  const options = answers.map(({ label }, index) => ({
    value: index,
    label: escapeExactly(label),
  }));
  const chosen = await chooseOne(`Allow it? ${shortTitle(request)}`, options, {
    above: `\n${lines.join("\n")}\n`,
    initial: answers.length - 1,
    signal,
  });
  return chosen === undefined ? { kind: "reject" } : answers[chosen]?.reply;
}

function shortTitle(request: ApprovalRequest): string {
  const { similar = [], call } = request;
  return similar.length === 0
    ? titleOf(request)
    : `${similar.length + 1} calls of ${escapeExactly(call.tool)}`;
}

interface Answer {
  readonly reply: ApprovalReply | undefined;
  readonly label: string;
}

function answersTo(request: ApprovalRequest, more: string | undefined): Answer[] {
  return [
    ...firstAnswers(request),
    ...request.offers.map(({ scope, label }) => ({
      reply: { kind: "turn" as const, scope },
      label: `Allow for this request: ${label}`,
    })),
    ...(request.standing ? request.offers : []).map(({ scope, label }) => ({
      reply: { kind: "always" as const, scope, forMs: 7 * DAY_MS },
      label: `Allow for 7 days: ${label}`,
    })),
    ...(request.standing ? request.offers : []).map(({ scope, label }) => ({
      reply: { kind: "always" as const, scope },
      label: `Allow always: ${label}`,
    })),
    ...(request.lease === undefined
      ? []
      : [{ reply: { kind: "lease" as const }, label: "Allow this program as a whole" }]),
    ...(more === undefined ? [] : [{ reply: undefined, label: more }]),
    { reply: { kind: "reject" }, label: "Reject" },
  ];
}

function firstAnswers({ similar = [] }: ApprovalRequest): Answer[] {
  if (similar.length === 0) return [{ reply: { kind: "once" }, label: "Allow once" }];
  return [
    { reply: { kind: "all" }, label: `Allow all ${similar.length + 1}, each once` },
    { reply: { kind: "singly" }, label: "Ask one by one" },
  ];
}
