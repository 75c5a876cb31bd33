import { join } from "node:path";
import { CodedError } from "../../domain/failure.ts";
import type { Place } from "../../platform/workspace.ts";
import { type Desk, expectKind, inBytes, prepared, type Preparer } from "./_desk.ts";

/** Entries that one listing shows. */
const LONGEST_LISTING = 1000;

/** Reads a text file, or its beginning. */
export const prepareRead: Preparer = async (request, desk, signal) => {
  const place = await desk.paths.find(request.path, signal);
  expectText(place, desk);
  return prepared(request, place, desk, {
    effect: "read",
    title: "Read",
    fields: [{ name: "size", value: inBytes(place.found?.size ?? 0) }],
    async run(signal) {
      const limit = desk.limits.maxReadBytes;
      const bytes = await desk.workspace.read(place, limit + 1, signal);
      const truncated = bytes.length > limit;
      const content = decodeText(bytes.subarray(0, limit), place.path, truncated);
      return { path: place.path, content, truncated, bytes: Math.max(bytes.length, sizeOf(place)) };
    },
  });
};

/** Lists a directory: directories first, then by name. */
export const prepareList: Preparer = async (request, desk, signal) => {
  const place = await desk.paths.find(request.path, signal);
  expectKind(place, "directory");
  return prepared(request, place, desk, {
    effect: "read",
    title: "List",
    async run(signal) {
      const found = await desk.workspace.list(place, LONGEST_LISTING + 1, signal);
      const truncated = found.length > LONGEST_LISTING;
      const entries = [];
      for (const { name } of found.slice(0, LONGEST_LISTING)) {
        const entry = await desk.workspace.locate(join(place.path, name), signal);
        if (entry.found) entries.push({ name, ...described(entry.found) });
      }
      return { path: place.path, entries: entries.sort(directoriesFirst), truncated };
    },
  });
};

/**
 * Makes sure that there is a file whose content may be shown.
 * @throws {CodedError} for nothing, for what is no file, and for one that has another name
 */
export function expectText(place: Place, _desk: Desk): void {
  expectKind(place, "file");
  if ((place.found?.links ?? 1) > 1) {
    throw new CodedError(
      "path_outside_workspace",
      `"${place.path}" has a second name elsewhere (a hard link), so it may be a foreign file.`,
      "Make a copy of it inside the workspace.",
    );
  }
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

function described({ kind, size, modified }: NonNullable<Place["found"]>) {
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
