import { createKeyedQueue } from "../platform/keyed_queue.ts";

/** The questions of one conversation: a person is asked one thing at a time. */
export interface QuestionQueue {
  /**
   * Asks when the questions before it are answered. Rejects with the signal's reason, without having
   * asked, when that is aborted while it waits.
   */
  take<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

/** Builds the queues of all conversations; one that nobody waits in is forgotten. */
export function createQuestionQueues(): (conversation: string) => QuestionQueue {
  const queues = createKeyedQueue();
  return (conversation) => ({ take: (ask, signal) => queues.run(conversation, ask, signal) });
}
