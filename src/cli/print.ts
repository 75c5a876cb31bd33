import { tellDone } from "../agent/done.ts";
import type { Failure } from "../domain/failure.ts";
import type { Answer } from "../domain/turn.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { Clock } from "../platform/platform.ts";
import { escapeText } from "../text/escape.ts";
import type { ExitCode } from "./context.ts";

/** A failure for the person: the sentence, then the next step. */
export function formatFailure(failure: Failure): string {
  const { message, line } = failure;
  const lines = [`clambot: ${escapeText(message)}${line === undefined ? "" : ` (line ${line})`}`];
  if (failure.hint !== undefined) lines.push(`  ${escapeText(failure.hint)}`);
  return `${lines.join("\n")}\n`;
}

/** The one object that `--json` prints; its fields are a contract (docs/cli.md). */
export function answerJson(
  answer: Answer,
  clock: Pick<Clock, "now" | "zone">,
): JsonObject {
  const done = tellDone(answer.calls, { now: clock.now(), zone: clock.zone() });
  return {
    status: answer.status,
    reply: answer.reply,
    value: answer.value ?? null,
    clam: answer.clam ?? null,
    modelCalls: answer.modelCalls,
    ...(answer.usage ? { usage: { ...answer.usage } } : {}),
    ...(answer.turn === undefined ? {} : { turn: answer.turn }),
    ...(answer.failure ? { error: failureJson(answer.failure) } : {}),
    ...(answer.waits ? { waits: waitsJson(answer.waits) } : {}),
    calls: answer.calls as unknown as Json,
    ...(done ? { done: done as unknown as Json } : {}),
    ...(answer.notes ? { notes: [...answer.notes] } : {}),
    durationMs: answer.durationMs,
  };
}

function waitsJson({ run, question, expiresAt }: NonNullable<Answer["waits"]>): JsonObject {
  return { run, question, expiresAt: new Date(expiresAt).toISOString() };
}

/** A failure as programs get it. */
export function failureJson(failure: Failure): JsonObject {
  return {
    code: failure.code,
    message: failure.message,
    hint: failure.hint ?? null,
    ...(failure.line === undefined ? {} : { line: failure.line }),
  };
}

/** The exit code that belongs to an answer. */
export function exitCodeOf(answer: Answer): ExitCode {
  switch (answer.status) {
    case "completed":
    case "chat":
      return 0;
    case "failed":
      return 1;
    case "needs_person":
      return 3;
  }
}

/** Rows in columns, for lists. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => widths[index] = Math.max(widths[index] ?? 0, cell.length));
  }
  return rows.map((row) =>
    `${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join("  ").trimEnd()}\n`
  ).join("");
}
