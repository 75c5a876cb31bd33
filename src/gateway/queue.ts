/** Work that waits its turn: of one key one at a time and in order, of all keys so many at once. */
export interface WorkQueue {
  /** Puts work at the end of its key's line. It must not reject. */
  add(key: string, work: () => Promise<void>): void;
  /** Starts nothing more; resolves when nothing runs. */
  drain(): Promise<void>;
  readonly running: number;
  readonly waiting: number;
}

interface Line {
  readonly works: (() => Promise<void>)[];
  isRunning: boolean;
}

/** Builds one for `atOnce` keys at once. Keys get their turn in the order in which they came. */
export function createWorkQueue(atOnce: number): WorkQueue {
  const lines = new Map<string, Line>();
  const ready: string[] = [];
  let running = 0;
  let waiting = 0;
  let isDraining = false;
  const idle: (() => void)[] = [];

  function next(): void {
    while (!isDraining && running < atOnce && ready.length > 0) {
      const key = ready.shift() ?? "";
      const line = lines.get(key);
      const work = line?.works.shift();
      if (!line || !work) continue;
      line.isRunning = true;
      running++;
      waiting--;
      work().finally(() => {
        running--;
        line.isRunning = false;
        if (line.works.length > 0) ready.push(key);
        else lines.delete(key);
        if (running === 0) idle.splice(0).forEach((resolve) => resolve());
        next();
      });
    }
  }

  return {
    add(key, work) {
      const line = lines.get(key) ?? { works: [], isRunning: false };
      lines.set(key, line);
      line.works.push(work);
      waiting++;
      if (!line.isRunning && line.works.length === 1) ready.push(key);
      next();
    },
    drain() {
      isDraining = true;
      if (running === 0) return Promise.resolve();
      return new Promise((resolve) => idle.push(resolve));
    },
    get running() {
      return running;
    },
    get waiting() {
      return waiting;
    },
  };
}
