import type { Redacted } from "../domain/redacted.ts";
import type { Json } from "../domain/json.ts";
import type { Clock, Files } from "../platform/platform.ts";
import type { History } from "./history.ts";

/** How far the history tells each conversation. */
export interface SummedUp {
  /** Time of the last entry that it tells, in seconds since 1970; 0 when it tells none. */
  upTo(conversation: string): Promise<number>;
  /** The same for all conversations at once, for whoever looks for one to take. */
  survey(): Promise<Survey>;
  /**
   * Takes a conversation in order to sum it up: nobody else gets it for some minutes. `false` when
   * somebody else has taken it, or it could not be summed up three times.
   */
  claim(conversation: string): Promise<boolean>;
  /**
   * Adds the summary of a conversation up to an entry, under the time of that entry, and once only,
   * whenever the process is killed. `false` when the history tells that much already.
   */
  add(conversation: string, upTo: number, text: Redacted): Promise<boolean>;
}

/** How things stood with all conversations when it was made. */
export interface Survey {
  /** As {@linkcode SummedUp.upTo}. */
  upTo(conversation: string): number;
  /** Nobody has taken it, and it has been tried less than three times. */
  isFree(conversation: string): boolean;
}

/** What is known about one conversation. Times in seconds since 1970. */
interface Mark {
  readonly upTo: number;
  readonly claimedUntil?: number;
  /** Times that it was taken since the history tells more of it. */
  readonly tries?: number;
  /** A summary on its way into the history. */
  readonly pending?: { readonly upTo: number; readonly text: Redacted };
}

type Marks = Readonly<Record<string, Mark>>;

const NAME = "history-conversations.json";
const CLAIM_SECONDS = 600;
const MOST_TRIES = 3;
/** Newest entries of the history among which one that was on its way is looked for. */
const LOOKED_AT = 50;

/** Opens it in the memory's directory, over the history there. */
export function openSummedUp(
  files: Files,
  history: Pick<History, "append" | "newest">,
  clock: Pick<Clock, "now">,
): SummedUp {
  const locked = <T>(action: (marks: Marks) => Promise<T>) =>
    files.locked("history-conversations", async () => await action(await settle(await read())));
  const read = async () => parseMarks(await files.readText(NAME));
  const write = async (marks: Marks, conversation: string, mark: Mark) => {
    const changed = { ...marks, [conversation]: mark };
    await files.replace(NAME, JSON.stringify(changed));
    return changed;
  };

  /** Finishes what a crash interrupted. */
  async function settle(marks: Marks): Promise<Marks> {
    let settled = marks;
    for (const [conversation, { pending }] of Object.entries(marks)) {
      if (!pending) continue;
      const newest = await history.newest(LOOKED_AT);
      if (!newest.some(({ text }) => text === asKept(pending.text))) await append(pending);
      settled = await write(settled, conversation, { upTo: pending.upTo });
    }
    return settled;
  }

  const append = ({ upTo, text }: NonNullable<Mark["pending"]>) =>
    history.append(text, { at: upTo * 1000 });

  return {
    upTo: async (conversation) => toldUpTo(markOf(await read(), conversation)),
    async survey() {
      const marks = await read();
      const now = clock.now() / 1000;
      return {
        upTo: (conversation) => toldUpTo(markOf(marks, conversation)),
        isFree: (conversation) => isFree(markOf(marks, conversation), now),
      };
    },
    claim: (conversation) =>
      locked(async (marks) => {
        const now = clock.now() / 1000;
        const mark = markOf(marks, conversation);
        if (!isFree(mark, now)) return false;
        const { upTo = 0, tries = 0 } = mark ?? {};
        const claimed = { upTo, claimedUntil: now + CLAIM_SECONDS, tries: tries + 1 };
        await write(marks, conversation, claimed);
        return true;
      }),
    add: (conversation, upTo, text) =>
      locked(async (marks) => {
        const before = markOf(marks, conversation) ?? { upTo: 0 };
        if (before.upTo >= upTo) return false;
        if (text.trim() === "") return await write(marks, conversation, { upTo }), true;
        const pending = { upTo, text };
        const noted = await write(marks, conversation, { ...before, pending });
        await append(pending);
        await write(noted, conversation, { upTo });
        return true;
      }),
  };
}

/** A text as it is read from the history again. */
function asKept(text: string): string {
  return text.toWellFormed().split(/\r\n|\r|\n/).join("\n").trim();
}

function toldUpTo({ upTo = 0, pending }: Partial<Mark> = {}): number {
  return Math.max(upTo, pending?.upTo ?? 0);
}

/** `now`: in seconds since 1970. */
function isFree({ claimedUntil = 0, tries = 0 }: Partial<Mark> = {}, now: number): boolean {
  return claimedUntil <= now && tries < MOST_TRIES;
}

function markOf(marks: Marks, conversation: string): Mark | undefined {
  return Object.hasOwn(marks, conversation) ? marks[conversation] : undefined;
}

/** What cannot be read tells nothing: then a conversation may be told again. */
function parseMarks(text: string | undefined): Marks {
  try {
    const value = JSON.parse(text ?? "{}") as Json;
    const entries = Object.entries(value ?? {}).filter(([, mark]) => isMark(mark));
    return Object.fromEntries(entries) as unknown as Marks;
  } catch {
    return {};
  }
}

function isMark(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return "upTo" in value && typeof value.upTo === "number";
}
