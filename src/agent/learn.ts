import type { Redactor } from "../domain/redacted.ts";
import type { Answer, Turn } from "../domain/turn.ts";
import type { Memory } from "../memory/memory.ts";
import type { LanguageModel } from "../providers/provider.ts";
import { askFor } from "./ask.ts";
import { FACTS } from "./contracts.ts";
import { LONGEST_TYPED, MARKUP } from "./pasted.ts";
import { FACTS_RULES } from "./prompts/facts.ts";
import { speaksOfSelf } from "./self.ts";

/** What a turn leaves to learn from. */
export interface Lesson {
  /** Id of the turn. */
  readonly turn: string;
  /** The person's own words, and nobody else's. */
  readonly words: string;
  /** The turn took in text of others: what is learnt waits for the person. */
  readonly foreign: boolean;
}

/** What is needed to learn. */
export interface LearnPorts {
  /** A cheap one does. */
  readonly model: LanguageModel;
  readonly memory: Memory;
  readonly redactor: Redactor;
  /** Tokens of memory that the question may hold. */
  readonly memoryTokens: number;
}

const MEMORY_TOKENS = 3000;
const MOST_ADDED = 10;
const MOST_FORGOTTEN = 5;

/**
 * What can be learnt from a turn, if anything: typed words in which the person says something
 * about themselves. A turn that was answered without any model only repeats an earlier request and
 * teaches nothing.
 */
export function lessonOf(
  turn: Turn,
  answer: Pick<Answer, "foreign" | "modelCalls">,
): Lesson | undefined {
  const { origin, text, pasted, enclosed } = turn.message;
  const words = text.trim();
  if (origin === "cron" || origin === "heartbeat" || answer.modelCalls === 0) return undefined;
  if (pasted || enclosed || words.startsWith("/") || words.length > LONGEST_TYPED) return undefined;
  if (MARKUP.test(words) || !speaksOfSelf(words)) return undefined;
  return { turn: turn.id, words, foreign: answer.foreign };
}

/**
 * Learns from one lesson with one structured question. The model sees the person's words and the
 * unmarked memory, so nothing that others wrote can become a fact. Facts of a turn that took in
 * text of others wait, and such a turn forgets nothing.
 */
export async function learnFacts(
  lesson: Lesson,
  { model, memory, memoryTokens, redactor }: LearnPorts,
  signal: AbortSignal,
): Promise<void> {
  const tokens = Math.min(MEMORY_TOKENS, memoryTokens);
  const known = tokens > 0 ? await memory.promptText(tokens, lesson.words, "code") : "";
  const asked = await askFor(
    FACTS,
    {
      messages: [
        { role: "system", text: `${FACTS_RULES}\n\n## Known notes\n\n${known || "(none)"}` },
        { role: "user", text: lesson.words },
      ],
      maxTokens: 512,
      temperature: 0,
      repairs: 1,
    },
    model,
    signal,
  );
  if (asked.kind === "unreadable") return;
  const add = asked.value.add.slice(0, MOST_ADDED).map(redactor.redact);
  if (lesson.foreign) return await memory.parkFacts(add, lesson.turn);
  await forgetNamed(asked.value.forget.slice(0, MOST_FORGOTTEN), lesson.turn, memory);
  await memory.addFacts(add, { turn: lesson.turn });
}

/** Forgets notes that were named clearly: a word that fits several means none of them. */
async function forgetNamed(
  named: readonly string[],
  turn: string,
  memory: Memory,
): Promise<void> {
  for (const text of named) {
    const found = await memory.findFacts(text);
    if (found.length === 1) await memory.removeFacts(found, turn);
  }
}
