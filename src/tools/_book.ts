import type { Approved } from "../approvals/gate.ts";
import type { Audit } from "../audit/audit.ts";
import { CodedError, type Failure } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { CallRecord, ToolCall } from "../domain/tool_call.ts";
import type { Redactor } from "../domain/redacted.ts";
import type { CallContext } from "./tool.ts";

/** What one run writes into the audit log. */
export interface Book {
  /** Why a line could not be written; the first of them. */
  readonly failure: Failure | undefined;
  /**
   * Writes what is going to be done; it is on disk when this resolves.
   * @throws {CodedError} `audit_failed`: then it must not be done
   */
  begins(call: ToolCall, approved: Approved): Promise<void>;
  /** The same for a further place that an allowed call goes on to. */
  goesOn(call: ToolCall, to: string): Promise<void>;
  /** Writes how a call came out. Never rejects: what fails is in `failure`. */
  ends(call: number, record: CallRecord, fingerprint: string | undefined): void;
  /** Resolves when everything is written, or could not be. */
  settled(): Promise<void>;
}

/** Opens the book of a run. */
export function openBook(
  audit: Audit,
  { turnId: turn, conversation }: CallContext,
  redactor: Redactor,
  program: { readonly run: string; readonly attempt: number },
): Book {
  const writing: Promise<unknown>[] = [];
  let failure: Failure | undefined;

  async function write(kind: string, fields: JsonObject): Promise<void> {
    const told = redactor.clean(fields);
    try {
      await audit.record(kind, { turn, conversation, ...program, ...told });
    } catch (error) {
      const unwritten = error instanceof CodedError
        ? error
        : new CodedError("audit_failed", "A call could not be written into the audit log.");
      failure ??= unwritten.failure;
      throw unwritten;
    }
  }

  return {
    get failure() {
      return failure;
    },
    begins: ({ id: call, tool, args }, { decision, scope = null, fingerprint }) =>
      write("tool_call_begins", { call, tool, args, decision, scope, fingerprint }),
    goesOn: ({ id: call, tool }, to) => write("tool_call_goes_on", { call, tool, to }),
    ends(call, { calls: _, ...record }, fingerprint) {
      // a clam that was used has lines of its own
      const account = record as unknown as Json as JsonObject;
      const print = fingerprint === undefined ? {} : { fingerprint };
      writing.push(write("tool_call", { call, ...account, ...print }).catch(() => {}));
    },
    settled: async () => void await Promise.all(writing),
  };
}
