const BEGIN = "\x1b[200~";
const END = "\x1b[201~";

/** Ends a paste whose end never came, when it comes alone. */
const CTRL_C = "\x03";

/** What came from the keyboard: keys as the terminal sends them, or what was pasted in one piece. */
export interface Typed {
  readonly kind: "keys" | "paste";
  readonly text: string;
}

/** Tells pastes from keys in what a terminal in bracketed paste mode sends. */
export interface PasteReader {
  read(piece: string): Typed[];
  /** What was held back because it may be the beginning of a mark; for when nothing follows. */
  rest(): Typed[];
}

/** The marks may be split over pieces. They are never part of what comes out. */
export function createPasteReader(): PasteReader {
  let held = "";
  let pasted: string | undefined;
  return {
    read(piece) {
      if (piece === CTRL_C) {
        held = "";
        pasted = undefined;
        return [{ kind: "keys", text: piece }];
      }
      const found: Typed[] = [];
      let left = held + piece;
      held = "";
      while (left !== "") {
        const { before, mark, after } = split(left, pasted === undefined);
        if (pasted !== undefined) pasted += before;
        else if (before !== "") found.push({ kind: "keys", text: before });
        if (mark === BEGIN) pasted = "";
        if (mark === END && pasted !== undefined) {
          found.push({ kind: "paste", text: pasted });
          pasted = undefined;
        }
        if (mark === undefined) held = after;
        left = mark === undefined ? "" : after;
      }
      return found;
    },
    rest() {
      if (held === "" || pasted !== undefined) return [];
      const text = held;
      held = "";
      return [{ kind: "keys", text }];
    },
  };
}

/** Up to the next mark; without one, `after` is what may be the beginning of a mark. */
function split(text: string, outside: boolean): { before: string; mark?: string; after: string } {
  const marks = (outside ? [BEGIN, END] : [END]).map((mark) => ({ mark, at: text.indexOf(mark) }))
    .filter(({ at }) => at >= 0).sort((a, b) => a.at - b.at);
  const [next] = marks;
  if (next) {
    const after = text.slice(next.at + next.mark.length);
    return { before: text.slice(0, next.at), mark: next.mark, after };
  }
  const length = lengthOfBegun(text);
  return { before: text.slice(0, text.length - length), after: text.slice(text.length - length) };
}

function lengthOfBegun(text: string): number {
  for (let length = Math.min(BEGIN.length - 1, text.length); length > 0; length--) {
    const end = text.slice(-length);
    if (BEGIN.startsWith(end) || END.startsWith(end)) return length;
  }
  return 0;
}
