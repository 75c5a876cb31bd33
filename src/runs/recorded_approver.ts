import type { ApprovalReply, ApprovalRequest, Approver } from "../approvals/approver.ts";
import type { Clean } from "../domain/redacted.ts";
import type { Clock } from "../platform/platform.ts";
import type { AnsweredBy, QuestionEnd, QuestionMatter } from "./line.ts";
import type { Run } from "./run.ts";

/** How the questions of a run are asked. */
export interface AskingPorts {
  readonly run: Run;
  /** Who is there now. */
  readonly approver: Approver;
  /** Who it is, for the record. */
  readonly by: AnsweredBy;
  /** A question that nobody answers now stays open, and the run goes on when it is answered. */
  readonly canWait: boolean;
  readonly clock: Clock;
}

/**
 * Asks so that question and answer are on record before they count. An answer that was given while
 * the run waited is not asked for again.
 */
export function createRecordedApprover(ports: AskingPorts): Approver {
  const { run, approver, by, canWait, clock } = ports;
  return {
    async ask(request, signal) {
      // what came up while a call was under way cannot wait: the call would be in doubt
      if (request.isFurther) return await approver.ask(request, signal);
      const known = run.findQuestion("call", request.call.id, request.fingerprint);
      if (known?.answer) return replyOf(known.answer.reply, known.matter, request);
      if (known && known.expiresAt <= clock.now()) {
        await run.answer(known.question, { kind: "expired" }, CLOCK);
        return { kind: "unavailable" };
      }
      const asked = known ?? await run.ask(questionOf(request));
      const reply = await approver.ask(request, signal);
      const { question, expiresAt } = asked;
      if (reply.kind === "unavailable" && canWait) return { kind: "waits", question, expiresAt };
      // who wants to be asked one by one has not answered yet
      if (reply.kind !== "waits" && reply.kind !== "singly") {
        await run.answer(question, reply, by);
      }
      return reply;
    },
  };
}

const CLOCK: AnsweredBy = { channel: "clock" };

function questionOf(request: Clean<ApprovalRequest>) {
  const { call, fingerprint } = request;
  return { call: call.id, fingerprint, matter: { kind: "call" as const, request } };
}

function replyOf(
  reply: QuestionEnd,
  matter: QuestionMatter,
  { similar = [] }: ApprovalRequest,
): ApprovalReply {
  // the yes to a list is one to the calls that were shown in it
  if (reply.kind === "all" && matter.kind === "call") {
    const shown = new Set(matter.request.similar?.map(({ fingerprint }) => fingerprint));
    const isShown = similar.length > 0 &&
      similar.every(({ fingerprint }) => shown.has(fingerprint));
    return isShown ? reply : { kind: "once" };
  }
  return reply.kind === "expired" || reply.kind === "given" ? { kind: "unavailable" } : reply;
}
