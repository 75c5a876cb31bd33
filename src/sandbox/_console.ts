import { byteLength, isLarger } from "./_bytes.ts";

/** What a program prints, up to a number of bytes. */
export interface Printed {
  add(line: string): void;
  /** The lines since the last time. */
  take(): readonly string[];
}

/** Stands after the last line when there was more. */
export const CUT_MARK = "[more was printed and is not kept]";

/** Keeps at most `limit` bytes, line ends included; what is more is cut and marked once. */
export function createPrinted(limit: number): Printed {
  let lines: string[] = [];
  let left = limit;
  let isCut = false;
  return {
    add(line) {
      if (isCut) return;
      isCut = isLarger(line, left - 1);
      const kept = isCut ? cutToBytes(line, Math.max(0, left - 1)) : line;
      left -= byteLength(kept) + 1;
      if (!isCut || kept !== "") lines.push(kept);
      if (isCut) lines.push(CUT_MARK);
    },
    take() {
      const taken = lines;
      lines = [];
      return taken;
    },
  };
}

/** The longest beginning of a text that has at most `limit` bytes and ends with a whole character. */
function cutToBytes(text: string, limit: number): string {
  const room = new Uint8Array(limit);
  const { read } = new TextEncoder().encodeInto(text, room);
  return text.slice(0, read);
}
