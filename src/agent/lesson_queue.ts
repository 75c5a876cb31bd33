import * as z from "zod";
import { CodedError } from "../domain/failure.ts";
import { parseJsonLines } from "../platform/json_lines.ts";
import type { Clock, Files, Log, Random } from "../platform/platform.ts";
import type { Redactor } from "../domain/redacted.ts";
import { once } from "../domain/once.ts";
import { learnFacts, type LearnPorts, type Lesson } from "./learn.ts";

/**
 * Lessons that wait to be learnt, on disk: a run that must end before they are learnt leaves them
 * to the next start.
 */
export interface LessonQueue {
  add(lesson: Lesson): Promise<void>;
  /**
   * Learns what waits, oldest first, until nothing is left, the signal is aborted or the model
   * fails. Never throws for these; the lessons stay. Several may drain at once.
   * @returns how many lessons still wait
   */
  drain(ports: LearnPorts, signal: AbortSignal): Promise<number>;
}

/** Means of the queue. */
export interface LessonQueuePorts {
  /** The directory of `learn-queue.jsonl`. */
  readonly files: Files;
  readonly clock: Clock;
  readonly random: Random;
  readonly redactor: Redactor;
  readonly log: Log;
}

const NAME = "learn-queue.jsonl";
/** Lessons that wait at most; the oldest go first. */
const MOST_WAITING = 200;
/** A lesson that failed this often is given up. */
const MOST_ATTEMPTS = 5;
/** How long a drain may hold a lesson before another may take it: its process has died. */
const CLAIM_MS = 120_000;

const entryShape = once(() =>
  z.object({
    id: z.string(),
    turn: z.string(),
    words: z.string(),
    foreign: z.boolean(),
    attempts: z.int(),
    /** Milliseconds since 1970 until which a drain works on it. */
    claimedUntil: z.number(),
  })
);

type Entry = z.infer<ReturnType<typeof entryShape>>;

/** Opens the queue. */
export function openLessonQueue(ports: LessonQueuePorts): LessonQueue {
  const { files, clock, random, redactor, log } = ports;

  async function change<T>(step: (entries: readonly Entry[]) => [Entry[], T]): Promise<T> {
    return await files.locked("learn-queue", async () => {
      const [entries, result] = step(parseEntries(await files.readText(NAME) ?? ""));
      const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`);
      await (lines.length > 0 ? files.replace(NAME, lines.join("")) : files.remove(NAME));
      return result;
    });
  }

  function claim(tried: ReadonlySet<string>): Promise<Entry | undefined> {
    return change((entries) => {
      const now = clock.now();
      const next = entries.find(({ id, claimedUntil }) => claimedUntil <= now && !tried.has(id));
      if (!next) return [[...entries], undefined];
      const claimed = { ...next, attempts: next.attempts + 1, claimedUntil: now + CLAIM_MS };
      return [entries.map((entry) => entry === next ? claimed : entry), claimed];
    });
  }

  const finish = (id: string) =>
    change((entries) => [entries.filter((entry) => entry.id !== id), undefined]);

  /** Gives a lesson back; an attempt that was only cut short does not count. */
  const release = (id: string, counts: boolean) =>
    change((entries) => [
      entries.map((entry) =>
        entry.id === id
          ? { ...entry, claimedUntil: 0, attempts: entry.attempts - (counts ? 0 : 1) }
          : entry
      ),
      undefined,
    ]);

  async function learn(entry: Entry, means: LearnPorts, signal: AbortSignal): Promise<boolean> {
    try {
      await learnFacts(entry, means, signal);
      await finish(entry.id);
      return true;
    } catch (error) {
      const code = error instanceof CodedError ? error.code : "internal";
      log.warn("lesson_failed", { code: signal.aborted ? "cancelled" : code });
      if (!signal.aborted && entry.attempts >= MOST_ATTEMPTS) await finish(entry.id);
      else await release(entry.id, !signal.aborted);
      return false;
    }
  }

  return {
    add: ({ turn, words, foreign }) =>
      change((entries) => {
        const text = redactor.redact(words);
        const entry = { id: random.id(), turn, words: text, foreign, attempts: 0, claimedUntil: 0 };
        return [[...entries, entry].slice(-MOST_WAITING), undefined];
      }),
    async drain(means, signal) {
      const tried = new Set<string>();
      while (!signal.aborted && await files.stat(NAME)) {
        const entry = await claim(tried);
        if (!entry || !await learn(entry, means, signal)) break;
        tried.add(entry.id);
      }
      return parseEntries(await files.readText(NAME) ?? "").length;
    },
  };
}

/** Lines that are no lesson are left out. */
function parseEntries(text: string): Entry[] {
  return parseJsonLines(text).flatMap((line) => entryShape().safeParse(line).data ?? []);
}
