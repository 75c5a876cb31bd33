const OPEN = "<think>";
const CLOSE = "</think>";

/** Takes the thoughts off that some models write in front of their answer. */
export interface ThoughtFilter {
  /** What of the text so far can be shown now. */
  push(piece: string): string;
  /** What is left when the text has ended. */
  end(): string;
}

/**
 * Models that think aloud put it between `<think>` and `</think>` at the beginning of the text
 * when their server does not keep it apart. Such a beginning never gets through, also when it is
 * cut into pieces or never closed; the same marks further on are text.
 */
export function createThoughtFilter(): ThoughtFilter {
  let held = "";
  let state: "beginning" | "thinking" | "answering" = "beginning";
  return {
    push(piece) {
      if (state === "answering") return piece;
      held += piece;
      if (state === "beginning") {
        const start = held.trimStart();
        if (start.startsWith(OPEN)) state = "thinking";
        else if (!OPEN.startsWith(start)) return release();
      }
      if (state !== "thinking") return "";
      const close = held.indexOf(CLOSE);
      if (close < 0) return "";
      held = held.slice(close + CLOSE.length).trimStart();
      // What follows the mark may still be only white space; more of it may come.
      return held === "" ? "" : release();
    },
    end: () => state === "thinking" && held !== "" ? "" : release(),
  };

  function release(): string {
    state = "answering";
    const text = held;
    held = "";
    return text;
  }
}
