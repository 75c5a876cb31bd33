import { relative } from "node:path";
import type { JsonObject } from "../../domain/json.ts";
import { CodedError } from "../../domain/failure.ts";
import type { Place } from "../../platform/workspace.ts";
import { expectFound, expectKind, type FsContext, prepared, type Preparer } from "./_context.ts";
import { decodeText, hasOneName } from "./_reading.ts";

/** Entries that one walk looks at. */
const MOST_ENTRIES = 20_000;
/** Directories in directories that a walk goes into. */
const DEEPEST = 32;
/** Milliseconds of a walk. */
const LONGEST_WALK_MS = 20_000;
/** Bytes of files that one search reads. */
const MOST_SEARCHED = 64 * 1024 * 1024;
const MOST_MATCHES = 200;
const LONGEST_LINE = 300;
const MOST_DIRECTORIES = 20;

/** What one walk has used up. */
interface Walk {
  entries: number;
  /** Something was passed over. */
  truncated: boolean;
  readonly signal: AbortSignal;
  readonly deadline: AbortSignal;
}

/** Finds lines that hold a text, letters of either case. */
export const prepareSearch: Preparer = async (request, context, signal) => {
  const { query } = request;
  if (query === undefined || query.trim() === "") {
    throw new CodedError(
      "tool_arguments_invalid",
      `fs: the operation "search" needs the argument "query".`,
    );
  }
  const place = await context.paths.find(request.path, "read", signal);
  expectFound(place);
  if (place.found?.kind !== "directory") expectKind(place, "file");
  return prepared(request, place, context, {
    effect: "read",
    title: "Search in",
    whole: place.found?.kind === "directory",
    fields: [{ name: "query", value: query }],
    run: (signal) => search(place, query, context, signal),
  });
};

/** Sizes of a directory and of the largest directories in it. */
export const prepareDiskUsage: Preparer = async (request, context, signal) => {
  const place = await context.paths.find(request.path, "read", signal);
  expectKind(place, "directory");
  return prepared(request, place, context, {
    effect: "read",
    title: "Measure",
    whole: true,
    run: (signal) => diskUsage(place, context, signal),
  });
};

/** Files below a directory and their bytes. */
export async function measure(
  place: Place,
  context: FsContext,
  signal: AbortSignal,
): Promise<{ readonly bytes: number; readonly files: number; readonly truncated: boolean }> {
  const walk = startWalk(signal);
  let [bytes, files] = [0, 0];
  for await (const { found } of filesBelow(place, context, walk)) {
    bytes += found?.size ?? 0;
    files++;
  }
  return { bytes, files, truncated: walk.truncated };
}

async function search(
  place: Place,
  query: string,
  context: FsContext,
  signal: AbortSignal,
): Promise<JsonObject> {
  const walk = startWalk(signal);
  const matches: JsonObject[] = [];
  const wanted = new RegExp(query.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "iu");
  let left = MOST_SEARCHED;
  for await (const file of filesBelow(place, context, walk)) {
    const size = file.found?.size ?? 0;
    if (size > context.limits.maxReadBytes) {
      walk.truncated = true;
      continue;
    }
    left -= size;
    if (left < 0) return { path: place.path, matches, truncated: true };
    const text = await readableText(file, context, signal);
    for (const match of text === undefined ? [] : matchesIn(text, wanted)) {
      if (matches.length === MOST_MATCHES) return { path: place.path, matches, truncated: true };
      matches.push({ path: pathFrom(context, file), ...match });
    }
  }
  return { path: place.path, matches, truncated: walk.truncated };
}

async function diskUsage(
  place: Place,
  context: FsContext,
  signal: AbortSignal,
): Promise<JsonObject> {
  const walk = startWalk(signal);
  const sizes = new Map<string, number>();
  let [bytes, files] = [0, 0];
  for await (const file of filesBelow(place, context, walk)) {
    const [top, ...rest] = relative(place.path, file.path).split(/[\\/]/);
    const size = file.found?.size ?? 0;
    bytes += size;
    files++;
    if (top !== undefined && rest.length > 0) sizes.set(top, (sizes.get(top) ?? 0) + size);
  }
  const directories = [...sizes]
    .sort(([, one], [, other]) => other - one)
    .slice(0, MOST_DIRECTORIES)
    .map(([name, size]) => ({ name, bytes: size }));
  return { path: place.path, bytes, files, directories, truncated: walk.truncated };
}

function startWalk(signal: AbortSignal): Walk {
  return { entries: 0, truncated: false, signal, deadline: AbortSignal.timeout(LONGEST_WALK_MS) };
}

/** Every file at or below a place, never through a link, never into what the tool must not touch. */
async function* filesBelow(
  place: Place,
  context: FsContext,
  walk: Walk,
  depth = 0,
): AsyncGenerator<Place> {
  if (place.found?.kind === "file") yield place;
  if (!place.found) walk.truncated = true; // its name is no text, so it cannot be looked at
  if (place.found?.kind !== "directory") return;
  for (const entry of await entriesOf(place, context, walk, depth)) {
    walk.signal.throwIfAborted();
    if (walk.deadline.aborted) walk.truncated = true;
    if (walk.deadline.aborted) return;
    if (!await context.paths.isKept(entry.path)) yield* filesBelow(entry, context, walk, depth + 1);
  }
}

/** As many entries as the walk may still look at; none of what is too deep or cannot be opened. */
async function entriesOf(
  place: Place,
  context: FsContext,
  walk: Walk,
  depth: number,
): Promise<Place[]> {
  const left = depth > DEEPEST ? 0 : MOST_ENTRIES - walk.entries;
  try {
    const entries = await context.workspace.list(place, left + 1, walk.signal);
    if (entries.length > left) walk.truncated = true;
    walk.entries += Math.min(left, entries.length);
    return entries.slice(0, left).sort((one, other) => one.path < other.path ? -1 : 1);
  } catch (error) {
    if (!(error instanceof CodedError) || depth === 0) throw error;
    walk.truncated = true;
    return [];
  }
}

/** The text of a file that is one; what cannot be read is passed over. */
async function readableText(
  file: Place,
  context: FsContext,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!hasOneName(file) || (file.found?.size ?? 0) > context.limits.maxReadBytes) return undefined;
  try {
    const bytes = await context.workspace.read(file, context.limits.maxReadBytes, signal);
    return decodeText(bytes, file.path);
  } catch (error) {
    if (error instanceof CodedError) return undefined;
    throw error;
  }
}

function* matchesIn(text: string, wanted: RegExp): Generator<{ line: number; text: string }> {
  let line = 0;
  for (const content of text.split("\n")) {
    line++;
    const at = content.search(wanted);
    if (at < 0) continue;
    const start = Math.max(0, at - LONGEST_LINE / 2);
    const piece = content.slice(start, start + LONGEST_LINE);
    // half a character at an end would be refused by every other tool
    yield { line, text: piece.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, "").trim() };
  }
}

/** As programs write it: relative to the root where it is below. */
function pathFrom(context: FsContext, file: Place): string {
  const way = relative(context.workspace.root, file.path);
  return way.startsWith("..") ? file.path : way;
}
