/**
 * A signal that is never aborted, and that takes one step of somebody else's with each look at it.
 * The program looks at its signal between its own steps, so what another process does in between
 * happens exactly there, and in every run of the test.
 */
export function steppingSignal(...steps: readonly (() => void)[]): AbortSignal {
  const { signal } = new AbortController();
  const left = [...steps];
  signal.throwIfAborted = () => left.shift()?.();
  return signal;
}
