/**
 * Whether two texts are the same, in a time that does not tell how much of them is. For codes and
 * tokens that somebody might guess.
 */
export function isSameText(given: string, kept: string): boolean {
  const encoder = new TextEncoder();
  const [a, b] = [encoder.encode(given), encoder.encode(kept)];
  let differs = a.length ^ b.length;
  for (let at = 0; at < a.length; at++) differs |= (a[at] ?? 0) ^ (b[at % b.length] ?? 0);
  return differs === 0;
}
