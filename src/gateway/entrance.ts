import type { KeptUpdate } from "./store.ts";

/** Lets updates in: each is looked at once, and turns are begun in the order of their conversation. */
export interface Entrance {
  take(update: KeptUpdate): void;
  /** Resolves when everything that came has been let in, or dealt with. */
  settled(): Promise<void>;
}

/** What lies behind it. */
export interface EntrancePorts {
  /** Looks at it at once, and gives what is to be taken; `undefined`: it is dealt with, and no turn. */
  admit(update: KeptUpdate): Promise<KeptUpdate | undefined>;
  /** Its turn is to be taken, behind those that came before it in its conversation. */
  enter(update: KeptUpdate): void;
  /** It could not be dealt with. Must not throw. */
  fail(update: KeptUpdate, error: unknown): void;
}

/** Builds it. */
export function createEntrance({ admit, enter, fail }: EntrancePorts): Entrance {
  /** The last one of each conversation that is not in yet. */
  const entering = new Map<string, Promise<void>>();

  async function letIn(
    update: KeptUpdate,
    admitted: Promise<KeptUpdate | undefined>,
    before: Promise<void> | undefined,
  ): Promise<void> {
    const taken = await admitted.catch((error) => {
      fail(update, error);
      return undefined;
    });
    // whatever became of this one, those behind it stay behind those before it
    await before;
    if (taken) enter(taken);
  }

  return {
    take(update) {
      const { conversation } = update;
      const entered = letIn(update, admit(update), entering.get(conversation)).finally(() => {
        if (entering.get(conversation) === entered) entering.delete(conversation);
      });
      entering.set(conversation, entered);
    },
    settled: async () => void await Promise.all(entering.values()),
  };
}
