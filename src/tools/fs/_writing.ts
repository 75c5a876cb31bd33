import { CodedError } from "../../domain/failure.ts";
import type { JsonObject } from "../../domain/json.ts";
import type { Place } from "../../platform/workspace.ts";
import { countChanges, unifiedDiff } from "../../text/diff.ts";
import type { Prepared } from "../tool.ts";
import { type FsContext, type FsRequest, inBytes, prepared, type Preparer } from "./_context.ts";
import { editText } from "./_edit.ts";
import { checkName } from "./_paths.ts";
import { decodeText, expectFile } from "./_reading.ts";
import { see, type Seen } from "./_seen.ts";

/** With more changed lines than this, their number is told too. */
const COUNTED_LINES = 50;

const encoder = new TextEncoder();

/** Writes a whole file. */
export const prepareWrite: Preparer = async (request, context, signal) => {
  const content = encoder.encode(required(request, "content"));
  checkSize(content, context, request.path);
  checkName(request.path);
  const place = await context.paths.find(request.path, "write", signal);
  if (place.found) expectFile(place);
  const seen = await seePrevious(place, context, signal);
  return preparedWrite(request, place, context, {
    title: place.found ? "Overwrite" : "Create",
    seen,
    before: seen && textOf(seen, place.path),
    after: request.content ?? "",
    content,
    result: { created: !place.found },
  });
};

/** Adds to the end of a file; makes it when there is none. */
export const prepareAppend: Preparer = async (request, context, signal) => {
  const added = required(request, "content");
  checkName(request.path);
  const place = await context.paths.find(request.path, "write", signal);
  const seen = place.found ? await seeWhole(place, context, signal) : undefined;
  const before = seen ? decodeText(seen.bytes, place.path) : "";
  const content = encoder.encode(before + added);
  checkSize(content, context, place.path);
  return preparedWrite(request, place, context, {
    title: place.found ? "Add to" : "Create",
    seen,
    before: place.found ? before : undefined,
    after: before + added,
    content,
    result: { created: !place.found },
  });
};

/** Replaces the first occurrence of a text. */
export const prepareEdit: Preparer = async (request, context, signal) => {
  const wanted = required(request, "old_text");
  const replacement = required(request, "new_text");
  if (wanted === "") {
    throw new CodedError(
      "tool_arguments_invalid",
      `fs: argument "old_text" must not be empty.`,
      `To add to the end of a file use the operation "append".`,
    );
  }
  const place = await context.paths.find(request.path, "write", signal);
  const seen = await seeWhole(place, context, signal);
  const before = decodeText(seen.bytes, place.path);
  const edit = editText(before, wanted, replacement);
  if (edit.kind === "absent") throw textNotFound(place.path, edit.nearest);
  const content = encoder.encode(edit.text);
  checkSize(content, context, place.path);
  const { occurrences } = edit;
  const warning = occurrences > 1
    ? { warning: `The text occurs ${occurrences} times; only the first was replaced.` }
    : {};
  return preparedWrite(request, place, context, {
    title: "Edit",
    seen,
    before,
    after: edit.text,
    content,
    result: { occurrences, ...warning },
  });
};

interface Writing {
  readonly title: string;
  /** The file before, as far as it is not too large to compare. */
  readonly seen: Seen | undefined;
  /** `undefined` when there is no text before. */
  readonly before: string | undefined;
  readonly after: string;
  readonly content: Uint8Array;
  readonly result: JsonObject;
}

async function preparedWrite(
  request: FsRequest,
  place: Place,
  context: FsContext,
  writing: Writing,
): Promise<Prepared> {
  const { title, seen, before, after, content, result } = writing;
  const shown = await shownChange(before ?? "", after, place.path);
  const size = place.found ? [{ name: "size before", value: inBytes(place.found.size) }] : [];
  return prepared(request, place, context, {
    effect: "write",
    title,
    fields: [...size, { name: "size", value: inBytes(content.length) }, ...shown.fields],
    diff: shown.diff,
    async run(signal) {
      await seen?.again(signal); // what is shown as removed is what goes
      await putContent(request.operation, place, content, context, signal);
      return { path: place.path, bytes: content.length, ...result };
    },
  });
}

async function putContent(
  operation: string,
  place: Place,
  content: Uint8Array,
  context: FsContext,
  signal: AbortSignal,
): Promise<void> {
  const change = {
    operation,
    place,
    content,
    bytes: place.found?.size ?? 0,
    keep: place.found ? "copy" as const : "nothing" as const,
  };
  const act = () => context.workspace.replace(place, content, signal);
  await context.undo.around(change, act, signal);
}

/** The file that would be overwritten, if it is small enough to compare. */
async function seePrevious(
  place: Place,
  context: FsContext,
  signal: AbortSignal,
): Promise<Seen | undefined> {
  if (!place.found || place.found.size > context.limits.maxReadBytes) return undefined;
  return await see(place, context.limits.maxReadBytes, context, signal);
}

function textOf({ bytes }: Seen, path: string): string | undefined {
  try {
    return decodeText(bytes, path);
  } catch {
    return undefined; // something else than text is overwritten: its size is all to tell
  }
}

async function seeWhole(place: Place, context: FsContext, signal: AbortSignal): Promise<Seen> {
  expectFile(place);
  const limit = Math.min(context.limits.maxReadBytes, context.limits.maxWriteBytes);
  const seen = await see(place, limit + 1, context, signal);
  if (seen.bytes.length > limit) throw tooLarge(place.path, limit);
  return seen;
}

/** The whole change; a long one with its size, for nobody counts lines. */
async function shownChange(before: string, after: string, path: string) {
  const diff = await unifiedDiff(before, after, path);
  const { removed, added } = countChanges(diff);
  const isLong = removed + added > COUNTED_LINES;
  return {
    fields: isLong ? [{ name: "lines", value: `${added} added, ${removed} removed` }] : [],
    diff,
  };
}

function required(request: FsRequest, name: "content" | "old_text" | "new_text"): string {
  const value = request[name];
  if (value !== undefined) return value;
  throw new CodedError(
    "tool_arguments_invalid",
    `fs: the operation "${request.operation}" needs the argument "${name}".`,
  );
}

function checkSize(content: Uint8Array, context: FsContext, path: string): void {
  const limit = context.limits.maxWriteBytes;
  if (content.length > limit) throw tooLarge(path, limit, content.length);
}

function tooLarge(path: string, limit: number, size?: number): CodedError {
  const has = size === undefined ? "is larger than" : `would have ${inBytes(size)}, more than`;
  return new CodedError("file_too_large", `"${path}" ${has} the limit of ${inBytes(limit)}.`);
}

function textNotFound(path: string, nearest: string | undefined): CodedError {
  const instead = nearest === undefined ? "" : ` The nearest line is: ${nearest}`;
  return new CodedError(
    "text_not_found",
    `"old_text" does not occur in "${path}".${instead}`,
    "Read the file, then repeat the edit with its exact text.",
  );
}
