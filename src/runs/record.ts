import type { Failure } from "../domain/failure.ts";
import type { Json } from "../domain/json.ts";
import type { RunOutcome } from "../domain/turn.ts";
import type {
  AnsweredBy,
  AttemptStart,
  IntentLine,
  Opening,
  QuestionEnd,
  QuestionMatter,
  RecordedProgram,
  ResultLine,
  RunEnd,
  RunLine,
} from "./line.ts";

/** Everything that a run's file says, put together. */
export interface RunRecord {
  readonly run: string;
  readonly opening: Opening;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly attempts: readonly AttemptRecord[];
  readonly questions: readonly QuestionRecord[];
  readonly ended?: { readonly how: RunEnd; readonly failure?: Failure; readonly at: number };
}

/** One program of a run, with what it asked of the world. */
export interface AttemptRecord {
  readonly program: RecordedProgram;
  readonly start: AttemptStart;
  readonly memo: Json;
  /**
   * How often each call was begun, less those that were not done after all and those that can be done
   * again: an answer counts for them until they have an end.
   */
  readonly begins: ReadonlyMap<number, number>;
  /** Calls that were begun and have no end, by their number. */
  readonly begun: ReadonlyMap<number, IntentLine>;
  /** What the program was told, in order. */
  readonly told: readonly ResultLine[];
  readonly outcome?: RunOutcome;
}

/** A question of a run, and its answer if there is one. */
export interface QuestionRecord {
  readonly question: string;
  /** Number of the attempt, from 1. */
  readonly attempt: number;
  readonly call: number;
  readonly fingerprint: string;
  readonly matter: QuestionMatter;
  /** How often the call had been begun when it was asked; an answer counts for the next time only. */
  readonly begun: number;
  readonly at: number;
  readonly expiresAt: number;
  readonly answer?: { readonly reply: QuestionEnd; readonly by: AnsweredBy; readonly at: number };
}

/** Puts the lines of a run together; `undefined` when they do not begin as a run does. */
export function recordFrom(lines: readonly RunLine[]): RunRecord | undefined {
  const [first] = lines;
  if (first?.kind !== "opened") return undefined;
  const { kind: _, run, at, ...opening } = first;
  const attempts: {
    program: RecordedProgram;
    start: AttemptStart;
    memo: Json;
    begins: Map<number, number>;
    begun: Map<number, IntentLine>;
    told: ResultLine[];
    outcome?: RunOutcome;
  }[] = [];
  const questions: QuestionRecord[] = [];
  let ended: RunRecord["ended"];
  for (const line of lines) {
    const current = attempts.at(-1);
    switch (line.kind) {
      case "attempt": {
        const { program, start, memo } = line;
        const none = { begins: new Map(), begun: new Map(), told: [] };
        attempts.push({ program, start, memo, ...none });
        break;
      }
      case "intent":
        current?.begun.set(line.call, line);
        count(current?.begins, line, 1);
        break;
      case "undone":
        count(current?.begins, current?.begun.get(line.call), -1);
        current?.begun.delete(line.call);
        break;
      case "result":
        current?.begun.delete(line.call);
        current?.told.push(line);
        break;
      case "asked": {
        const { kind: _, ...question } = line;
        const begun = current?.begins.get(line.call) ?? 0;
        questions.push({ ...question, attempt: attempts.length, begun });
        break;
      }
      case "answered": {
        const index = questions.findIndex(({ question }) => question === line.question);
        const asked = questions[index];
        // the first answer counts
        if (asked && !asked.answer) questions[index] = { ...asked, answer: line };
        break;
      }
      case "outcome":
        if (current) current.outcome = line.outcome;
        break;
      case "ended": {
        const { how, failure, at } = line;
        ended = { how, at, ...(failure ? { failure } : {}) };
        break;
      }
    }
  }
  return { run, opening, at, attempts, questions, ...(ended ? { ended } : {}) };
}

function count(
  begins: Map<number, number> | undefined,
  intent: Pick<IntentLine, "call" | "repeatable"> | undefined,
  by: number,
): void {
  if (!intent || intent.repeatable) return;
  begins?.set(intent.call, (begins.get(intent.call) ?? 0) + by);
}

/** The question about a call of the last attempt that counts for it now, if it was asked. */
export function findQuestion(
  { attempts, questions }: RunRecord,
  matter: QuestionMatter["kind"],
  call: number,
  fingerprint: string,
): QuestionRecord | undefined {
  const begun = attempts.at(-1)?.begins.get(call) ?? 0;
  return questions.findLast((one) =>
    one.matter.kind === matter && one.attempt === attempts.length && one.call === call &&
    one.fingerprint === fingerprint && one.begun === begun
  );
}

/** Questions that nobody has answered. None is open in a run that has ended. */
export function openQuestions({ questions, ended }: RunRecord): readonly QuestionRecord[] {
  return ended ? [] : questions.filter(({ answer }) => !answer);
}
