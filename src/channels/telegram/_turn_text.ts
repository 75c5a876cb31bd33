import type { Phase, TurnEvent } from "../../domain/turn_event.ts";

/** What a person reads of a turn while it is under way. */
export interface TurnText {
  hear(event: TurnEvent): void;
  /** The answer as far as it has come; empty while there is none. */
  readonly answer: string;
  /** What the turn is busy with. `ms`: how long it has taken. */
  status(ms: number): string;
}

/** Begins before the first event. */
export function createTurnText(): TurnText {
  let doing = "Thinking";
  let tool: string | undefined;
  let answer = "";
  return {
    hear(event) {
      switch (event.kind) {
        case "phase":
          [doing, tool, answer] = [WORDS[event.phase], undefined, ""];
          break;
        case "call_started":
          tool = event.tool;
          break;
        case "call_ended":
          tool = undefined;
          break;
        case "text":
          answer += event.piece;
      }
    },
    get answer() {
      return answer;
    },
    status(ms) {
      const what = tool === undefined ? doing : `${doing}: ${tool}`;
      const took = rounded(ms / 1000);
      return took === undefined ? `⏳ ${what}…` : `⏳ ${what}… (${took}; /cancel stops it)`;
    },
  };
}

const WORDS: Readonly<Record<Phase, string>> = {
  "waiting for the conversation": "Waiting for its turn",
  choosing: "Thinking",
  "writing a program": "Writing a program",
  "mending the program": "Mending the program",
  running: "Running",
  "checking the result": "Checking the result",
  answering: "Answering",
};

/** In steps, for each one is an edit. */
function rounded(seconds: number): string | undefined {
  if (seconds < 10) return undefined;
  if (seconds < 60) return `${Math.floor(seconds / 10) * 10} s`;
  return `${Math.floor(seconds / 60)} min`;
}
