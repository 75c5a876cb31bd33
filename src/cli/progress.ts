import type { Terminal } from "../platform/platform.ts";
import { escapeLine, escapeText } from "../text/escape.ts";

/** Milliseconds before anything is shown: short answers need no progress line. */
const SILENT_MS = 700;
const REFRESH_MS = 250;

/** What is going on, in one line that goes away again; and chat text as it arrives. */
export interface Progress {
  /** To be handed to the app. */
  readonly options: {
    readonly onProgress: (phase: string) => void;
    readonly onText?: (piece: string) => void;
    readonly around: <T>(question: () => Promise<T>) => Promise<T>;
  };
  /** Whether the answer was printed piece by piece. */
  streamed(): boolean;
  /** Takes the line away. */
  end(): void;
}

/** Shows progress on standard error while an answer takes time. Silent where nobody watches. */
export function showProgress(terminal: Terminal, quiet: boolean): Progress {
  const started = performance.now();
  const shows = terminal.interactive && !quiet;
  let phase = "starting";
  let streamed = false;
  let paused = false;
  let drawn = false;
  const clear = () => {
    if (drawn) terminal.err("\r\x1b[K");
    drawn = false;
  };
  const draw = () => {
    const elapsed = performance.now() - started;
    if (paused || streamed || elapsed < SILENT_MS) return;
    const line = `… ${escapeLine(phase)} (${Math.round(elapsed / 1000)} s)`;
    terminal.err(`\r\x1b[K${line.slice(0, terminal.columns() - 1)}`);
    drawn = true;
  };
  const timer = shows ? setInterval(draw, REFRESH_MS) : undefined;
  return {
    options: {
      onProgress: (next) => phase = next,
      ...(quiet ? {} : {
        onText: (piece: string) => {
          clear();
          streamed = true;
          terminal.out(escapeText(piece));
        },
      }),
      around: async (question) => {
        paused = true;
        clear();
        try {
          return await question();
        } finally {
          paused = false;
        }
      },
    },
    streamed: () => streamed,
    end() {
      clearInterval(timer);
      clear();
    },
  };
}
