import {
  END_OF_ANSWER,
  isQuoted,
  LONGEST_MARK,
  markAtStart,
  MAYBE_END_OF_ANSWER,
  mayBecomeMark,
  type ThoughtMark,
} from "./_thought_marks.ts";
import { endOfUnopened } from "./_unopened.ts";

/** Takes off the thoughts that some models write into their answer. */
export interface ThoughtFilter {
  /** What of the text so far can be shown now. */
  push(piece: string): string;
  /** What is left when the text has ended. */
  end(): string;
}

/** An answer and what became of the thoughts in it. */
export interface Sifted {
  readonly text: string;
  /** They ended with a mark that nothing had opened: such text must not be shown as it arrives. */
  readonly unopened: boolean;
}

/** The answer in a whole text, without all that was thought before it. */
export function withoutThoughts(text: string): Sifted {
  const cut = endOfUnopened(text);
  const filter = createThoughtFilter();
  const rest = cut === 0 ? text : text.slice(cut).trimStart();
  return { text: filter.push(rest) + filter.end(), unopened: cut > 0 };
}

/**
 * Thoughts that a mark opens never get through, also when they are cut into pieces or never
 * closed. A mark opens them at the beginning of the text or of a line outside of code; in the
 * middle of a line it is spoken of.
 */
export function createThoughtFilter(): ThoughtFilter {
  let held = "";
  let thinking: ThoughtMark | undefined;
  let fence: string | undefined;
  let [lineBegins, answered, pausing] = [true, false, false];
  return {
    push(piece) {
      held += piece;
      return advance();
    },
    end() {
      const rest = thinking ? "" : held.replace(END_OF_ANSWER, "");
      held = "";
      return rest;
    },
  };

  function advance(): string {
    let shown = "";
    for (;;) {
      if (thinking && !think(thinking)) return shown;
      if (pausing && !pause()) return shown;
      if (lineBegins) {
        const begun = beginLine();
        if (begun === "waits") return shown;
        if (begun === "thinks") continue;
      }
      const end = held.indexOf("\n") + 1;
      if (end === 0) return shown + release();
      shown += held.slice(0, end);
      held = held.slice(end);
      lineBegins = true;
    }
  }

  /** Whether the thoughts have ended; what belonged to them is gone. */
  function think(mark: ThoughtMark): boolean {
    const end = endOfThoughts(held, mark);
    held = held.slice(end ?? -2 * LONGEST_MARK);
    if (end === undefined) return false;
    thinking = undefined;
    pausing = true;
    return true;
  }

  /** White space between thoughts and answer belongs to neither. */
  function pause(): boolean {
    held = held.trimStart();
    if (held === "") return false;
    pausing = false;
    lineBegins = true;
    return true;
  }

  /** A line begins thoughts, code or text; which one is certain after a few characters. */
  function beginLine(): "waits" | "thinks" | "speaks" {
    const rest = answered ? held.replace(/^[ \t]+/, "") : held.trimStart();
    if (rest === "") return "waits";
    const opened = fence === undefined ? markAtStart(rest) : undefined;
    if (opened) {
      thinking = opened.mark;
      held = rest.slice(opened.length);
      return "thinks";
    }
    if (fence === undefined && mayBecomeMark(rest)) return "waits";
    if (rest.length < 3 && FENCES.some((one) => one.startsWith(rest))) return "waits";
    const code = FENCES.find((one) => rest.startsWith(one));
    if (code !== undefined) fence = fence === code ? undefined : fence ?? code;
    lineBegins = false;
    answered = true;
    return "speaks";
  }

  function release(): string {
    const tail = MAYBE_END_OF_ANSWER.exec(held.slice(-24))?.[0].length ?? 0;
    const shown = held.slice(0, held.length - tail);
    held = held.slice(shown.length);
    return shown;
  }
}

const FENCES = ["```", "~~~"];

/** Index behind the mark that ends the thoughts; `undefined` while it is not certainly there. */
function endOfThoughts(text: string, { closes, closedBefore = [] }: ThoughtMark) {
  const small = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const ends = [
    ...closes.flatMap((close) => unquoted(small, close).map((at) => [at, at + close.length])),
    ...closedBefore.flatMap((close) => unquoted(small, close).map((at) => [at, at])),
  ];
  const [at = 0, end] = ends.sort(([a = 0], [b = 0]) => a - b)[0] ?? [];
  const mayBeQuoted = end === text.length && isQuoted(`${text}"`, at, end);
  return mayBeQuoted ? undefined : end;
}

/** Where a mark stands for the first time without quotes around it. */
function unquoted(text: string, mark: string): number[] {
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
    if (!isQuoted(text, at, at + mark.length)) return [at];
  }
  return [];
}
