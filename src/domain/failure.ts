/**
 * The stable codes of everything that can go wrong in a turn. They are part of the `--json`
 * contract and are explained, one by one, in docs/errors.md.
 */
export type FailureCode =
  // the sandbox
  | "runtime_timeout"
  | "runtime_memory"
  | "runtime_stack"
  | "runtime_execution_error"
  | "runtime_broken"
  | "script_syntax_error"
  | "script_too_large"
  | "output_too_large"
  | "result_invalid"
  | "incompatible_language"
  | "too_many_calls"
  | "cancelled"
  // the one road
  | "undeclared_tool"
  | "unknown_tool"
  | "tool_arguments_invalid"
  | "tool_failed"
  | "tool_timeout"
  | "result_too_large"
  | "server_failed"
  | "server_unapproved"
  | "capability_violation"
  | "not_possible"
  | "approval_denied"
  | "approval_needed"
  | "audit_failed"
  | "call_in_doubt"
  | "stopped"
  | "grant_not_found"
  | "lease_unbounded"
  | "question_closed"
  | "question_expired"
  // runs
  | "run_not_found"
  | "run_busy"
  | "run_damaged"
  | "run_ended"
  | "run_diverged"
  | "run_too_large"
  | "gateway_runs"
  // the network
  | "network_blocked"
  | "server_answered"
  | "network_failed"
  | "response_too_large"
  | "authorization_header_conflicts_with_auth"
  // secrets
  | "secret_not_available"
  | "secret_not_found"
  | "secret_not_for_host"
  | "secret_not_for_place"
  | "secret_refused"
  | "vault_locked"
  | "vault_damaged"
  // files
  | "path_outside_workspace"
  | "path_protected"
  | "file_not_found"
  | "file_exists"
  | "file_too_large"
  | "file_not_text"
  | "file_type_mismatch"
  | "text_not_found"
  | "file_changed"
  | "change_not_found"
  | "file_failed"
  | "disk_full"
  // clams
  | "clam_not_found"
  | "clam_changed"
  | "clam_malformed"
  | "clam_quarantined"
  | "clam_not_used"
  | "inputs_invalid"
  | "input_unavailable"
  // memory and conversations
  | "memory_not_found"
  | "fact_refused"
  | "session_not_found"
  // people
  | "people_damaged"
  | "person_not_found"
  | "pairing_refused"
  // channels
  | "telegram_refused"
  | "telegram_unreachable"
  | "telegram_token"
  // jobs
  | "job_not_found"
  | "schedule_invalid"
  // models
  | "no_model"
  | "provider_auth"
  | "provider_quota"
  | "provider_rate"
  | "provider_timeout"
  | "provider_refused"
  | "provider_broken"
  | "provider_unreachable"
  | "context_too_long"
  | "model_unknown"
  | "budget_exceeded"
  | "generation_failed"
  | "rejected_by_analyzer"
  // the program itself
  | "config_invalid"
  | "service_failed"
  | "usage"
  | "gateway_missing"
  | "gateway_silent"
  | "internal";

/** Why something could not be done: a code for programs, a sentence and a next step for people. */
export interface Failure {
  readonly code: FailureCode;
  /** One sentence: what could not be done, to what, and how things stand. */
  readonly message: string;
  /** One sentence: what the person can do next. */
  readonly hint?: string;
  /** 1-based line of the script, where the failure has one. */
  readonly line?: number;
}

/** An `Error` that carries a {@linkcode Failure}. Its message is safe to show to the person. */
export class CodedError extends Error {
  override readonly name = "CodedError";
  readonly failure: Failure;

  constructor(code: FailureCode, message: string, hint?: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = hint === undefined ? { code, message } : { code, message, hint };
  }

  get code(): FailureCode {
    return this.failure.code;
  }
}
