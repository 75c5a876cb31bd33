import type { Failure, FailureCode } from "../domain/failure.ts";
import type { Json } from "../domain/json.ts";
import type { Turn } from "../domain/turn.ts";
import { faultOfRun } from "./fault.ts";
import { NULL, says, type Sources } from "./holes.ts";
import { vouchesFor } from "./hollow.ts";
import { judgeOutput } from "./judge.ts";
import type { Judged, Judgement } from "./judgement.ts";
import type { AgentPorts } from "./ports.ts";
import { presentInTurn, speaks } from "./present.ts";
import { mayPromise } from "./promises.ts";
import { findBrokenPromise, isNothing, lookOver, NOTHING, type Unfit } from "./result.ts";
import type { Ran } from "./runtime.ts";
import { failureOfAbort } from "./time_limit.ts";

/** Failures that another program would meet as well: the world, the person or the budget said no. */
const NOT_MENDED: readonly FailureCode[] = [
  "approval_denied",
  "approval_needed",
  "secret_not_available",
  "secret_not_for_host",
  "vault_locked",
  "vault_damaged",
  "network_blocked",
  "network_failed",
  "tool_timeout",
  "budget_exceeded",
  "no_model",
  "model_unknown",
  "cancelled",
  "clam_changed",
  "internal",
  "path_outside_workspace",
  "path_protected",
];

/** Judges an outcome: certain cases by code, the others by one question to the model. */
export async function analyze(
  judged: Judged,
  ran: Ran,
  turn: Turn,
  ports: AgentPorts,
  signal: AbortSignal,
): Promise<Judgement> {
  const { outcome } = ran;
  switch (outcome.kind) {
    case "ended":
      return { kind: "stop", failure: outcome.failure };
    case "cancelled":
      return { kind: "stop", failure: failureOfAbort(signal) };
    case "failed":
      return judgeFailure(outcome.failure, judged, ran, turn, ports);
    case "completed":
      return await judgeValue(judged, ran, outcome.value, turn, ports, signal);
  }
}

async function judgeValue(
  judged: Judged,
  ran: Ran,
  value: Json | undefined,
  turn: Turn,
  ports: AgentPorts,
  signal: AbortSignal,
): Promise<Judgement> {
  const sources = sourcesOf(judged, ran, turn);
  const unfit = await findUnfit(judged, value, sources, ports);
  if (unfit) return mend(unfit, judged, ran, ports);
  const isCertain = judged.chosenFor === undefined &&
    (judged.kept || await isVouchedFor(judged, ran, value, ports));
  if (!ports.models || isCertain) {
    return { kind: "accept", ...presentInTurn(value), checked: true };
  }
  ports.tell({ kind: "phase", phase: "checking the result" });
  const asking = { ...ports, models: ports.models };
  const judgement = await judgeOutput(judged, ran, value, turn, asking, signal);
  if (judged.chosenFor !== undefined && judgement.kind !== "accept") {
    return { kind: "misfit", failure: judgement.failure };
  }
  return judgement.kind === "accept"
    ? await checkWords(judgement, judged, ran, value, sources, ports)
    : judgement;
}

/** What a reply may be made of. */
export function sourcesOf({ script }: Judged, ran: Ran, { message }: Turn): Sources {
  const { text, pasted, enclosed = [] } = message;
  const request = [text, pasted?.text, ...enclosed.map((one) => one.text)].join("\n");
  return { request, script, results: ran.results.map(({ value }) => value) };
}

/** What is wrong with a value before anybody is asked; data without words is the judge's. */
async function findUnfit(
  { kept, resultSchema }: Judged,
  value: Json | undefined,
  sources: Sources,
  { satisfies }: AgentPorts,
): Promise<Unfit | undefined> {
  if (isNothing(value)) return NOTHING;
  if (kept) return await findBrokenPromise(value, resultSchema, sources, satisfies);
  return speaks(value) ? await lookOver(presentInTurn(value).reply, sources) : undefined;
}

/** The judge's words are looked over as well; where they fail, the program's own stand. */
async function checkWords(
  accepted: Extract<Judgement, { kind: "accept" }>,
  judged: Judged,
  ran: Ran,
  value: Json | undefined,
  sources: Sources,
  ports: AgentPorts,
): Promise<Judgement> {
  // a judge who met no null speaks of none: it is a word of the language then
  const natural = says(JSON.stringify(value), NULL) ? [] : [NULL];
  const unfit = await lookOver(accepted.reply, sources, natural);
  if (!unfit) return accepted;
  if (speaks(value)) return { ...accepted, ...presentInTurn(value) };
  return mend(unfit, judged, ran, ports);
}

function mend(unfit: Unfit, { script }: Judged, ran: Ran, ports: AgentPorts): Judgement {
  const fault = faultOfRun(script, ran, unfit, ports.declarations, "");
  return { kind: "fix", failure: unfit.failure, fault };
}

function judgeFailure(
  failure: Failure,
  judged: Judged,
  ran: Ran,
  turn: Turn,
  ports: AgentPorts,
): Judgement {
  if (NOT_MENDED.includes(failure.code) || isOfProvider(failure.code)) {
    return { kind: "stop", failure };
  }
  // the program may have caught the provider's failure and thrown one of its own
  const refused = ran.calls.find(({ outcome }) => outcome !== "ok" && isOfProvider(outcome));
  if (refused?.outcome && refused.outcome !== "ok") {
    const message = `The model that the program asked could not answer: ${failure.message}`;
    return { kind: "stop", failure: { code: refused.outcome, message } };
  }
  const asked = findAsked(failure, ran, turn);
  if (asked) return { kind: "stop", failure: asked };
  const words = `${turn.message.text} ${JSON.stringify(judged.inputs)}`;
  const fault = faultOfRun(judged.script, ran, { failure }, ports.declarations, words);
  return { kind: "fix", failure, fault };
}

/** Statuses that speak of the form of a request: another program may find a better one. */
const OF_FORM: readonly number[] = [
  400,
  405,
  406,
  409,
  411,
  412,
  413,
  414,
  415,
  416,
  417,
  422,
  426,
  428,
  431,
];

function isOfWorld(status: number): boolean {
  return status >= 400 && !OF_FORM.includes(status);
}

/** Failures of a place that the person named: another program would find it the same. */
const OF_PLACES: readonly FailureCode[] = ["file_not_found", "file_exists", "file_not_text"];

/** A failure of a file or an address that stands in the request, told as what it is. */
function findAsked(
  failure: Failure,
  { calls, results }: Ran,
  { message }: Turn,
): Failure | undefined {
  if (OF_PLACES.includes(failure.code)) {
    const { args } = calls.findLast(({ outcome }) => outcome === failure.code) ?? {};
    const isNamed = [args?.path, args?.to].some((path) =>
      typeof path === "string" && isNamedIn(message.text, path)
    );
    return isNamed ? failure : undefined;
  }
  if (failure.code !== "runtime_execution_error") return undefined;
  for (const [at, { tool, args }] of calls.entries()) {
    const value = results[at]?.tool === tool ? results[at].value : undefined;
    const status = (value as { readonly status?: unknown } | null | undefined)?.status;
    const { url } = args;
    if (typeof status !== "number" || !isOfWorld(status) || typeof url !== "string") continue;
    if (!message.text.includes(url)) continue;
    return { code: "server_answered", message: `${url} answered with the HTTP status ${status}.` };
  }
  return undefined;
}

/** Whether the person named a file: a program's paths are absolute by now. */
function isNamedIn(text: string, path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name !== "" && text.includes(name);
}

function isOfProvider(code: FailureCode): boolean {
  return code.startsWith("provider_");
}

/** A draft whose value is what it promised, in words of its own, no call failed. */
async function isVouchedFor(
  { resultSchema }: Judged,
  { calls }: Ran,
  value: Json | undefined,
  { satisfies }: AgentPorts,
): Promise<boolean> {
  const isEmptyPromise = calls.length === 0 && mayPromise(presentInTurn(value).reply);
  return !isEmptyPromise && resultSchema !== undefined &&
    calls.every(({ outcome }) => outcome === "ok") &&
    await vouchesFor(resultSchema, value, satisfies);
}
