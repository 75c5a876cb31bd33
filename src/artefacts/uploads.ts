import { CodedError } from "../domain/failure.ts";
import type { Picture } from "../domain/picture.ts";
import type { Files } from "../platform/platform.ts";
import { sha256Hex } from "../text/canonical_json.ts";
import type { Artefacts, UploadedFile } from "./artefacts.ts";
import { fileTypeOf, isPicture } from "./_file_type.ts";

export { isPicture } from "./_file_type.ts";

/** What a file is kept by. */
export interface ToUpload {
  /** What it is and whose, of `a-z 0-9 -`; the same file has the same one however often it comes. */
  readonly stem: string;
  readonly bytes: Uint8Array;
  /** What others call it, for its ending alone. */
  readonly names: readonly string[];
  /** What its sender says it is. */
  readonly mime?: string | undefined;
}

/** Files that people sent, as programs may read and never change them. */
export interface Uploads {
  /** Keeps a file under a name of our own. */
  keep(file: ToUpload): Promise<UploadedFile>;
  /**
   * @throws {CodedError} `file_not_found` when it was taken away, `file_changed` when it is no longer
   * what was sent
   */
  read(file: UploadedFile): Promise<Uint8Array>;
}

/** Opens them over their directory. */
export function openUploads(files: Files): Uploads {
  return {
    async keep({ stem, bytes, ...told }) {
      const { type, ending } = fileTypeOf(bytes, told);
      const name = `${stem}.${ending}`;
      await files.replace(name, bytes);
      return { name, type, bytes: bytes.length, sha256: await sha256Hex(bytes) };
    },
    async read({ name, sha256 }) {
      const bytes = OWN_NAME.test(name) ? await files.readBytes(name) : undefined;
      if (!bytes) throw new CodedError("file_not_found", `The file "${name}" is no longer there.`);
      if (await sha256Hex(bytes) !== sha256) {
        throw new CodedError("file_changed", `The file "${name}" is no longer what was sent.`);
      }
      return bytes;
    },
  };
}

const OWN_NAME = /^[a-z0-9-]+\.[a-z0-9]+$/;

/** Pictures among the artefacts. */
export interface Pictures {
  /**
   * @throws {CodedError} `file_not_found`, `file_changed`, `file_type_mismatch` when it is no picture,
   * `file_too_large`
   */
  read(artefact: string): Promise<Picture>;
}

/** Bytes of a picture at most: as base64 they are the 4 MiB that the strictest provider takes. */
export const LARGEST_PICTURE = 3 * 1024 * 1024;

/** Builds them over what is kept. */
export function createPictures(
  { artefacts, uploads }: {
    readonly artefacts: Pick<Artefacts, "read">;
    readonly uploads: Pick<Uploads, "read">;
  },
): Pictures {
  return {
    async read(id) {
      const { file } = await artefacts.read(id);
      if (!file || !isPicture(file.type)) {
        throw new CodedError(
          "file_type_mismatch",
          `The artefact ${id} is no picture${file ? `, but ${file.type}` : ""}.`,
          "Models look at JPEG, PNG, WebP and GIF.",
        );
      }
      if (file.bytes > LARGEST_PICTURE) {
        throw new CodedError(
          "file_too_large",
          `The picture "${file.name}" has ${file.bytes} bytes; models are shown ${LARGEST_PICTURE} at most.`,
          "Send it as a photo instead of a file, which makes it smaller.",
        );
      }
      return { type: file.type, bytes: await uploads.read(file) };
    },
  };
}
