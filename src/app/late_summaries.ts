import { sumUpLate } from "../agent/late_summary.ts";
import { isOfHouse } from "../domain/conversation.ts";
import type { Answer, Turn } from "../domain/turn.ts";
import type { House } from "./_house.ts";
import { untilStopped } from "./_until_stopped.ts";
import { rightsOf } from "./turn_rights.ts";

/** Milliseconds without a word after which a conversation counts as left. */
const LEFT_MS = 600_000;
/** The same where the last word has no answer: its turn may still be under way. */
const UNANSWERED_MS = 86_400_000;
/** Conversations that are summed up behind one answer. */
const MOST_AT_ONCE = 2;
/** Milliseconds that summing up may take after the last answer. */
const FINISH_MS = 8_000;

/** Has the history tell conversations that were left without `/new`, while another one goes on. */
export interface LateSummaries {
  /** Begins it in the background, behind an answer; nobody waits for it. */
  take(turn: Turn, answer: Answer): void;
  /** Gives what is under way some seconds; the rest waits for a later turn. */
  finish(): Promise<void>;
}

/** Builds it over the conversations of the home. */
export function openLateSummaries({ stores, models, setting }: House): LateSummaries {
  const { sessions, summedUp, presence, clock } = stores;
  const ending = new AbortController();
  let underway: Promise<void> = Promise.resolve();

  /** As many as are summed up now: looking at every other one would be for nothing. */
  async function findLeft(present: string, signal: AbortSignal): Promise<string[]> {
    const left: string[] = [];
    const survey = await summedUp.survey();
    const unanswered = new Set(
      (await sessions.findUnanswered()).map(({ conversation }) => conversation),
    );
    for (const { conversation, lastAt } of await sessions.list()) {
      if (signal.aborted || left.length === MOST_AT_ONCE) break;
      const patience = unanswered.has(conversation) ? UNANSWERED_MS : LEFT_MS;
      const isDue = rightsOf(conversation).memory && !isOfHouse(conversation) &&
        conversation !== present && lastAt > 0 &&
        lastAt < clock.now() - patience &&
        survey.upTo(conversation) * 1000 < lastAt && survey.isFree(conversation) &&
        !await presence.isOpen(conversation);
      if (isDue) left.push(conversation);
    }
    return left;
  }

  async function sumUpSome(
    { message: { conversation, origin } }: Turn,
    signal: AbortSignal,
  ): Promise<void> {
    const left = await findLeft(conversation, signal);
    const { summaryMaxTokens } = setting.config.agents.compaction;
    for (const one of left) {
      if (signal.aborted) return;
      const model = models.open({ turn: stores.random.id(), origin }).selector();
      await sumUpLate(one, summaryMaxTokens, { ...stores, model }, signal);
    }
  }

  const sumUp = (turn: Turn) =>
    untilStopped(stores, ending.signal, (signal) => sumUpSome(turn, signal))
      .catch(() => {}); // what a model or the disk refuses now is tried at a later turn

  return {
    take(turn, answer) {
      // a turn that needed no model must not wait for one, nor one whose model cannot be asked
      if (!models.configured || answer.modelCalls === 0 || answer.failure) return;
      underway = underway.then(() => sumUp(turn));
    },
    async finish() {
      const deadline = setTimeout(() => ending.abort(), FINISH_MS);
      await underway;
      clearTimeout(deadline);
    },
  };
}
