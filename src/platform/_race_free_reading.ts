import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { withOpen, writeWhole } from "./_opened.ts";
import { changed, confirm, hasSameAncestors, type Place, sight, steadily } from "./_race_free.ts";

const CHUNK = 1024 * 1024;
/** What the runtime puts for bytes of a name that are no UTF-8. */
const UNDECODED = "\ufffd";

/** The first `limit` bytes of the file that was found, whatever size it claims to have. */
export async function readPlaced(
  place: Place,
  limit: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  return await withFile(place, signal, async (file) => {
    let bytes = new Uint8Array(Math.min(limit, (place.found?.size ?? 0) + 1));
    let filled = 0;
    for (;;) {
      signal.throwIfAborted();
      const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, filled);
      filled += bytesRead;
      if (bytesRead === 0 || filled === limit) return bytes.subarray(0, filled);
      if (filled === bytes.length) bytes = enlarged(bytes, Math.min(limit, 2 * filled + CHUNK));
    }
  });
}

/**
 * Places of the entries of the directory that was found, at most `limit`. No path leads to an entry
 * whose name is no Unicode: nothing is found at its place.
 */
export async function listPlaced(
  place: Place,
  limit: number,
  signal: AbortSignal,
): Promise<readonly Place[]> {
  const { path, anchor } = place;
  const { ancestors, value } = await steadily(
    anchor,
    join(path, "entry"),
    signal,
    async (complete) => complete ? await entriesOf(path, limit, signal) : [],
  );
  const known = place.found ? [...place.ancestors, place.found] : place.ancestors;
  if (!hasSameAncestors({ ancestors: known }, { ancestors })) throw changed(path);
  return value.map((entry) => ({ ...entry, anchor, ancestors }));
}

async function entriesOf(
  path: string,
  limit: number,
  signal: AbortSignal,
): Promise<Pick<Place, "path" | "found">[]> {
  const entries: Pick<Place, "path" | "found">[] = [];
  if (limit <= 0) return entries;
  for await (const { name } of Deno.readDir(path)) {
    signal.throwIfAborted();
    const found = sight(join(path, name));
    if (found || name.includes(UNDECODED)) entries.push({ path: join(path, name), found });
    if (entries.length === limit) break;
  }
  return entries;
}

/** Copies the file that was found to where nothing may be, with its mode. */
export async function copyOut(place: Place, to: string, signal: AbortSignal): Promise<void> {
  const options = { write: true, createNew: true, mode: 0o600 };
  await withFile(place, signal, (file) =>
    withOpen(to, options, async (copy) => {
      await copyAll(file, copy, signal);
      await copy.sync();
      if (place.found && Deno.build.os !== "windows") await Deno.chmod(to, place.found.mode);
    }));
}

async function copyAll(file: FileHandle, copy: Deno.FsFile, signal: AbortSignal): Promise<void> {
  const chunk = new Uint8Array(CHUNK);
  for (let at = 0;;) {
    signal.throwIfAborted();
    const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    await writeWhole(copy, chunk.subarray(0, bytesRead));
  }
}

/**
 * Opens the very file that was found, and nothing that stands there instead by now. A pipe or a
 * device that came in its place cannot block the opening.
 */
async function withFile<T>(
  place: Place,
  signal: AbortSignal,
  work: (file: FileHandle) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const file = await openWithoutLinks(place.path);
  try {
    const stat = await file.stat();
    if (!stat.isFile() || stat.dev !== place.found?.dev || stat.ino !== place.found.ino) {
      throw changed(place.path);
    }
    await confirm(place, signal, true);
    return await work(file);
  } finally {
    await file.close();
  }
}

function enlarged(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(size);
  larger.set(bytes);
  return larger;
}

/**
 * Unless it holds permissions for everything, the runtime resolves links itself before it opens, so
 * the flag alone refuses none: what was opened is always compared with what was found.
 */
async function openWithoutLinks(path: string): Promise<FileHandle> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  try {
    return await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    if (
      error instanceof Error && "code" in error && ["ELOOP", "ENOENT"].includes(`${error.code}`)
    ) {
      throw changed(path);
    }
    throw error;
  }
}
