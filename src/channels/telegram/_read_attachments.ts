import type { Attachment } from "../channel.ts";
import type { Fields } from "./_fields.ts";

/** Where files stand in a message, by what they are; an animation stands as a document too. */
const KINDS = [
  ["document", "document"],
  ["voice", "voice"],
  ["audio", "audio"],
  ["video", "video"],
  ["video_note", "video"],
] as const;

/** What people send that is neither words nor a file. */
const OTHER_MATTER = ["sticker", "location", "venue", "contact", "poll", "dice", "story", "game"];

/** The files of a message, as it announces them. */
export function readAttachments(message: Fields): readonly Attachment[] {
  const files = filesIn(message);
  // whoever passes something on did not make it
  return message.fields("forward_origin")
    ? files.map((file) => ({ ...file, forwarded: true }))
    : files;
}

function filesIn(message: Fields): readonly Attachment[] {
  const files = KINDS.flatMap(([field, kind]) => {
    const file = message.fields(field);
    return file ? [attachmentOf(file, kind)] : [];
  });
  // the same picture in several sizes
  const photo = message.list("photo").toSorted((a, b) => pixelsOf(b) - pixelsOf(a))[0];
  return photo ? [...files, attachmentOf(photo, "photo")] : files;
}

/** Whether there is something that nobody here can read. */
export function hasOtherMatter(message: Fields): boolean {
  return OTHER_MATTER.some((name) => message.fields(name));
}

function pixelsOf(photo: Fields): number {
  return photo.needWhole("width") * photo.needWhole("height");
}

function attachmentOf(file: Fields, kind: Attachment["kind"]): Attachment {
  const [name, mime] = [file.text("file_name"), file.text("mime_type")];
  const [bytes, seconds] = [file.whole("file_size"), file.whole("duration")];
  return {
    kind,
    file: file.text("file_id") ?? "",
    unique: file.text("file_unique_id") ?? "",
    ...(name === undefined ? {} : { name }),
    ...(mime === undefined ? {} : { mime }),
    ...(bytes === undefined ? {} : { bytes }),
    ...(seconds === undefined ? {} : { seconds }),
  };
}
