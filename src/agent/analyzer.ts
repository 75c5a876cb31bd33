import { CodedError, type Failure, type FailureCode } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { Turn } from "../domain/turn.ts";
import { ProviderError } from "../providers/provider.ts";
import { askFor } from "./ask.ts";
import { FIX_CLASSES, type FixClass, type JudgedOutput, VERDICT } from "./contracts.ts";
import { type Fault, faultOfRun } from "./fault.ts";
import { markedBlock } from "./history.ts";
import type { AgentPorts, ModelPorts } from "./ports.ts";
import { type Presented, presentInTurn, speaks } from "./present.ts";
import { VERDICT_RULES } from "./prompts/verdict.ts";
import type { Ran } from "./runtime.ts";
import { failureOfAbort } from "./time_limit.ts";

/** A program that ran, as it is judged. */
export interface Judged {
  readonly script: string;
  /** A kept clam speaks for itself. */
  readonly kept: boolean;
  /** What a draft says its value must satisfy. */
  readonly resultSchema: JsonObject | null;
}

/** What becomes of an outcome. */
export type Judgement =
  | {
    readonly kind: "accept";
    readonly reply: string;
    readonly value: Json | undefined;
    /** `false`: the model could not be asked, so the result is told as it is and not kept. */
    readonly checked: boolean;
  }
  | { readonly kind: "fix"; readonly fault: Fault; readonly failure: Failure }
  | { readonly kind: "stop"; readonly failure: Failure };

/** Characters of an output that the model sees first, and when it asks for all of it. */
const FIRST_LOOK = 4_000;
const FULL_LOOK = 100_000;

/** Failures that another program would meet as well: the world, the person or the budget said no. */
const NOT_MENDED: readonly FailureCode[] = [
  "approval_denied",
  "approval_needed",
  "secret_not_available",
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
      return judgeFailure(outcome.failure, judged, ran, ports);
    case "completed": {
      const shown = presentInTurn(outcome.value);
      if (!ports.models || await isCertain(judged, ran, outcome.value, ports)) {
        return { kind: "accept", ...shown, checked: true };
      }
      ports.onProgress?.("checking the result");
      const asking = { ...ports, models: ports.models };
      return await judgeOutput(judged, ran, outcome.value, turn, asking, signal);
    }
  }
}

function judgeFailure(failure: Failure, judged: Judged, ran: Ran, ports: AgentPorts): Judgement {
  if (NOT_MENDED.includes(failure.code) || isOfProvider(failure.code)) {
    return { kind: "stop", failure };
  }
  // the program may have caught the provider's failure and thrown one of its own
  const refused = ran.calls.find(({ outcome }) => outcome !== "ok" && isOfProvider(outcome));
  if (refused?.outcome && refused.outcome !== "ok") {
    const message = `The model that the program asked could not answer: ${failure.message}`;
    return { kind: "stop", failure: { code: refused.outcome, message } };
  }
  const fault = faultOfRun(judged.script, ran, { failure }, ports.declarations);
  return { kind: "fix", failure, fault };
}

function isOfProvider(code: FailureCode): boolean {
  return code.startsWith("provider_");
}

/** A kept clam, or a draft whose value is what it promised, in words of its own, no call failed. */
async function isCertain(
  { kept, resultSchema }: Judged,
  { calls }: Ran,
  value: Json | undefined,
  ports: AgentPorts,
): Promise<boolean> {
  if (kept) return true;
  if (resultSchema === null || Object.keys(resultSchema).length === 0) return false;
  return speaks(value) && presentInTurn(value).reply.trim() !== "" &&
    calls.every(({ outcome }) => outcome === "ok") &&
    await ports.satisfies(resultSchema, value);
}

async function judgeOutput(
  judged: Judged,
  ran: Ran,
  value: Json | undefined,
  turn: Turn,
  ports: ModelPorts,
  signal: AbortSignal,
): Promise<Judgement> {
  const shown = presentInTurn(value);
  const full = value === undefined ? shown.reply : JSON.stringify(value, null, 2);
  try {
    let verdict = await askVerdict(full.slice(0, FIRST_LOOK), full.length, turn, ports, signal);
    if (verdict?.decision === "need_full_output") {
      verdict = await askVerdict(full.slice(0, FULL_LOOK), full.length, turn, ports, signal);
    }
    return follow(verdict, shown, judged, ran, ports);
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return unchecked(shown, error.message);
  }
}

/** What was done is done: a result is not lost because nobody can be asked about it. */
function isUnavailable(error: unknown): error is CodedError {
  return error instanceof ProviderError ||
    (error instanceof CodedError && error.code === "budget_exceeded");
}

async function askVerdict(
  output: string,
  length: number,
  turn: Turn,
  ports: ModelPorts,
  signal: AbortSignal,
): Promise<JudgedOutput | undefined> {
  const boundary = ports.random.id();
  const cut = output.length < length
    ? `\n(the first ${output.length} of ${length} characters)`
    : "";
  const asked = await askFor(
    VERDICT,
    {
      messages: [
        { role: "system", text: VERDICT_RULES },
        {
          role: "user",
          text: `Request: ${turn.message.text}\n\nOutput:${cut}\n${
            markedBlock(output.toWellFormed(), boundary)
          }`,
        },
      ],
      maxTokens: ports.settings.maxTokens,
      temperature: 0,
      repairs: 1,
    },
    ports.models.main,
    signal,
  );
  return asked.kind === "read" ? asked.value : undefined;
}

/** What a verdict comes to. One that decides nothing lets the result through, unchecked. */
function follow(
  verdict: JudgedOutput | undefined,
  shown: Presented,
  judged: Judged,
  ran: Ran,
  ports: AgentPorts,
): Judgement {
  switch (verdict?.decision) {
    case "accept": {
      const reply = verdict.reply?.trim() || shown.reply;
      return { kind: "accept", reply, value: shown.value, checked: true };
    }
    case "fix":
      return {
        kind: "fix",
        fault: faultOfRun(judged.script, ran, { fix: fixClass(verdict.fix) }, ports.declarations),
        failure: {
          code: "generation_failed",
          message: "No program could be written that does what was asked.",
          hint: "Say it in other words, or in smaller steps.",
        },
      };
    case "reject":
      return { kind: "stop", failure: rejected(verdict.reply) };
    case "need_full_output":
      return unchecked(shown, "it is too long for the model that judges.");
    case undefined:
      return unchecked(shown, "the model's judgement could not be read.");
  }
}

function fixClass(text: string | null): FixClass {
  return FIX_CLASSES.find((name) => name === text) ?? "other";
}

function rejected(reply: string | null): Failure {
  return {
    code: "rejected_by_analyzer",
    message: reply?.trim() || "The result does not answer the request.",
    hint: "Say it in other words, or in smaller steps.",
  };
}

function unchecked(shown: Presented, why: string): Judgement {
  const note = `(This result was not checked: ${why})`;
  return { kind: "accept", ...shown, reply: `${shown.reply}\n\n${note}`.trim(), checked: false };
}
