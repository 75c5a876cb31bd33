import { fingerprint } from "../approvals/fingerprint.ts";
import type { Json } from "../domain/json.ts";
import type { RunOutcome } from "../domain/turn.ts";
import type { Redactor } from "../domain/redacted.ts";
import type { RecordedAttempt } from "../runs/runs.ts";
import type { HostCall, Limits, RefusedCall, Sandbox, ToolReply } from "../sandbox/sandbox.ts";
import { canonicalJson } from "../text/canonical_json.ts";
import { tighten } from "./runtime.ts";

/** Where a program that was run again went another way. */
export interface Difference {
  /** Number of the program, from 1. */
  readonly attempt: number;
  /** `call 3`, `the result`, `the output`, … */
  readonly what: string;
  readonly recorded: string;
  readonly now: string;
}

/** What a program needs to be run again. */
export interface ReplayPorts {
  readonly sandbox: Sandbox;
  readonly limits: Limits;
  readonly redactor: Redactor;
}

/**
 * Runs the programs of a run again with what they were told, without network, model or any effect.
 * @returns the first difference, if there is one
 */
export async function replayRun(
  attempts: readonly RecordedAttempt[],
  ports: ReplayPorts,
  signal: AbortSignal,
): Promise<Difference | undefined> {
  for (const [index, attempt] of attempts.entries()) {
    const found = await replayAttempt(attempt, ports, signal);
    if (found) return { attempt: index + 1, ...found };
  }
  return undefined;
}

async function replayAttempt(
  { program, attempt, told, outcome }: RecordedAttempt,
  { sandbox, limits, redactor }: ReplayPorts,
  signal: AbortSignal,
): Promise<Omit<Difference, "attempt"> | undefined> {
  let difference: Omit<Difference, "attempt"> | undefined;
  const { source, inputs, declaredTools: tools } = program;
  const host = async (call: HostCall): Promise<ToolReply> => {
    const print = await fingerprint(call.tool, call.args);
    const line = told.find((one) => one.call === call.id);
    // the record ends here: what came of this call was never told
    if (!line) return { kind: "end", failure: END_OF_RECORD };
    if (line.print === print) {
      const found = await attempt.find({ call: call.id, print });
      if (found.kind === "told") return { ...found.result, now: found.line.now };
    }
    const recorded = `${line.record.tool} ${JSON.stringify(line.record.args)}`;
    const now = `${call.tool} ${JSON.stringify(redactor.clean(call.args))}`;
    difference ??= { what: `call ${call.id}`, recorded, now };
    return { kind: "end", failure: END_OF_RECORD };
  };
  const refused = async ({ id, tool }: RefusedCall): Promise<number> => {
    const found = await attempt.find({ call: id, print: await fingerprint(tool, {}) });
    return found.kind === "told" ? found.line.now : attempt.start.now;
  };
  const order = { source, args: inputs, tools, ...attempt.start };
  const hosted = Object.assign(host, { refused });
  const again = await sandbox.run(order, tighten(limits, program.limits), hosted, signal);
  signal.throwIfAborted();
  if (difference || !outcome || outcome.kind === "ended" || outcome.kind === "cancelled") {
    return difference;
  }
  if (!attempt.isCaughtUp) {
    return { what: "the calls", recorded: `${told.length} calls`, now: "fewer calls" };
  }
  return compare(outcome, redactor.clean(again));
}

const END_OF_RECORD = {
  code: "cancelled" as const,
  message: "The record ends here.",
};

function compare(recorded: RunOutcome, now: RunOutcome) {
  const parts: readonly (readonly [string, (outcome: RunOutcome) => string])[] = [
    ["the end", ({ kind }) => kind],
    ["the result", (outcome) => outcome.kind === "completed" ? textOf(outcome.value) : ""],
    ["the failure", (one) => one.kind === "failed" ? one.failure.message : ""],
    ["the output", ({ console }) => console.join("\n")],
  ];
  for (const [what, read] of parts) {
    const [before, after] = [read(recorded), read(now)];
    if (before !== after) return { what, recorded: before, now: after };
  }
  return undefined;
}

function textOf(value: Json | undefined): string {
  return value === undefined ? "nothing" : canonicalJson(value);
}
