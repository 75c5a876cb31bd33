import type { Artefacts } from "../artefacts/artefacts.ts";
import type { Uploads } from "../artefacts/uploads.ts";
import type { Attachment, Channel, QuotedText } from "../channels/channel.ts";
import { CodedError } from "../domain/failure.ts";
import type { Enclosed } from "../domain/message.ts";
import type { Redactor } from "../domain/redacted.ts";
import type { Transcriber } from "../providers/transcription.ts";
import {
  describeFile,
  fetchAndKeep,
  type KeptFile,
  refuseTooMuch,
  textIn,
} from "./_incoming_file.ts";
import type { KeptUpdate } from "./store.ts";

/** What an update is made a message with. */
export interface ReceivePorts {
  readonly artefacts: Pick<Artefacts, "keep">;
  readonly uploads: Pick<Uploads, "keep">;
  readonly redactor: Redactor;
  readonly listening: { readonly transcriber: Transcriber; readonly mostSeconds: number };
  readonly channel: Pick<Channel, "fetchFile" | "largestFile">;
  /** Whoever writes may send files. */
  readonly takesFiles: boolean;
}

/** What an update says. */
export type Received =
  | {
    readonly kind: "message";
    /** The person's own words, typed or confirmed. */
    readonly text: string;
    readonly isSpoken: boolean;
    readonly enclosed: readonly Enclosed[];
  }
  /** Words of a voice note that nobody has confirmed yet. */
  | { readonly kind: "heard"; readonly words: string };

/**
 * Reads an update: files are fetched and kept, voice notes put into words, and everything that others
 * wrote or made is kept as an artefact of which the message has only a placeholder.
 * @throws {CodedError} for what cannot be taken, with a sentence for the person
 * @throws the signal's reason when it is aborted
 */
export async function receive(
  update: KeptUpdate,
  ports: ReceivePorts,
  signal: AbortSignal,
): Promise<Received> {
  const { attachments = [], heard } = update;
  for (const file of attachments) refuseTooMuch(file, ports);
  const keep = (file: Attachment) =>
    fetchAndKeep(file, { ...update, place: attachments.indexOf(file) + 1 }, ports, signal);
  if (heard === undefined) {
    const words = await hearAll(attachments.filter(isOwnVoice), keep, ports, signal);
    if (words !== undefined) return { kind: "heard", words };
  }
  const enclosed: Enclosed[] = [];
  for (const text of quotedIn(update)) enclosed.push(await encloseText(text, update, ports));
  for (const file of attachments) {
    if (isOwnVoice(file)) continue;
    enclosed.push(await encloseFile(file, await keep(file), update, ports, signal));
  }
  const text = [update.text, heard ?? ""].filter((words) => words !== "").join("\n");
  return { kind: "message", text, isSpoken: heard !== undefined, enclosed };
}

type Kept = (file: Attachment) => Promise<KeptFile>;

/** What somebody speaks into their own device is theirs; what they pass on is not. */
function isOwnVoice({ kind, forwarded }: Attachment): boolean {
  return kind === "voice" && !forwarded;
}

/** What is answered is in the conversation already, where it is our own. */
function quotedIn({ quoted = [], replyTo }: KeptUpdate): readonly QuotedText[] {
  return replyTo === undefined ? quoted : quoted.filter(({ how }) => how !== "quoted");
}

async function hearAll(
  voices: readonly Attachment[],
  keep: Kept,
  ports: ReceivePorts,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (voices.length === 0) return undefined;
  const words: string[] = [];
  let last = "";
  for (const voice of voices) {
    const { file, bytes } = await keep(voice);
    last = file.name;
    words.push(await ports.listening.transcriber.transcribe({ bytes, name: file.name }, signal));
  }
  const heard = words.filter((one) => one !== "").join("\n");
  if (heard !== "") return heard;
  throw new CodedError(
    "tool_failed",
    `I hear nobody speak in this voice note; it is kept as upload/${last}.`,
    "Say it anew, or write it.",
  );
}

async function encloseText(
  { how, text }: QuotedText,
  { conversation }: KeptUpdate,
  { artefacts, redactor }: ReceivePorts,
): Promise<Enclosed> {
  const artefact = await artefacts.keep(redactor.redact(text), { kind: how, from: conversation });
  const shown = `[${how} text, ${text.length} characters, withheld here: artefact ${artefact}]`;
  return { artefact, shown, text };
}

async function encloseFile(
  announced: Attachment,
  kept: KeptFile,
  update: KeptUpdate,
  ports: ReceivePorts,
  signal: AbortSignal,
): Promise<Enclosed> {
  const { artefacts, redactor } = ports;
  const { kind } = announced;
  const { file, isPicture } = kept;
  const isSound = kind === "audio" || kind === "voice";
  const text = isSound ? await hearFile(kept, update, ports, signal) : textIn(kept);
  const artefact = await artefacts.keep(redactor.redact(text ?? describeFile(announced, file)), {
    ...{ kind, from: update.conversation },
    file,
  });
  return {
    artefact,
    shown: `[${describeFile({ kind }, file)}: artefact ${artefact}]`,
    path: `upload/${file.name}`,
    ...(text === undefined ? {} : { text }),
    ...(isPicture ? { isPicture } : {}),
  };
}

/** A recording that others made; where nobody can listen, the person's own words may do without. */
async function hearFile(
  { file, bytes }: KeptFile,
  { text }: KeptUpdate,
  { listening }: ReceivePorts,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return await listening.transcriber.transcribe({ bytes, name: file.name }, signal) || undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (text === "" || !(error instanceof CodedError)) throw error;
    return undefined;
  }
}
