import type { UploadedFile } from "../artefacts/artefacts.ts";
import { isPicture, type Uploads } from "../artefacts/uploads.ts";
import type { Attachment, Channel } from "../channels/channel.ts";
import { CodedError } from "../domain/failure.ts";
import type { KeptUpdate } from "./store.ts";

/** A file that came with an update and lies in the directory of uploads. */
export interface KeptFile {
  readonly file: UploadedFile;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly isPicture: boolean;
}

/** Whose files are taken, and how much of them. */
export interface FileLimits {
  readonly channel: Pick<Channel, "fetchFile" | "largestFile">;
  readonly takesFiles: boolean;
  readonly listening: { readonly mostSeconds: number };
}

/** Looks at what is announced, before anything is fetched. @throws {CodedError} */
export function refuseTooMuch(
  { kind, bytes = 0, seconds = 0 }: Attachment,
  { channel, takesFiles, listening: { mostSeconds } }: FileLimits,
): void {
  if (!takesFiles) throw new CodedError("file_failed", "I take files from my owners only.");
  if (!channel.fetchFile) throw new CodedError("file_failed", "No files can be fetched here.");
  const { largestFile = Infinity } = channel;
  if (bytes > largestFile) {
    throw new CodedError(
      "file_too_large",
      `This ${kind} has ${sizeOf(bytes)}; files over ${
        sizeOf(largestFile)
      } cannot be fetched here.`,
      "Send a smaller one, or put it into the workspace of ClamBot by another way.",
    );
  }
  if ((kind === "voice" || kind === "audio") && seconds > mostSeconds) {
    throw new CodedError(
      "file_too_large",
      `This recording lasts ${seconds} seconds; ${mostSeconds} are the most that is listened to.`,
      "Raise tools.transcribe.maxDurationSeconds to have longer ones heard.",
    );
  }
}

/** Fetches a file and keeps it under a name that follows from its turn and its place there. */
export async function fetchAndKeep(
  announced: Attachment,
  { at, turn, place }: Pick<KeptUpdate, "at" | "turn"> & { readonly place: number },
  { channel, uploads }: Pick<FileLimits, "channel"> & { readonly uploads: Pick<Uploads, "keep"> },
  signal: AbortSignal,
): Promise<KeptFile> {
  if (!channel.fetchFile) throw new CodedError("file_failed", "No files can be fetched here.");
  const { kind, name = "", mime } = announced;
  const fetched = await channel.fetchFile(announced, signal);
  signal.throwIfAborted();
  const { bytes } = fetched;
  const stem = `${new Date(at).toISOString().slice(0, 10)}-${kind}-${turn}-${place}`;
  const file = await uploads.keep({ stem, bytes, names: [name, fetched.name ?? ""], mime });
  return { file, bytes, isPicture: isPicture(file.type) };
}

/** What a file is, in words of ours; with its sender's name for it, where that is told. */
export function describeFile(
  { kind, name }: Pick<Attachment, "kind" | "name">,
  { name: kept, type, bytes }: UploadedFile,
): string {
  const called = name === undefined ? "" : `; its sender calls it ${JSON.stringify(name)}`;
  return `${kind} upload/${kept}, ${type}, ${sizeOf(bytes)}${called}`;
}

/** Characters of a text file that are at hand without a tool. */
const LONGEST_TEXT = 20_000;

/** What a text file says, where it is short. */
export function textIn({ file, bytes }: KeptFile): string | undefined {
  if (!TEXT.test(file.type) || bytes.length > 4 * LONGEST_TEXT) return undefined;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.length > 0 && text.length <= LONGEST_TEXT ? text : undefined;
  } catch {
    return undefined; // TypeError: it is not UTF-8
  }
}

const TEXT = /^(?:text\/|application\/(?:json|xml)$)/;

const UNITS = ["bytes", "kB", "MB"] as const;

function sizeOf(bytes: number): string {
  const step = bytes < 1024 ? 0 : bytes < 1024 * 1024 ? 1 : 2;
  const size = bytes / 1024 ** step;
  return `${step === 0 || Number.isInteger(size) ? size : size.toFixed(1)} ${UNITS[step]}`;
}
