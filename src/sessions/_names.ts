import { CodedError } from "../domain/failure.ts";

/** Bytes of a conversation's name, so that its file name fits every file system. */
const LONGEST = 180;

/**
 * The file of a conversation: its name in base64url without padding.
 * @throws {CodedError} `usage` when the name is too long for a file
 */
export function fileOf(conversation: string): string {
  if (!conversation.includes(":")) {
    throw new RangeError(`"${conversation}" names no channel: CHANNEL:NAME`);
  }
  const bytes = new TextEncoder().encode(conversation);
  if (bytes.length > LONGEST) {
    throw new CodedError("usage", `A session's name has ${LONGEST} bytes at most.`);
  }
  return `${encode(bytes)}.jsonl`;
}

/** The name that old versions gave to the file of a conversation, where it can have had one. */
export function legacyFileOf(conversation: string): string | undefined {
  if (!/^\w[\w:.@-]*$/.test(conversation)) return undefined;
  return `${conversation.replaceAll(":", "_")}.jsonl`;
}

/**
 * The conversation of a file. Of an old name the first `_` stands for the colon behind the
 * channel; the result leads to the same old name again.
 */
export function conversationOf(file: string): string | undefined {
  if (!file.endsWith(".jsonl")) return undefined;
  const stem = file.slice(0, -".jsonl".length);
  return decode(stem) ?? (/^[a-z]+_./.test(stem) ? stem.replace("_", ":") : undefined);
}

function encode(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

function decode(stem: string): string | undefined {
  try {
    const bytes = Uint8Array.fromBase64(stem, { alphabet: "base64url" });
    const name = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return name.includes(":") && encode(bytes) === stem ? name : undefined;
  } catch {
    return undefined; // no base64, or no UTF-8 in it
  }
}
