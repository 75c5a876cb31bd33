import type { Audit } from "../audit/audit.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { Redactor } from "../domain/redacted.ts";
import type { RunRecord } from "./record.ts";

/** A clock that was set back must not hide a line. */
const MARGIN_MS = 86_400_000;

/**
 * Adds the lines that a kill kept from the audit log: what the record of a run has and the log has
 * not. They say that they were restored.
 * @throws {CodedError} `audit_failed`: then nothing is to be done in the run
 */
export async function restoreAudit(
  { run, at, opening: { turn, conversation }, attempts }: RunRecord,
  audit: Pick<Audit, "read" | "record">,
  redactor: Redactor,
): Promise<void> {
  const calls = attempts.flatMap(({ told, begun }, index) => {
    const attempt = index + 1;
    return [
      // whatever was told had its first line before it was done
      ...[...begun.values()].filter(({ effect }) => effect !== "none").map((
        { call, tool, args, decision, scope = null, fingerprint },
      ) => ({
        kind: "tool_call_begins",
        fields: { attempt, call, tool, args, decision, scope, fingerprint },
      })),
      ...told.map(({ call, record, fingerprint }) => {
        const { calls: _, ...account } = record;
        const print = fingerprint === undefined ? {} : { fingerprint };
        const fields = { attempt, call, ...account as unknown as JsonObject, ...print };
        return { kind: "tool_call", fields };
      }),
    ];
  });
  if (calls.length === 0) return;
  const lines = await audit.read({ since: at - MARGIN_MS });
  const known = new Set(
    lines.filter((line) => line.run === run).map(({ kind, attempt, call }) =>
      placeOf(kind, attempt, call)
    ),
  );
  for (const { kind, fields } of calls) {
    if (known.has(placeOf(kind, fields.attempt, fields.call))) continue;
    const line = { turn, conversation, run, ...fields, restored: true };
    await audit.record(kind, redactor.clean(line));
  }
}

function placeOf(kind: string, attempt: Json | undefined, call: Json | undefined): string {
  return `${kind} ${attempt} ${call}`;
}
