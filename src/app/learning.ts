import { lessonOf } from "../agent/learn.ts";
import { openLessonQueue } from "../agent/lesson_queue.ts";
import type { Origin } from "../domain/message.ts";
import type { Answer, Turn } from "../domain/turn.ts";
import type { Log } from "../platform/platform.ts";
import { untilStopped } from "./_until_stopped.ts";
import type { Models } from "./models.ts";
import { memoryBudget } from "./memory_budget.ts";
import type { Setting, Stores } from "./stores.ts";

/** Milliseconds that learning may take after the last answer. */
const LEARN_MS = 8_000;

/** Learning from what the person said, while the conversation goes on. */
export interface Learning {
  /** Takes what a turn teaches; it is learnt in the background, nobody waits for it. */
  take(turn: Turn, answer: Answer): Promise<void>;
  /** Gives what is being learnt some seconds; the rest waits for a later turn. */
  finish(): Promise<void>;
}

/** What learning needs of the house. */
export interface LearningPorts {
  readonly stores: Stores;
  readonly models: Models;
  readonly setting: Setting;
}

/** Builds it over the lessons that wait on disk. */
export function openLearning({ stores, models, setting }: LearningPorts): Learning {
  const lessons = openLessonQueue({ ...stores, files: stores.state, log: SILENT });
  const ending = new AbortController();
  let underway: Promise<unknown> = Promise.resolve();
  const learn = async (origin: Origin) => {
    const model = models.open({ turn: stores.random.id(), origin }).selector();
    const memoryTokens = memoryBudget(setting.config, model.contextTokens);
    await untilStopped(stores, ending.signal, async (signal) => {
      await lessons.drain({ ...stores, model, memoryTokens }, signal);
    });
  };
  return {
    async take(turn, answer) {
      if (!models.configured) return;
      const lesson = lessonOf(turn, answer);
      if (lesson) await lessons.add(lesson);
      // a turn that needed no model must not wait for one, nor one whose model cannot be asked
      if (answer.modelCalls === 0 || isWithoutModel(answer)) return;
      const { origin } = turn.message;
      underway = underway.then(() => learn(origin)).catch(() => SILENT.warn("learning_failed"));
    },
    async finish() {
      const deadline = setTimeout(() => ending.abort(), LEARN_MS);
      await underway;
      clearTimeout(deadline);
    },
  };
}

const SILENT: Log = { debug() {}, warn() {} };

function isWithoutModel({ failure }: Answer): boolean {
  return failure?.code.startsWith("provider_") || failure?.code === "budget_exceeded";
}
