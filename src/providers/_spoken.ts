import { type Addressee, broken } from "./_failures.ts";
import { isRecord } from "./_told.ts";

/**
 * What was said in a recording, from the answer of a Whisper server. Pieces in which nobody spoke
 * are left out: there the model writes what it has heard most often, such as thanks for watching.
 * Empty when nothing was said.
 */
export function readSpoken(answer: object, to: Addressee): string {
  const { text, segments } = answer as { readonly text?: unknown; readonly segments?: unknown };
  if (typeof text !== "string") throw broken(to, "sent no text");
  const pieces = Array.isArray(segments) ? segments.filter(isRecord) : [];
  const isTold = pieces.length > 0 && pieces.every((piece) => typeof piece.text === "string");
  if (!isTold || !pieces.some(isInvented)) return text.trim();
  return pieces.filter((piece) => !isInvented(piece)).map(({ text }) => text).join("").trim();
}

/**
 * Whisper's own rule (openai/whisper, transcribe.py: `no_speech_threshold`, `logprob_threshold`,
 * `compression_ratio_threshold`), and a stricter one where it is all but certain of silence.
 */
function isInvented(segment: Readonly<Record<string, unknown>>): boolean {
  const silence = numberOr(0, segment.no_speech_prob);
  const certainty = numberOr(0, segment.avg_logprob);
  const isSilent = (silence > 0.6 && certainty < -1) || (silence > 0.9 && certainty < -0.5);
  return isSilent || numberOr(1, segment.compression_ratio) > 2.4;
}

function numberOr(fallback: number, value: unknown): number {
  return typeof value === "number" ? value : fallback;
}
