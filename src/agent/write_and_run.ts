import type { Clam, ClamId, Draft } from "../domain/clam.ts";
import type { Failure } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { Answer, Turn } from "../domain/turn.ts";
import type { Attempt } from "../runs/attempt.ts";
import { statusOf } from "./account.ts";
import { analyze, sourcesOf } from "./analyzer.ts";
import type { Fault, Try } from "./fault.ts";
import type { Judgement } from "./judgement.ts";
import { withNextStep } from "./next_step.ts";
import { keepDraft } from "./keep.ts";
import type { AgentPorts } from "./ports.ts";
import { recordProgram, type Runnable, runProgram } from "./runtime.ts";
import { cannotDo, type Selected } from "./selector.ts";
import type { TurnLog } from "./turn_log.ts";

/** One program that may become the answer. */
export interface ChosenProgram {
  readonly program: Clam | Draft;
  readonly inputs: JsonObject;
  /** Set when it is kept already. */
  readonly id: ClamId | undefined;
  /** Templates that its writer proposed and that are not kept, with the reasons. */
  readonly dropped?: JsonObject;
}

/** What a turn comes to, before its account is added. */
export type Ending = Omit<Answer, "calls" | "modelCalls" | "usage" | "turn" | "durationMs">;

/** A choice that leads to a program. */
export type Chosen = Exclude<Selected, { kind: "chat" }>;

/** A program that another process began, with what was on record then. */
export interface Begun {
  readonly candidate: ChosenProgram;
  readonly fixes: number;
  readonly attempt: Attempt;
}

type Accepted = Extract<Judgement, { kind: "accept" }>;

/**
 * Runs the chosen clam, or writes one; judges; writes it again for a fault. All attempts share one
 * journal, so nothing is done twice. Ends with an answer, or with the last reason why not.
 */
export async function writeAndRun(
  chosen: Chosen,
  turn: Turn,
  log: TurnLog,
  ports: AgentPorts,
  signal: AbortSignal,
  begun?: Begun,
): Promise<Ending> {
  let way = chosen;
  let next: ChosenProgram | Fault | undefined = begun?.candidate ??
    (chosen.kind === "reuse" ? kept(chosen) : undefined);
  for (let fixes = begun?.fixes ?? 0;; fixes++) {
    const made: Made = next && "program" in next
      ? { kind: "candidate", candidate: next }
      : await write(way, next, { number: fixes, of: ports.settings.maxFixes }, turn, ports, signal);
    const tried: Tried = made.kind === "candidate"
      ? await attempt(
        made.candidate,
        way,
        made.candidate === begun?.candidate
          ? begun.attempt
          : await beginAttempt(made.candidate, way, fixes, ports),
        turn,
        log,
        ports,
        signal,
      )
      : made;
    if (tried.kind === "answer") return tried.ending;
    if (tried.kind === "misfit") {
      way = {
        kind: "generate",
        knowledge: await ports.knowledge(turn.message.text),
        candidates: [],
      };
      next = undefined;
      continue;
    }
    if (tried.kind === "stop" || !ports.models || fixes >= ports.settings.maxFixes) {
      const isKept = fixes === 0 && chosen.kind === "reuse";
      return failed(ofProgram(tried.failure, isKept));
    }
    next = made.kind === "candidate"
      ? { ...tried.fault, declared: declaredIn(made.candidate) }
      : tried.fault;
  }
}

function kept({ clam, inputs }: Extract<Chosen, { kind: "reuse" }>): ChosenProgram {
  return { program: clam, inputs, id: clam.id };
}

/** What a clam that a model chose is known to answer. */
function chosenFor(chosen: Chosen, { id }: ChosenProgram): { readonly chosenFor?: string } {
  if (chosen.kind !== "reuse" || !chosen.chosen || id !== chosen.clam.id) return {};
  const { description, requests, templates } = chosen.clam.manifest;
  const known = [...requests.slice(0, 1), ...templates.slice(0, 2)].map((text) =>
    JSON.stringify(text)
  );
  return { chosenFor: [description, ...known].join("; ") };
}

/**
 * A kept clam that had to be mended gets a new version, unless what was written leans on another
 * conversation than it did; starter clams stay as they are.
 */
function replacedBy(chosen: Chosen, { program }: ChosenProgram): ClamId | undefined {
  if (chosen.kind !== "reuse") return undefined;
  const { id, manifest } = chosen.clam;
  const isOfSame = manifest.conversation === program.manifest.conversation;
  return manifest.origin !== "starter" && isOfSame ? id : undefined;
}

/** What was declared beside a program that ran, as a model writes it. */
function declaredIn(
  { program: { manifest }, inputs, dropped = {} }: ChosenProgram,
): JsonObject {
  const { declaredTools, inputSchema, resultSchema, templates } = manifest;
  return {
    declared_tools: declaredTools,
    inputs,
    input_schema: inputSchema,
    result_schema: resultSchema ?? null,
    templates,
    ...(Object.keys(dropped).length === 0 ? {} : { dropped_templates: dropped }),
  };
}

type Made =
  | { readonly kind: "candidate"; readonly candidate: ChosenProgram }
  | { readonly kind: "stop"; readonly failure: Failure }
  | { readonly kind: "fix"; readonly fault: Fault; readonly failure: Failure };

/** Lets the model write a program, or write it again for a fault. */
async function write(
  chosen: Chosen,
  fault: Fault | undefined,
  tries: Try,
  turn: Turn,
  ports: AgentPorts,
  signal: AbortSignal,
): Promise<Made> {
  const order = chosen.kind === "generate" ? chosen : {
    knowledge: await ports.knowledge(turn.message.text),
    candidates: [],
  };
  // a kept clam needs nothing of what writes one, the syntax reader least of all
  const { generate } = await import("./generator.ts");
  const written = await generate(
    turn,
    { ...order, ...(fault ? { fault, tries } : {}) },
    ports,
    signal,
  );
  if (written.kind === "fault") {
    return { kind: "fix", fault: written.fault, failure: unwritten(written.fault, written.code) };
  }
  if (written.kind === "impossible") return { kind: "stop", failure: cannotDo(written.cannot) };
  const { draft, inputs, dropped } = written;
  return { kind: "candidate", candidate: { program: draft, inputs, id: undefined, dropped } };
}

type Tried =
  | { readonly kind: "answer"; readonly ending: Ending }
  | Exclude<Judgement, { kind: "accept" }>;

function runnableOf({ program, inputs, id }: ChosenProgram): Runnable {
  const { script, manifest } = program;
  const known = id === undefined ? {} : { id };
  return { ...manifest, ...known, source: script, inputs, manifest };
}

/** Puts a program on record, with what it takes to go on after it. */
async function beginAttempt(
  candidate: ChosenProgram,
  chosen: Chosen,
  fixes: number,
  { run }: AgentPorts,
): Promise<Attempt> {
  const { program: { manifest } } = candidate;
  const memo: TurnMemo = chosen.kind === "reuse"
    ? { manifest, fixes, first: firstOf(chosen) }
    : { manifest, fixes };
  const recorded = await recordProgram(runnableOf(candidate));
  return await run.beginAttempt(recorded, memo as unknown as Json);
}

function firstOf(
  { clam: { id, manifest }, chosen }: Extract<Chosen, { kind: "reuse" }>,
): NonNullable<TurnMemo["first"]> {
  return { id, manifest, ...(chosen ? { chosen } : {}) };
}

/** What a turn needs to go on with a program that another process began. */
export interface TurnMemo {
  readonly manifest: (Clam | Draft)["manifest"];
  /** How often it was written again. */
  readonly fixes: number;
  /** The kept clam that was chosen at first. */
  readonly first?: {
    readonly id: ClamId;
    readonly manifest: Clam["manifest"];
    readonly chosen?: true;
  };
}

/** Runs one program and judges it; a draft stands in `build/` meanwhile. */
async function attempt(
  candidate: ChosenProgram,
  chosen: Chosen,
  begun: Attempt,
  turn: Turn,
  log: TurnLog,
  ports: AgentPorts,
  signal: AbortSignal,
): Promise<Tried> {
  const { program, id } = candidate;
  const build = id !== undefined ? undefined : await ports.library.build(program, "generated");
  try {
    ports.tell({ kind: "phase", phase: "running" });
    const { script, manifest } = program;
    const { inputs } = candidate;
    const account = { attempt: begun, account: log.calls };
    const ran = await runProgram(runnableOf(candidate), turn, account, ports, signal);
    log.foreign ||= ran.foreign;
    const judged = {
      script,
      kept: id !== undefined,
      resultSchema: manifest.resultSchema,
      inputs,
      ...chosenFor(chosen, candidate),
    };
    const judgement = await analyze(judged, ran, turn, ports, signal);
    if (judgement.kind !== "accept") return judgement;
    const sources = sourcesOf(judged, ran, turn);
    // there is an answer: nothing that follows may take it away again
    const draft = build &&
      { program, build, ran, sources, replaces: replacedBy(chosen, candidate) };
    const clam = draft ? await log.aside(UNKEPT, () => keepDraft(judgement, draft, ports)) : id;
    if (clam !== undefined) {
      ports.meanwhile.begin(UNCOUNTED, () => ports.library.recordUse(clam));
    }
    return { kind: "answer", ending: completed(judgement, clam) };
  } finally {
    if (build) await log.aside(LEFT, () => ports.library.discard(build));
  }
}

const UNKEPT = "The program of this answer was not kept for next time";
const UNCOUNTED = "The use of the kept program was not counted";
const LEFT = "A file of this program was left behind";

function completed({ reply, value }: Accepted, clam: ClamId | undefined): Ending {
  return {
    status: "completed",
    reply,
    foreign: false,
    ...(value === undefined ? {} : { value }),
    ...(clam === undefined ? {} : { clam }),
  };
}

/** An answer that only says what went wrong, and what can be done about it. */
export function failed(failure: Failure): Ending {
  return { status: statusOf(failure), reply: "", foreign: false, failure: withNextStep(failure) };
}

/**
 * A program's error is no sentence for a person until it says whose it is; a kept clam words its own.
 */
function ofProgram(failure: Failure, isKept: boolean): Failure {
  if (failure.code !== "runtime_execution_error") return failure;
  const { hint: _, line: __, ...plain } = failure; // they speak to those who write programs
  if (isKept) return plain;
  return { ...plain, message: `The program that was written for this failed: ${failure.message}` };
}

/** What the person reads when no program came about. */
function unwritten(fault: Fault, code: Failure["code"]): Failure {
  return {
    code,
    message: `The model could not write a program for this: ${fault.problem ?? "it failed"}.`,
    hint: "Say it in other words, or choose a stronger model (agents.defaults.model).",
  };
}
