import type { Failure, FailureCode } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { Turn } from "../domain/turn.ts";
import { ProviderError } from "../providers/provider.ts";
import { askFor } from "./ask.ts";
import { FIX_CLASSES, type FixClass, type JudgedOutput, VERDICT } from "./contracts.ts";
import type { Fault } from "./generator.ts";
import { markedBlock } from "./history.ts";
import type { AgentPorts, ModelPorts } from "./ports.ts";
import { present } from "./present.ts";
import { VERDICT_RULES } from "./prompts/verdict.ts";
import type { Ran } from "./runtime.ts";
import { describeShape } from "./shape.ts";

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
      return { kind: "stop", failure: CANCELLED };
    case "failed":
      return judgeFailure(outcome.failure, judged, ran);
    case "completed": {
      const shown = present(outcome.value);
      if (!ports.models || isCertain(judged, ran, outcome.value, ports)) {
        return { kind: "accept", ...shown, checked: true };
      }
      ports.onProgress?.("checking the result");
      return await judgeOutput(
        judged,
        ran,
        outcome.value,
        turn,
        { ...ports, models: ports.models },
        signal,
      );
    }
  }
}

const CANCELLED: Failure = { code: "cancelled", message: "The turn was cancelled." };

function judgeFailure(failure: Failure, judged: Judged, ran: Ran): Judgement {
  if (NOT_MENDED.includes(failure.code) || failure.code.startsWith("provider_")) {
    return { kind: "stop", failure };
  }
  return {
    kind: "fix",
    failure,
    fault: faultOf(judged, ran, { code: failure.code, ...lineOf(failure) }),
  };
}

function lineOf(failure: Failure): { line?: number } {
  return failure.line === undefined ? {} : { line: failure.line };
}

/** Only types of what the tools returned go back to the writer. */
function faultOf(judged: Judged, ran: Ran, about: Partial<Fault>): Fault {
  const shapes = ran.results.map(({ tool, value }) => ({
    tool,
    shape: describeShape(value, judged.script),
  }));
  return { script: judged.script, ...about, ...(shapes.length === 0 ? {} : { shapes }) };
}

/** A kept clam, or a draft whose value is what it promised, with a reply and no failed call. */
function isCertain(judged: Judged, ran: Ran, value: Json | undefined, ports: AgentPorts): boolean {
  if (judged.kept) return true;
  return judged.resultSchema !== null && ran.calls.every(({ outcome }) => outcome === "ok") &&
    present(value).reply.trim() !== "" && ports.satisfies(judged.resultSchema, value);
}

async function judgeOutput(
  judged: Judged,
  ran: Ran,
  value: Json | undefined,
  turn: Turn,
  ports: ModelPorts,
  signal: AbortSignal,
): Promise<Judgement> {
  const shown = present(value);
  const full = value === undefined ? shown.reply : JSON.stringify(value, null, 2);
  try {
    let verdict = await askVerdict(full.slice(0, FIRST_LOOK), full.length, turn, ports, signal);
    if (verdict?.decision === "need_full_output") {
      verdict = await askVerdict(full.slice(0, FULL_LOOK), full.length, turn, ports, signal);
    }
    return follow(verdict, shown, judged, ran);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { kind: "accept", ...unchecked(shown), checked: false };
  }
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
          text: `Request: ${turn.message.text}\n\nOutput:${cut}\n${markedBlock(output, boundary)}`,
        },
      ],
      maxTokens: ports.settings.maxTokens,
      temperature: 0,
      repairs: 0,
    },
    ports.models.main,
    signal,
  );
  return asked.kind === "read" ? asked.value : undefined;
}

/** What a verdict comes to. One that cannot be read lets the result through, unchecked. */
function follow(
  verdict: JudgedOutput | undefined,
  shown: ReturnType<typeof present>,
  judged: Judged,
  ran: Ran,
): Judgement {
  switch (verdict?.decision) {
    case "accept":
      return {
        kind: "accept",
        reply: verdict.reply?.trim() || shown.reply,
        value: shown.value,
        checked: true,
      };
    case "fix":
      return {
        kind: "fix",
        fault: faultOf(judged, ran, { fix: fixClass(verdict.fix) }),
        failure: {
          code: "generation_failed",
          message: "No program could be written that does what was asked.",
          hint: "Say it in other words, or in smaller steps.",
        },
      };
    case "reject":
    case "need_full_output":
      return { kind: "stop", failure: rejected(verdict.reply) };
    case undefined:
      return { kind: "accept", ...unchecked(shown), checked: false };
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

function unchecked(shown: ReturnType<typeof present>) {
  const note = "(This result was not checked, because the model could not be asked.)";
  return { ...shown, reply: `${shown.reply}\n\n${note}` };
}
