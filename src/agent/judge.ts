import { CodedError, type Failure } from "../domain/failure.ts";
import type { Json } from "../domain/json.ts";
import type { Turn } from "../domain/turn.ts";
import { ProviderError } from "../providers/provider.ts";
import { askFor } from "./ask.ts";
import { FIX_CLASSES, type FixClass, type JudgedOutput, VERDICT } from "./contracts.ts";
import { faultOfRun } from "./fault.ts";
import { markedBlock } from "./history.ts";
import type { Judged, Judgement } from "./judgement.ts";
import type { ModelPorts } from "./ports.ts";
import { type Presented, presentInTurn } from "./present.ts";
import { VERDICT_RULES } from "./prompts/verdict.ts";
import type { Ran } from "./runtime.ts";

/** Characters of an output that the model sees first, and when it asks for all of it. */
const FIRST_LOOK = 4_000;
const FULL_LOOK = 100_000;

/** Judges an output by one question to the model, or two where it needs the whole. */
export async function judgeOutput(
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
  ports: ModelPorts,
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
