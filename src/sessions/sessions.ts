import type { Json } from "../domain/json.ts";
import type { Clean } from "../domain/redacted.ts";
import { appendJsonLine } from "../platform/json_lines.ts";
import type { Clock, Files } from "../platform/platform.ts";
import { fileStamp } from "../text/stamp.ts";
import { readIndex } from "./_index.ts";
import { fileOf, legacyFileOf } from "./_names.ts";
import { parseEntries, type SessionEntry, type SessionSummary, unansweredIn } from "./entry.ts";

/** An entry before it has its time. */
export type NewEntry = Omit<SessionEntry, "timestamp" | "metadata"> & Partial<SessionEntry>;

/** Something that a person said and that got no answer, as after a crash. */
export interface UnansweredMessage {
  readonly conversation: string;
  readonly entry: SessionEntry;
}

/** All conversations, each in a file of its own. Names are `CHANNEL:NAME`. */
export interface Sessions {
  /** Adds an entry; it is on disk when this resolves. */
  append(conversation: string, entry: Clean<NewEntry>): Promise<SessionEntry>;
  /** The whole conversation, oldest first; `[]` when there is none. */
  read(conversation: string): Promise<readonly SessionEntry[]>;
  /** All conversations, newest first. */
  list(): Promise<readonly SessionSummary[]>;
  /** The newest conversation whose name begins so. */
  lastConversation(prefix: string): Promise<string | undefined>;
  /**
   * Messages with a turn in their metadata that no assistant or system entry of that turn follows.
   * An entry with the role `system` and the same turn marks one as interrupted.
   */
  findUnanswered(): Promise<readonly UnansweredMessage[]>;
  /**
   * Puts `entries` in place of `seen`, the beginning of the conversation as it was read; what was
   * added meanwhile stays behind them. The old file goes to the archive.
   * @returns `false`, with nothing changed, when the conversation no longer begins so
   */
  rewrite(
    conversation: string,
    seen: readonly SessionEntry[],
    entries: Clean<readonly SessionEntry[]>,
  ): Promise<boolean>;
  /**
   * Does something while nobody else, in this process or another, does the same for this
   * conversation: one turn at a time. A process that dies holds nothing any more. Rejects with the
   * signal's reason when that is aborted while it waits.
   */
  exclusively<T>(
    conversation: string,
    action: () => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T>;
  /** Moves a conversation to the archive; `false` when there is none. */
  remove(conversation: string): Promise<boolean>;
}

/** Opens the directory of the conversations: one file of JSON lines each. */
export function openSessions(files: Files, clock: Clock): Sessions {
  const locked = async <T>(conversation: string, action: (file: string) => Promise<T>) => {
    const file = fileOf(conversation);
    return await files.locked(`locks/${file}`, async () => {
      await migrate(files, conversation, clock);
      return await action(file);
    });
  };
  const find = (conversation: string) => readIndex(files, (name) => name.startsWith(conversation));
  const read = async (conversation: string) => {
    const legacy = legacyFileOf(conversation);
    const text = legacy !== undefined && await files.stat(legacy)
      ? await locked(conversation, (file) => files.readText(file))
      : await files.readText(fileOf(conversation));
    return parseEntries(text ?? "");
  };
  return {
    read,
    append: (conversation, { role, content, timestamp, metadata }) =>
      locked(conversation, async (file) => {
        const entry = {
          role,
          content,
          timestamp: timestamp ?? clock.now() / 1000,
          metadata: metadata ?? {},
        };
        await appendJsonLine(files, file, asJson(entry));
        return entry;
      }),
    list: async () =>
      (await find("")).map(({ conversation, entries, lastAt }) => ({
        conversation,
        entries,
        lastAt,
      })),
    lastConversation: async (prefix) => (await find(prefix))[0]?.conversation,
    findUnanswered: async () => {
      const waiting = (await find("")).filter(({ unanswered }) => unanswered > 0);
      const messages = waiting.map(async ({ conversation }) =>
        unansweredIn(await read(conversation)).map((entry) => ({ conversation, entry }))
      );
      return (await Promise.all(messages)).flat();
    },
    rewrite: (conversation, seen, entries) =>
      locked(conversation, async (file) => {
        const before = await files.readText(file) ?? "";
        const current = parseEntries(before);
        if (textOf(current.slice(0, seen.length)) !== textOf(seen)) return false;
        if (before !== "") await files.replace(await archiveName(files, file, clock), before);
        await files.replace(file, textOf([...entries, ...current.slice(seen.length)]));
        return true;
      }),
    exclusively: (conversation, action, signal) =>
      files.locked(`locks/turn-${fileOf(conversation)}`, action, signal),
    remove: (conversation) =>
      locked(conversation, async (file) => {
        if (!await files.stat(file)) return false;
        await files.move(file, await archiveName(files, file, clock));
        return true;
      }),
  };
}

/** Brings a file of an old name over. Where both exist, the old one is the older part. */
async function migrate(files: Files, conversation: string, clock: Clock): Promise<void> {
  const legacy = legacyFileOf(conversation);
  if (legacy === undefined || !await files.stat(legacy)) return;
  const file = fileOf(conversation);
  const newer = await files.readText(file);
  if (newer === undefined) return await files.move(legacy, file);
  const older = (await files.readText(legacy) ?? "").replace(/[^\n]$/, "$&\n");
  // After a crash between these two steps the older part is there already.
  if (!newer.startsWith(older)) await files.replace(file, older + newer);
  await files.move(legacy, await archiveName(files, legacy, clock));
}

async function archiveName(files: Files, file: string, clock: Clock): Promise<string> {
  const base = `archive/${file.slice(0, -".jsonl".length)}.${fileStamp(clock.now())}`;
  let name = `${base}.jsonl`;
  for (let count = 2; await files.stat(name); count++) name = `${base}-${count}.jsonl`;
  return name;
}

function textOf(entries: readonly SessionEntry[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
}

/** An entry is JSON once members that are `undefined` are left out, as writing does. */
function asJson(entry: SessionEntry): Json {
  return entry as unknown as Json;
}
