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
import { type Presented, presentInTurn, speaks } from "./present.ts";
import { formatSituation } from "./prompt_parts.ts";
import { VERDICT_RULES } from "./prompts/verdict.ts";
import { keepsWhatWasSaid, looksLikeJson } from "./rewording.ts";
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
    const look = (most: number) =>
      askVerdict(
        { output: full.slice(0, most), length: full.length, ran, judged },
        turn,
        ports,
        signal,
      );
    let verdict = await look(FIRST_LOOK);
    if (verdict?.decision === "need_full_output") verdict = await look(FULL_LOOK);
    return follow(verdict, { shown, speaks: speaks(value) }, judged, ran, ports);
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

/** What the judge sees of a program that ran; no program: somebody only spoke. */
interface Sight {
  readonly output: string;
  /** Characters of the whole output. */
  readonly length: number;
  readonly ran?: Ran;
  readonly judged?: Judged;
}

/**
 * Asks about words that were said without any program, and that may promise what nobody did.
 * `undefined`: the judgement could not be had.
 */
export async function judgeWords(
  words: string,
  turn: Turn,
  ports: ModelPorts,
  signal: AbortSignal,
): Promise<JudgedOutput | undefined> {
  try {
    return await askVerdict({ output: words, length: words.length }, turn, ports, signal);
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return undefined;
  }
}

async function askVerdict(
  { output, length, ran, judged }: Sight,
  turn: Turn,
  ports: ModelPorts,
  signal: AbortSignal,
): Promise<JudgedOutput | undefined> {
  const boundary = ports.random.id();
  const cut = output.length < length
    ? `\n(the first ${output.length} of ${length} characters)`
    : "";
  const around = [
    formatSituation(ports.situation()),
    `Calls: ${describeCalls(ran)}`,
    ...(judged?.chosenFor === undefined ? [] : [`The program was kept for: ${judged.chosenFor}`]),
    ...(judged ? [`Inputs: ${JSON.stringify(judged.inputs).slice(0, INPUTS).toWellFormed()}`] : []),
  ].join("\n");
  const asked = await askFor(
    VERDICT,
    {
      messages: [
        { role: "system", text: VERDICT_RULES },
        {
          role: "user",
          text: `${around}\nRequest: ${turn.message.text}\n\nOutput:${cut}\n${
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

/** Characters of the inputs that the judge sees. */
const INPUTS = 1_000;
/** Calls that are named; the rest is counted. */
const MOST_CALLS = 20;

/** Names of tools and how their calls ended: all of it ours. */
function describeCalls(ran: Ran | undefined): string {
  const calls = ran?.calls ?? [];
  if (calls.length === 0) return "none";
  const named = calls.slice(0, MOST_CALLS).map(({ tool, outcome }) => `${tool} ${outcome}`);
  const rest = calls.length - named.length;
  return named.join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}

/** What a verdict comes to. One that decides nothing lets the result through, unchecked. */
function follow(
  verdict: JudgedOutput | undefined,
  { shown, speaks }: { readonly shown: Presented; readonly speaks: boolean },
  judged: Judged,
  ran: Ran,
  ports: ModelPorts,
): Judgement {
  switch (verdict?.decision) {
    case "accept": {
      const reply = chooseWords(shown.reply, verdict.reply?.trim() ?? "", speaks);
      return { kind: "accept", reply, value: shown.value, checked: true };
    }
    case "fix":
      return {
        kind: "fix",
        fault: faultOfRun(
          judged.script,
          ran,
          { fix: fixClass(verdict.fix) },
          ports.declarations,
          "",
        ),
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

/** The program's own words stand, unless the judge's say all of it too; data is never told raw. */
function chooseWords(own: string, judged: string, speaks: boolean): string {
  if (judged === "" || looksLikeJson(judged)) return own;
  return !speaks || keepsWhatWasSaid(own, judged) ? judged : own;
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
