import { PICTURE_TYPES } from "../domain/picture.ts";

/** A format by which files are known. */
interface Format {
  readonly type: string;
  /** Of names of files; the first one is given to new ones. */
  readonly endings: readonly string[];
  /** What a file of it begins with, from byte `at` on. */
  readonly begins?: readonly { readonly at: number; readonly bytes: string }[];
}

/** Formats that people send; a file of another one is kept as plain bytes. */
const FORMATS: readonly Format[] = [
  { type: "image/jpeg", endings: ["jpg", "jpeg"], begins: [{ at: 0, bytes: "\xff\xd8\xff" }] },
  { type: "image/png", endings: ["png"], begins: [{ at: 0, bytes: "\x89PNG\r\n\x1a\n" }] },
  { type: "image/gif", endings: ["gif"], begins: [{ at: 0, bytes: "GIF8" }] },
  {
    type: "image/webp",
    endings: ["webp"],
    begins: [{ at: 0, bytes: "RIFF" }, { at: 8, bytes: "WEBP" }],
  },
  { type: "application/pdf", endings: ["pdf"], begins: [{ at: 0, bytes: "%PDF-" }] },
  { type: "audio/ogg", endings: ["ogg", "oga", "opus"], begins: [{ at: 0, bytes: "OggS" }] },
  { type: "audio/flac", endings: ["flac"], begins: [{ at: 0, bytes: "fLaC" }] },
  {
    type: "audio/wav",
    endings: ["wav"],
    begins: [{ at: 0, bytes: "RIFF" }, { at: 8, bytes: "WAVE" }],
  },
  { type: "audio/mpeg", endings: ["mp3", "mpga"], begins: [{ at: 0, bytes: "ID3" }] },
  { type: "audio/mp4", endings: ["m4a"], begins: [{ at: 4, bytes: "ftypM4A" }] },
  { type: "audio/webm", endings: ["weba"] },
  { type: "video/mp4", endings: ["mp4"], begins: [{ at: 4, bytes: "ftyp" }] },
  { type: "video/webm", endings: ["webm"] },
  { type: "video/quicktime", endings: ["mov"] },
  { type: "text/plain", endings: ["txt", "log"] },
  { type: "text/markdown", endings: ["md"] },
  { type: "text/csv", endings: ["csv"] },
  { type: "text/html", endings: ["html", "htm"] },
  { type: "application/json", endings: ["json"] },
  { type: "application/xml", endings: ["xml"] },
  { type: "application/zip", endings: ["zip"] },
  {
    type: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    endings: ["docx"],
  },
  { type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", endings: ["xlsx"] },
  { type: "application/vnd.oasis.opendocument.text", endings: ["odt"] },
];

const UNKNOWN: Format = { type: "application/octet-stream", endings: ["bin"] };

/** What is known of a file's format. */
export interface FileType {
  readonly type: string;
  /** Without a dot. */
  readonly ending: string;
}

/**
 * The format of a file: what its beginning shows; else, unless that would make it a picture, what
 * its names end in, then what its sender says it is.
 */
export function fileTypeOf(
  bytes: Uint8Array,
  { names, mime = "" }: { readonly names: readonly string[]; readonly mime?: string | undefined },
): FileType {
  const endings = names.map((name) => /\.([A-Za-z0-9]{1,5})$/.exec(name)?.[1]?.toLowerCase() ?? "");
  const shown = FORMATS.find(({ begins = [] }) =>
    begins.length > 0 && begins.every((one) => beginsWith(bytes, one))
  );
  const named = endings.map((ending) => FORMATS.find((one) => one.endings.includes(ending)))
    .find((one) => one !== undefined);
  const said = FORMATS.find(({ type }) => type === mime.split(";")[0]?.trim().toLowerCase());
  const format = shown ?? [named, said].find((one) => one && !isPicture(one.type)) ?? UNKNOWN;
  const [usual = "bin"] = format.endings;
  return {
    type: format.type,
    ending: endings.find((ending) => format.endings.includes(ending)) ?? usual,
  };
}

/** Whether models can be shown it. */
export function isPicture(type: string): type is (typeof PICTURE_TYPES)[number] {
  return (PICTURE_TYPES as readonly string[]).includes(type);
}

function beginsWith(file: Uint8Array, { at, bytes }: { at: number; bytes: string }): boolean {
  return [...bytes].every((sign, index) => file[at + index] === sign.charCodeAt(0));
}
