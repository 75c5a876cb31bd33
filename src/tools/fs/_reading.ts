import { basename } from "node:path";
import { CodedError } from "../../domain/failure.ts";
import type { Place } from "../../platform/workspace.ts";
import { expectKind, inBytes, prepared, type Preparer } from "./_context.ts";
import { see } from "./_seen.ts";

/** Entries that one listing shows. */
const LONGEST_LISTING = 1000;

/** Reads a text file, or its beginning. */
export const prepareRead: Preparer = async (request, context, signal) => {
  const place = await context.paths.find(request.path, "read", signal);
  expectFile(place);
  const limit = context.limits.maxReadBytes;
  const seen = await see(place, limit + 1, context, signal);
  return prepared(request, place, context, {
    effect: "read",
    title: "Read",
    fields: [{ name: "size", value: inBytes(place.found?.size ?? 0) }],
    async run(signal) {
      const bytes = await seen.again(signal);
      const truncated = bytes.length > limit;
      const text = decodeText(bytes.subarray(0, limit), place.path, truncated);
      const content = text.replace(/^\uFEFF/, ""); // a byte order mark is no text
      return { path: place.path, content, truncated, bytes: Math.max(bytes.length, sizeOf(place)) };
    },
  });
};

/** Lists a directory: directories first, then by name. */
export const prepareList: Preparer = async (request, context, signal) => {
  const place = await context.paths.find(request.path, "read", signal);
  expectKind(place, "directory");
  return prepared(request, place, context, {
    effect: "read",
    title: "List",
    async run(signal) {
      const found = await context.workspace.list(place, LONGEST_LISTING + 1, signal);
      const truncated = found.length > LONGEST_LISTING;
      const entries = found.slice(0, LONGEST_LISTING)
        .map(({ path, found }) => ({ name: basename(path), ...described(found) }));
      return { path: place.path, entries: entries.sort(directoriesFirst), truncated };
    },
  });
};

/**
 * Makes sure that there is a file that has no other name. Whoever can make a second name (a hard
 * link) can make one for a file that lies elsewhere, and nothing tells which name was first.
 * @throws {CodedError} `file_not_found`, `file_type_mismatch` or `path_protected`
 */
export function expectFile(place: Place): void {
  expectKind(place, "file");
  if (hasOneName(place)) return;
  throw new CodedError(
    "path_protected",
    `"${place.path}" has a second name elsewhere (a hard link), so it may be a foreign file.`,
    "Put a copy of it in its place.",
  );
}

export function hasOneName({ found }: Place): boolean {
  return (found?.links ?? 1) === 1;
}

/**
 * The text of UTF-8 bytes; `cut`: the last character may be incomplete.
 * @throws {CodedError} `file_not_text`
 */
export function decodeText(bytes: Uint8Array, path: string, cut = false): string {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
      .decode(bytes, { stream: cut });
    if (!text.includes("\0")) return text;
  } catch {
    // TypeError: no UTF-8
  }
  throw new CodedError("file_not_text", `"${path}" is no text in UTF-8.`);
}

function sizeOf(place: Place): number {
  return place.found?.size ?? 0;
}

/** What is not found under its own name, because that is no text, is told as nothing known. */
function described(found: Place["found"]) {
  const { kind, size, modified } = found ?? { kind: "other", size: 0, modified: 0 };
  return { kind, size, modified: new Date(modified).toISOString() };
}

function directoriesFirst(
  one: { readonly name: string; readonly kind: string },
  other: { readonly name: string; readonly kind: string },
): number {
  const rank = ({ kind }: { readonly kind: string }) => kind === "directory" ? 0 : 1;
  const [a, b] = [one.name.toLowerCase(), other.name.toLowerCase()];
  return rank(one) - rank(other) || (a < b ? -1 : a > b ? 1 : 0);
}
