/** What was answered, by request, so that the same request again gets the same answer. */
export interface KeptAnswers<T> {
  find(id: string): { readonly asked: string; readonly answer: T } | undefined;
  /** Keeps an answer to what was asked; the oldest make room. `bytes`: how much it weighs. */
  keep(id: string, asked: string, answer: T, bytes: number): void;
}

/** How much is kept. */
export interface KeptBounds {
  readonly most: number;
  readonly mostBytes: number;
}

/** Remembers answers within bounds, for the life of the process. */
export function keepAnswers<T>({ most, mostBytes }: KeptBounds): KeptAnswers<T> {
  const kept = new Map<string, { asked: string; answer: T; bytes: number }>();
  let total = 0;
  return {
    find: (id) => kept.get(id),
    keep(id, asked, answer, bytes) {
      kept.set(id, { asked, answer, bytes });
      total += bytes;
      for (const [oldest, { bytes: freed }] of kept) {
        if (kept.size <= most && total <= mostBytes) break;
        kept.delete(oldest);
        total -= freed;
      }
    },
  };
}
