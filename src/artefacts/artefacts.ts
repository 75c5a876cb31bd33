import * as z from "zod";
import { CodedError } from "../domain/failure.ts";
import type { Redacted } from "../domain/redacted.ts";
import { once } from "../domain/once.ts";
import type { Clock, Files, Random } from "../platform/platform.ts";

/** What is known about a kept text without reading it. */
export interface ArtefactLabel {
  /** What it is, for people and placeholders: `answer`, `message`, `paste`. */
  readonly kind: string;
  /** Where it came from, such as the id of a turn or a conversation. */
  readonly from: string;
  /** It was made from private data (files, memory, secrets, history). */
  readonly private?: boolean;
  /** It stands for this file; the text then says in words what it is. */
  readonly file?: UploadedFile;
}

/** A file in the directory of uploads, which changes no more. */
export interface UploadedFile {
  readonly name: string;
  /** Media type, by what is in it or, failing that, by its ending. */
  readonly type: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** A text that the model which writes code is never shown: its placeholder names the id instead. */
export interface Artefact extends ArtefactLabel {
  readonly id: string;
  readonly text: string;
  /** ISO 8601. */
  readonly at: string;
}

/** Texts kept by id. They are untrusted, whatever made them. */
export interface Artefacts {
  /**
   * Keeps a text under a random id.
   * @throws {CodedError} `file_too_large` over {@linkcode LARGEST_ARTEFACT}
   */
  keep(text: Redacted, label: ArtefactLabel): Promise<string>;
  /** @throws {CodedError} `file_not_found` when there is none of this id */
  read(id: string): Promise<Artefact>;
  /** Takes it away; nothing happens when there is none. */
  remove(id: string): Promise<void>;
  /** Whether there is one of this id. */
  has(id: string): Promise<boolean>;
}

/** UTF-16 code units of a kept text at most. */
export const LARGEST_ARTEFACT = 8_000_000;

const ID = /^a[a-z2-7]{16}$/;

/** Everything in a text that may be the id of an artefact. */
export function findArtefactIds(text: string): string[] {
  return text.match(/(?<![A-Za-z0-9])a[a-z2-7]{16}(?![A-Za-z0-9])/g) ?? [];
}

const shape = once(() =>
  z.object({
    id: z.string(),
    text: z.string(),
    at: z.string(),
    kind: z.string(),
    from: z.string(),
    private: z.boolean().optional(),
    file: z.object({ name: z.string(), type: z.string(), bytes: z.number(), sha256: z.string() })
      .optional(),
  })
);

/** Opens the artefacts of one person in a directory of their own, a file (0600) for each. */
export function openArtefacts(files: Files, clock: Clock, random: Random): Artefacts {
  return {
    async keep(text, label) {
      if (text.length > LARGEST_ARTEFACT) throw tooLarge(text.length);
      const id = `a${random.id()}`;
      const at = new Date(clock.now()).toISOString();
      await files.replace(fileOf(id), JSON.stringify({ id, at, ...label, text }));
      return id;
    },
    async read(id) {
      const content = ID.test(id) ? await files.readText(fileOf(id)) : undefined;
      if (content === undefined) throw notFound(id);
      return shape().parse(JSON.parse(content)) as Artefact;
    },
    async remove(id) {
      if (ID.test(id)) await files.remove(fileOf(id));
    },
    has: async (id) => ID.test(id) && await files.stat(fileOf(id)) !== undefined,
  };
}

function fileOf(id: string): string {
  return `${id}.json`;
}

function tooLarge(length: number): CodedError {
  return new CodedError(
    "file_too_large",
    `A text of ${length} characters cannot be kept: ${LARGEST_ARTEFACT} are the most.`,
  );
}

function notFound(id: string): CodedError {
  return new CodedError(
    "file_not_found",
    `There is no artefact ${JSON.stringify(id)}.`,
    "Use the id that stands in the conversation's placeholder.",
  );
}
