// The program looks at its signal between its own steps, so what another process does in between
// happens exactly there, and in every run of the test.

/** A signal that is never aborted, and that takes one step of somebody else's with each look at it. */
export function steppingSignal(...steps: readonly (() => void)[]): AbortSignal {
  const left = [...steps];
  return lookedAt(() => left.shift()?.());
}

/** The same with a single step, at the first look at which it is time. */
export function waitingSignal(isTime: () => boolean, step: () => void): AbortSignal {
  let isDone = false;
  return lookedAt(() => {
    if (isDone || !isTime()) return;
    isDone = true;
    step();
  });
}

function lookedAt(look: () => void): AbortSignal {
  const { signal } = new AbortController();
  signal.throwIfAborted = look;
  return signal;
}
