/**
 * Whether a judge's words may stand in place of the program's own: nothing that can be checked may
 * get lost. Every number, address, path and name with digits of the program's words must be in the
 * new ones, and these may not be much shorter. So a translation passes, "ok" does not.
 */
export function keepsWhatWasSaid(own: string, reworded: string): boolean {
  if (looksLikeJson(reworded)) return false;
  if (looksLikeJson(own)) return true;
  const kept = factsIn(reworded);
  if ([...factsIn(own)].some((fact) => !kept.has(fact))) return false;
  return letters(reworded) * 2 >= letters(own);
}

/** Whether a text is data for programs and no words for people. */
export function looksLikeJson(text: string): boolean {
  const bare = text.trim().replace(/^```(?:json)?\s*|\s*```$/g, "");
  if (!/^[[{]/.test(bare)) return /[[{]\s*"[^"\n]+"\s*:/.test(bare);
  try {
    const value = JSON.parse(bare);
    return typeof value === "object" && value !== null;
  } catch {
    return /^[[{]\s*(?:"[^"\n]*"\s*:|[[{])/.test(bare); // it was cut
  }
}

/** Numbers without the signs between their digits, and pieces of text that people do not reword. */
function factsIn(text: string): ReadonlySet<string> {
  const numbers = text.match(/\d+(?:[.,'’\u00a0\u202f]\d+)*/g) ?? [];
  const names =
    text.match(/https?:\/\/[^\s)>\]"]+|[\w.-]*[\w-]\/[\w./-]+|\b[\w-]+\.[a-z]\w{0,4}\b/g) ??
      [];
  return new Set([
    ...numbers.map((number) => number.replace(/[^\d]/g, "")),
    ...names.map((name) => name.replace(/[.,;:!?]+$/, "").toLowerCase()),
  ]);
}

function letters(text: string): number {
  return text.replace(/[^\p{L}\p{N}]/gu, "").length;
}
