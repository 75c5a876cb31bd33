/**
 * Breaks a line into pieces that a terminal shows on one line each. Characters beyond Latin are
 * taken as two columns wide, so a piece may be shorter than it had to be, but never longer. A
 * character and the marks on it stay together.
 */
export function wrapLine(line: string, columns: number): string[] {
  const most = Math.max(columns, 10);
  if (isPlain(line) && line.length <= most) return [line];
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  const pieces: string[] = [];
  let piece = "";
  let width = 0;
  for (const { segment } of segmenter.segment(line)) {
    const wide = isPlain(segment) ? segment.length : 2 * segment.length;
    if (width + wide > most && piece !== "") {
      pieces.push(piece);
      [piece, width] = ["", 0];
    }
    piece += segment;
    width += wide;
  }
  return [...pieces, piece];
}

/** Made for the first line that needs it: that takes 12 ms. */
let segmenter: Intl.Segmenter | undefined;

/** Latin, Greek and Cyrillic letters and the signs of ASCII: one column each. */
function isPlain(text: string): boolean {
  return /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f]*$/.test(text);
}
