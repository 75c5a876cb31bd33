import { estimateTokens } from "../text/tokens.ts";
import { wordsOf } from "../text/words.ts";
import { type Note, type Notes, withoutComments } from "./_notes.ts";

/** Who reads the memory: only chat, which has no tools, may see marked text. */
export type Reader = "chat" | "code";

/** The whole memory for this reader, without comments; "" when it holds nothing but a frame. */
export function renderNotes({ lines, notes, hidden }: Notes, reader: Reader): string {
  if (notes.length === 0) return "";
  const owners = new Map(
    notes.flatMap((note) =>
      lines.slice(note.from, note.to).map((_, offset) => [note.from + offset, note] as const)
    ),
  );
  const rendered = lines.flatMap((line, index) => {
    const note = owners.get(index);
    if (note?.marked && reader === "code") {
      return index === note.from ? [formatNote(note, reader)] : [];
    }
    const plain = withoutComments(line);
    return hidden.has(index) || (plain.trim() === "" && line.trim() !== "") ? [] : [plain];
  });
  return rendered.join("\n").replaceAll(/\n{3,}/g, "\n\n").trim();
}

/**
 * What fits into `budget` tokens of the notes that share words with the request and of the newest
 * ones (the later in the file, the newer), in the order of the file, and a notice.
 */
export function selectNotes(
  notes: readonly Note[],
  budget: number,
  request: string,
  reader: Reader,
): string {
  const chosen = new Set<Note>();
  let room = budget - estimateTokens(notice(notes.length, notes.length)) - 1;
  for (const note of ranked(notes, request)) {
    // a heading is counted for each of its notes, so the sum errs on the high side
    const cost = estimateTokens(`${note.heading}\n${formatNote(note, reader)}\n`) + 1;
    if (cost > room) continue;
    chosen.add(note);
    room -= cost;
  }
  if (chosen.size === 0) return "";
  const kept = notes.filter((note) => chosen.has(note));
  return `${underHeadings(kept, reader)}\n\n${notice(kept.length, notes.length)}`;
}

function notice(kept: number, all: number): string {
  return `(This is a part of the memory: ${kept} of ${all} notes. The tool memory_recall has all.)`;
}

/** Most relevant first, then newest. */
function ranked(notes: readonly Note[], request: string): Note[] {
  const words = new Map(notes.map((note) => [note, new Set(wordsOf(note.text))]));
  const wanted = new Set(wordsOf(request));
  const weights = new Map([...wanted].map((word) => [word, rarity(word, [...words.values()])]));
  const score = (note: Note) =>
    [...words.get(note) ?? []].reduce((sum, word) => sum + (weights.get(word) ?? 0), 0);
  const scores = new Map(notes.map((note) => [note, score(note)]));
  return notes.toReversed().sort((a, b) => (scores.get(b) ?? 0) - (scores.get(a) ?? 0));
}

/** A word that stands in every fourth note says nothing about relevance. */
function rarity(word: string, notes: readonly ReadonlySet<string>[]): number {
  const holding = notes.filter((words) => words.has(word)).length;
  return holding === 0 || holding > notes.length / 4 ? 0 : Math.log(notes.length / holding);
}

function underHeadings(notes: readonly Note[], reader: Reader): string {
  const lines: string[] = [];
  let heading = "";
  for (const note of notes) {
    if (note.heading !== heading) lines.push(note.heading);
    heading = note.heading;
    lines.push(formatNote(note, reader));
  }
  return lines.join("\n");
}

function formatNote(note: Note, reader: Reader): string {
  const text = note.marked && reader === "code" ? placeholder(note.text) : note.text;
  return note.kind === "fact" ? `- ${text}` : text;
}

function placeholder(text: string): string {
  return `(a note of untrusted origin, ${text.length} characters, not shown here)`;
}
