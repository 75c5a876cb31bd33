import type { Json } from "../domain/json.ts";
import type { Files } from "../platform/platform.ts";
import { conversationOf } from "./_names.ts";
import { parseEntries, type SessionSummary, unansweredIn } from "./entry.ts";

/** What the index keeps about a file, and by what it knows that the file is still the same. */
interface IndexedFile {
  readonly size: number;
  readonly modified: number;
  readonly entries: number;
  readonly lastAt: number;
  readonly unanswered: number;
}

/** A summary, and how many messages in it wait for an answer. */
export type IndexedSession = SessionSummary & Pick<IndexedFile, "unanswered">;

const INDEX = "index.json";

/**
 * Looks at all conversations that are wanted, newest first, reading only the files that changed
 * since the last look. The index is derived: without it, everything is read once.
 */
export async function readIndex(
  files: Files,
  isWanted: (conversation: string) => boolean,
): Promise<readonly IndexedSession[]> {
  const known = await loadIndex(files);
  const found = new Map<string, IndexedFile>();
  const sessions = new Map<string, IndexedSession>();
  let changed = false;
  for (const { name, kind } of await files.list()) {
    const conversation = kind === "file" ? conversationOf(name) : undefined;
    if (conversation === undefined) continue;
    const before = known.get(name);
    const now = isWanted(conversation) ? await lookAt(files, name, before) : before;
    changed ||= now !== before;
    if (!now) continue;
    found.set(name, now);
    if (isWanted(conversation)) {
      sessions.set(conversation, join(conversation, sessions.get(conversation), now));
    }
  }
  if (changed || found.size !== known.size) {
    await files.replace(INDEX, JSON.stringify(Object.fromEntries(found)));
  }
  return [...sessions.values()].sort((a, b) => b.lastAt - a.lastAt);
}

/** A conversation may stand in two files until one of an old name is brought over. */
function join(
  conversation: string,
  other: IndexedSession | undefined,
  file: IndexedFile,
): IndexedSession {
  return {
    conversation,
    entries: file.entries + (other?.entries ?? 0),
    lastAt: Math.max(file.lastAt, other?.lastAt ?? 0),
    unanswered: file.unanswered + (other?.unanswered ?? 0),
  };
}

async function lookAt(
  files: Files,
  name: string,
  before: IndexedFile | undefined,
): Promise<IndexedFile | undefined> {
  const stat = await files.stat(name);
  if (!stat) return undefined;
  const { size, modified } = stat;
  if (before && before.size === size && before.modified === modified) return before;
  const entries = parseEntries(await files.readText(name) ?? "");
  return {
    size,
    modified,
    entries: entries.length,
    lastAt: Math.round((entries.at(-1)?.timestamp ?? 0) * 1000),
    unanswered: unansweredIn(entries).length,
  };
}

async function loadIndex(files: Files): Promise<Map<string, IndexedFile>> {
  const text = await files.readText(INDEX);
  try {
    const parsed: Json = JSON.parse(text ?? "{}");
    return new Map(Object.entries(parsed as object).filter(([, file]) => isIndexed(file)));
  } catch {
    return new Map(); // SyntaxError: it is built anew
  }
}

function isIndexed(file: unknown): file is IndexedFile {
  return typeof file === "object" && file !== null &&
    ["size", "modified", "entries", "lastAt", "unanswered"].every((name) =>
      typeof (file as Record<string, unknown>)[name] === "number"
    );
}
