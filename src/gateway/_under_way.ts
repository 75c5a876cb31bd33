/** What is under way, by conversation. */
export interface UnderWay {
  /** Does something that can be cancelled. */
  during<T>(conversation: string, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** @returns whether there was something */
  cancel(conversation: string): boolean;
  conversations(): readonly string[];
}

/** Nothing is, at first. */
export function createUnderWay(): UnderWay {
  const controllers = new Map<string, AbortController>();
  return {
    async during(conversation, work) {
      const controller = new AbortController();
      controllers.set(conversation, controller);
      try {
        return await work(controller.signal);
      } finally {
        controllers.delete(conversation);
      }
    },
    cancel(conversation) {
      const controller = controllers.get(conversation);
      controller?.abort();
      return controller !== undefined;
    },
    conversations: () => [...controllers.keys()],
  };
}
