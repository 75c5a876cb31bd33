/** Milliseconds between two looks; too short for a person to notice. */
const BEAT_MS = 50;

/**
 * Waits for a person's keys. In a compiled binary (2.7.11) the event loop of a worker is not always
 * woken by standard input; something that beats makes it look.
 */
export async function awake<T>(waiting: () => Promise<T>): Promise<T> {
  const beat = setInterval(() => {}, BEAT_MS);
  try {
    return await waiting();
  } finally {
    clearInterval(beat);
  }
}
