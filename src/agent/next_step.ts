import type { Failure, FailureCode } from "../domain/failure.ts";

const OTHER_WORDS = "Say it in other words, or in smaller steps.";
const ASK_PROVIDER = "See what is wrong with clambot status --check, then try again.";
const LATER = "Try again later.";

/** What the person can do about a failure that does not say so itself. */
const NEXT_STEPS: Partial<Record<FailureCode, string>> = {
  runtime_timeout: "Ask for less at once, or raise agents.defaults.runtimeTimeoutSeconds.",
  runtime_memory: "Ask for less at once, or raise sandbox.memoryMiB.",
  output_too_large: "Ask for less at once, or have it written to a file.",
  result_invalid: "What it reads may have changed: try again later, or say it in other words.",
  too_many_calls: "Ask for less at once, or raise agents.defaults.maxToolIterations.",
  tool_timeout: LATER,
  result_too_large: "Ask for less at once.",
  response_too_large: "Ask for less at once.",
  network_blocked: "Only public addresses can be reached; network.allowHosts opens others by name.",
  server_answered: "Check the address, or try again later.",
  network_failed: "Check the address and your connection, then try again.",
  approval_denied: "Ask again and allow the call, or say what should be done instead.",
  file_not_found: "Check the name of the file; list my files shows what there is.",
  path_outside_workspace: "Put the file into the workspace's folder files first.",
  secret_not_available: "Keep it with clambot secrets set, or ask for it at a terminal.",
  secret_not_for_host: "Let it go there with clambot secrets allow-host.",
  budget_exceeded: "Ask for less at once, or raise the budget in agents.budgets.",
  context_too_long: "Begin a new conversation with /new, or ask about a part of it.",
  clam_changed: "See clambot clams show, then keep it with clambot clams adopt or remove it.",
  cancelled: "Ask again when you want it after all.",
  internal: "Try again; if it returns, report it with what you asked.",
};

/** The same failure with a next step. */
export function withNextStep(failure: Failure): Failure {
  const { code, hint } = failure;
  if (hint !== undefined) return failure;
  const usual = code.startsWith("provider_") ? ASK_PROVIDER : OTHER_WORDS;
  return { ...failure, hint: NEXT_STEPS[code] ?? usual };
}
