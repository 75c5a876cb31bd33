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
  let state: "beginning" | "thinking" | "pausing" | "answering" = "beginning";
  return {
    push(piece) {
      held += piece;
      if (state === "beginning") begin();
      if (state === "thinking") think();
      if (state === "pausing") pause();
      return state === "answering" ? release() : "";
    },
    end: () => state === "thinking" ? "" : release(),
  };

  function begin(): void {
    const start = held.trimStart();
    if (start.startsWith(OPEN)) state = "thinking";
    else if (!OPEN.startsWith(start)) state = "answering";
  }

  function think(): void {
    const close = held.indexOf(CLOSE);
    if (close < 0) return;
    held = held.slice(close + CLOSE.length);
    state = "pausing";
  }

  /** White space between the thoughts and the answer belongs to neither. */
  function pause(): void {
    held = held.trimStart();
    if (held !== "") state = "answering";
  }

  function release(): string {
    const text = held;
    held = "";
    return text;
  }
}
