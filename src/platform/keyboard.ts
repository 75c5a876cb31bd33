import process from "node:process";
import { PassThrough } from "node:stream";
import { createPasteReader, type Typed } from "./_pastes.ts";

export type { Typed } from "./_pastes.ts";

/** Asks the terminal to mark what is pasted, or to leave it. */
export const MARK_PASTES = { on: "\x1b[?2004h", off: "\x1b[?2004l" } as const;

/**
 * Milliseconds between two beats; too short for a person to notice. In a compiled binary (2.7.11)
 * the event loop of a worker is not always woken by standard input; something that beats makes it
 * look.
 */
const BEAT_MS = 20;

/** Who listens to the keyboard. */
export interface Listener {
  take(typed: Typed): void;
  /** Nothing more will come. */
  end(): void;
  /** What of the characters that came is listened to at all. */
  filter?(piece: string): string;
  /** Called all the time. */
  beat?(): void;
}

/** The keyboard in somebody's hand. */
export interface Keyboard {
  /** Gives it back; the terminal is as it was. */
  release(): void;
}

/** Takes the keyboard: each key comes at once, none is echoed, and Ctrl-C is a key too. */
export function openKeyboard(listener: Listener): Keyboard {
  const { stdin } = process;
  const decoder = new TextDecoder();
  const reader = createPasteReader();
  let isQuiet = true;
  const hear = (bytes: Uint8Array) => {
    isQuiet = false;
    const piece = decoder.decode(bytes, { stream: true });
    const heard = listener.filter?.(piece) ?? piece;
    if (heard !== "") reader.read(heard).forEach(listener.take);
  };
  const beat = () => {
    if (isQuiet) reader.rest().forEach(listener.take);
    isQuiet = true;
    listener.beat?.();
  };
  const end = () => listener.end();
  stdin.setRawMode(true);
  stdin.on("data", hear).on("end", end);
  stdin.resume();
  if (stdin.readableEnded) queueMicrotask(end);
  const beating = setInterval(beat, BEAT_MS);
  return {
    release() {
      clearInterval(beating);
      stdin.off("data", hear).off("end", end);
      stdin.pause();
      stdin.setRawMode(false);
    },
  };
}

/** A stream that line editors and prompts take for a terminal; what is written to it are keys. */
export function createKeyStream(): PassThrough & NodeJS.ReadStream {
  const keys = new PassThrough();
  return Object.assign(keys, {
    isTTY: true,
    isRaw: true,
    setRawMode: () => keys,
  }) as unknown as PassThrough & NodeJS.ReadStream;
}
