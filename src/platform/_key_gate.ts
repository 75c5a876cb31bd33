/**
 * Milliseconds after a question stands on the screen in which no key counts. To see something and
 * choose takes a person longer than that: what comes sooner was meant for something else.
 */
const DEAD_MS = 350;

/** Milliseconds without any key before the gate opens, so that a burst is never let in by half. */
const QUIET_MS = 60;

/** A beat that comes so many milliseconds after the one before was held up. */
const LATE_MS = 60;

/** Keeps from a question what was typed before the person can have seen it. */
export interface KeyGate {
  isOpen(): boolean;
  /** To be told of each piece of the question that has been written; the dead time begins anew. */
  written(): void;
  /** What of these keys counts; the rest is gone. */
  filter(keys: string): string;
  /** To be called all the time. @returns whether this was the beat that opened the gate */
  beat(): boolean;
}

/** A closed gate. It opens once, some time after the last of the question was written. */
export function createKeyGate(now: () => number): KeyGate {
  let written: number | undefined;
  let quietSince = now();
  let lastBeat = now();
  let isOpen = false;
  let dropped = "";
  return {
    isOpen: () => isOpen,
    written: () => void (written = now()),
    filter(keys) {
      if (isOpen) {
        const rest = withoutRest(dropped, keys);
        dropped = "";
        return rest;
      }
      quietSince = now();
      dropped = (dropped + keys).slice(-LONGEST_SEQUENCE);
      return "";
    },
    beat() {
      const at = now();
      // the process stood still: keys of that time may lie unread
      if (at - lastBeat > LATE_MS) quietSince = at;
      lastBeat = at;
      if (isOpen || written === undefined) return false;
      isOpen = at - written >= DEAD_MS && at - quietSince >= QUIET_MS;
      return isOpen;
    },
  };
}

const LONGEST_SEQUENCE = 32;

/** A key that sends several characters goes whole, also when only its beginning came too early. */
function withoutRest(dropped: string, keys: string): string {
  // deno-lint-ignore no-control-regex
  const [begun] = /\x1b(?:\[[0-9;?]*|O)?$/.exec(dropped) ?? [];
  if (begun === undefined) return keys;
  // deno-lint-ignore no-control-regex
  const [whole] = /^\x1b(?:\[[0-9;?]*[@-~]|O[@-~])/.exec(begun + keys) ?? [];
  return whole === undefined ? keys : keys.slice(whole.length - begun.length);
}
