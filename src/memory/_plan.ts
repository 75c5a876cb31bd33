import type { Change, RemovedLine } from "./_changes.ts";
import { mergeFact } from "./_matching.ts";
import {
  formatItem,
  type Note,
  type Notes,
  parseNotes,
  withItems,
  withoutNotes,
} from "./_notes.ts";
import { cleanFact, type Fact, type FactsAdded } from "./fact.ts";

/** What MEMORY.md is to become, and the lines that come and go. */
export interface Plan {
  readonly file: string;
  readonly added: readonly string[];
  readonly removed: readonly RemovedLine[];
}

const LEARNED = "## Learned";
/** Facts at most; nobody looks through a memory that grows beyond this. */
const MOST_FACTS = 2000;

/** What the file becomes with these facts. */
export function planFacts(
  file: string,
  texts: readonly string[],
  marked: boolean,
): { readonly plan: Plan; readonly result: FactsAdded } {
  const parsed = parseNotes(file);
  const notes = factNotes(parsed);
  let facts: readonly Fact[] = notes;
  const known: string[] = [];
  const refused: string[] = [];
  for (const wanted of texts) {
    const text = cleanFact(wanted);
    if (text === undefined || facts.length >= MOST_FACTS) {
      refused.push(wanted);
      continue;
    }
    const merged = mergeFact(facts, { text, marked });
    if (merged.kind === "known") known.push(text);
    else facts = [...facts.filter((fact) => !merged.replaces.includes(fact)), { text, marked }];
  }
  const gone = notes.filter((note) => !facts.includes(note));
  const added = facts.filter((fact) => !notes.includes(fact as Note));
  const lines = added.map((fact) => formatItem(fact.text, fact.marked));
  const changed = withItems(withoutNotes(parsed, gone), LEARNED, lines);
  return {
    plan: { file: changed, added: lines, removed: gone.map((note) => lineOf(parsed, note)) },
    result: { added, known, refused },
  };
}

/** What the file becomes without a change; `undefined` when nothing of the change is left. */
export function planUndo(file: string, change: Change): Plan | undefined {
  const parsed = parseNotes(file);
  const notes = factNotes(parsed);
  const gone = notes.filter((note) => change.added.includes(lineOf(parsed, note).line));
  const present = new Set(notes.map((note) => lineOf(parsed, note).line));
  const back = change.removed.filter(({ line }) => !present.has(line));
  if (gone.length === 0 && back.length === 0) return undefined;
  return {
    file: back.reduce(
      (text, { line, heading }) => withItems(text, heading === "" ? LEARNED : heading, [line]),
      withoutNotes(parsed, gone),
    ),
    added: back.map(({ line }) => line),
    removed: gone.map((note) => lineOf(parsed, note)),
  };
}

export function factNotes({ notes }: Notes): Note[] {
  return notes.filter((note) => note.kind === "fact");
}

export function factOf({ text, marked }: Note): Fact {
  return { text, marked };
}

/** A note as it stands in the file, without the end of its line. */
export function lineOf({ lines }: Notes, note: Note): RemovedLine {
  return { line: lines.slice(note.from, note.to).join("").trimEnd(), heading: note.heading };
}
