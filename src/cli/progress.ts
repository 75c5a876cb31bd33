import type { Surroundings } from "../app/surroundings.ts";
import type { TurnEvent } from "../domain/turn_event.ts";
import type { Terminal } from "../platform/platform.ts";
import { escapeLine, escapeText } from "../text/escape.ts";

/** Milliseconds before anything is shown: short answers need no progress line. */
const SILENT_MS = 700;
const REFRESH_MS = 250;

/** What is going on, in one line that goes away again; and chat text as it arrives. */
export interface Progress {
  /** What it wants of the turn. */
  readonly surroundings: Pick<Surroundings, "listen" | "streams">;
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
  let questions = 0;
  let drawn = false;
  const clear = () => {
    if (drawn) terminal.err("\r\x1b[K");
    drawn = false;
  };
  const draw = () => {
    const elapsed = performance.now() - started;
    if (questions > 0 || streamed || elapsed < SILENT_MS) return;
    const line = `… ${escapeLine(phase)} (${Math.round(elapsed / 1000)} s)`;
    terminal.err(`\r\x1b[K${line.slice(0, terminal.columns() - 1)}`);
    drawn = true;
  };
  const listen = (event: TurnEvent) => {
    switch (event.kind) {
      case "phase":
        return void (phase = event.phase);
      case "call_started":
        return void (phase = `running ${event.tool}`);
      case "call_ended":
        return void (phase = "running");
      case "question_asked":
        questions++;
        return clear();
      case "question_answered":
        return void questions--;
      case "text":
        if (quiet) return;
        clear();
        streamed = true;
        return terminal.out(escapeText(event.piece));
      case "turn_started":
      case "note":
      case "turn_ended":
        return;
    }
  };
  const timer = shows ? setInterval(draw, REFRESH_MS) : undefined;
  return {
    surroundings: { listen, streams: !quiet },
    streamed: () => streamed,
    end() {
      clearInterval(timer);
      clear();
    },
  };
}
