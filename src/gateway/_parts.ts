import type { QuotedText } from "../channels/channel.ts";
import type { KeptUpdate } from "./store.ts";

// What makes one request of several updates: albums, forwarded bursts with a word on them, and texts
// that were too long for one message.

/** Characters below a channel's limit at which people's programs may cut a long text. */
const NEAR_LIMIT = 200;

/** Whether there may be more of it. `longest`: characters of one message at most. */
export function mayGoOn(update: KeptUpdate, longest: number | undefined): boolean {
  return update.joinKey !== undefined || isForward(update) || isCut(lastTextOf(update), longest);
}

/** Whether an update of the same person goes on with what was said before it. */
export function goesOn(
  before: KeptUpdate,
  next: KeptUpdate,
  longest: number | undefined,
): boolean {
  if (before.joinKey !== undefined || next.joinKey !== undefined) {
    return before.joinKey === next.joinKey || (isForward(before) && isForward(next));
  }
  if (isForward(before)) return isForward(next) || isPlain(next);
  if (isForward(next)) return isPlain(before);
  return isPlain(next) && isPlain(before) && isCut(before.text, longest);
}

/** Whether nothing but what others wrote or made is in it. */
export function isForward({ text, quoted = [], attachments = [] }: KeptUpdate): boolean {
  return text === "" && (quoted.some(({ how }) => how === "forwarded") ||
    attachments.some(({ forwarded }) => forwarded));
}

function isPlain({ text, attachments, press }: KeptUpdate): boolean {
  return text !== "" && attachments === undefined && press === undefined;
}

/** All of them as the one that they are: it keeps the number and the turn of the first. */
export function joinParts(
  parts: readonly [KeptUpdate, ...KeptUpdate[]],
  longest: number | undefined,
): KeptUpdate {
  const [first, ...others] = parts;
  if (others.length === 0) return first;
  const { joinKey: _, quoted: _quoted, attachments: _attachments, ...known } = first;
  const quoted = joinQuoted(parts.flatMap((part) => part.quoted ?? []), longest);
  const attachments = parts.flatMap((part) => part.attachments ?? []);
  const spoken = parts.find(({ text }) => text !== "") ?? first;
  return {
    ...known,
    text: joinTexts(parts.map(({ text }) => text), longest),
    ...(spoken.message === undefined ? {} : { message: spoken.message }),
    ...(spoken.replyTo === undefined ? {} : { replyTo: spoken.replyTo }),
    ...(quoted.length > 0 ? { quoted } : {}),
    ...(attachments.length > 0 ? { attachments } : {}),
    joined: true,
  };
}

/** What was cut at the limit goes on without a blank; other texts stand on lines of their own. */
function joinTexts(texts: readonly string[], longest: number | undefined): string {
  return texts.filter((text) => text !== "").reduce((joined, text, at, all) => {
    const isWhole = longest !== undefined && (all[at - 1]?.length ?? 0) >= longest;
    return at === 0 ? text : `${joined}${isWhole ? "" : "\n"}${text}`;
  }, "");
}

function joinQuoted(
  quoted: readonly QuotedText[],
  longest: number | undefined,
): readonly QuotedText[] {
  const joined: QuotedText[] = [];
  let isOpen = false;
  for (const one of quoted) {
    const last = joined.at(-1);
    const isSame = last && last.how === one.how && last.from === one.from;
    if (isOpen && isSame) joined.splice(-1, 1, { ...last, text: last.text + one.text });
    else joined.push(one);
    isOpen = longest !== undefined && one.text.length >= longest;
  }
  return joined;
}

function lastTextOf({ text, quoted = [] }: KeptUpdate): string {
  return text === "" ? quoted.at(-1)?.text ?? "" : text;
}

function isCut(text: string, longest: number | undefined): boolean {
  return longest !== undefined && text.length >= longest - NEAR_LIMIT;
}
