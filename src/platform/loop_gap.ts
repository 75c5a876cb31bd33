/** How long the event loop was busy with one thing, at most. */
export interface LoopGap {
  /** Milliseconds, of the last minute. */
  read(): number;
  stop(): void;
}

const EVERY_MS = 250;
const KEPT_MS = 60_000;

/** Begins to measure; the process can end all the same. */
export function watchLoopGap(): LoopGap {
  let last = performance.now();
  let gaps: readonly { readonly at: number; readonly ms: number }[] = [];
  const timer = setInterval(() => {
    const now = performance.now();
    const ms = Math.max(0, now - last - EVERY_MS);
    last = now;
    // a gap that is smaller than a later one is never the largest again
    gaps = [...gaps.filter((gap) => gap.at > now - KEPT_MS && gap.ms > ms), { at: now, ms }];
  }, EVERY_MS);
  Deno.unrefTimer(timer);
  return {
    read() {
      const now = performance.now();
      const recent = gaps.filter(({ at }) => at > now - KEPT_MS).map(({ ms }) => ms);
      return Math.round(Math.max(0, now - last - EVERY_MS, ...recent));
    },
    stop: () => clearInterval(timer),
  };
}
