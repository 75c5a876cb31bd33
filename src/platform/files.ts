import { basename, dirname, join, relative, resolve } from "node:path";
import { syncDirectory, withOpen, writeWhole } from "./_opened.ts";
import type { FileEntry, Files, FileStat } from "./platform.ts";

const encoder = new TextEncoder();
const PIECE = 65_536;

/** Opens a directory of the program's own. `path` must be absolute. */
export function openFiles(path: string): Files {
  const root = resolve(path);
  const at = (name: string): string => {
    const full = resolve(root, name);
    const inside = relative(root, full);
    if (inside === ".." || inside.startsWith("../") || inside.startsWith("..\\")) {
      throw new RangeError(`"${name}" leads out of ${root}`);
    }
    return full;
  };
  return {
    path: root,
    under: (name) => openFiles(at(name)),
    readText: (name) => absentAsUndefined(Deno.readTextFile(at(name))),
    readBytes: (name, from = 0) =>
      absentAsUndefined(from === 0 ? Deno.readFile(at(name)) : readFrom(at(name), from)),
    replace: (name, content) => replace(at(name), content),
    append: (name, content) => append(at(name), content),
    list: async (name = ".") => await absentAsUndefined(list(at(name))) ?? [],
    stat: (name) => absentAsUndefined(stat(at(name))),
    makeDirectory: (name = ".") => Deno.mkdir(at(name), { recursive: true, mode: 0o700 }),
    move: async (from, to) => {
      await Deno.mkdir(dirname(at(to)), { recursive: true, mode: 0o700 });
      await Deno.rename(at(from), at(to));
      await syncDirectory(dirname(at(to)));
    },
    remove: async (name) => {
      await absentAsUndefined(Deno.remove(at(name), { recursive: true }));
    },
    restrict: async (name, mode) => {
      if (Deno.build.os !== "windows") await Deno.chmod(at(name), mode);
    },
    locked: (name, action) => locked(at(`${name}.lock`), action),
  };
}

async function absentAsUndefined<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function readFrom(path: string, from: number): Promise<Uint8Array> {
  return await withOpen(path, { read: true }, async (file) => {
    await file.seek(from, Deno.SeekMode.Start);
    const pieces: Uint8Array[] = [];
    for (;;) {
      const piece = new Uint8Array(PIECE);
      const read = await file.read(piece);
      if (read === null) break;
      pieces.push(piece.subarray(0, read));
    }
    return new Uint8Array(await new Blob(pieces as Uint8Array<ArrayBuffer>[]).arrayBuffer());
  });
}

async function replace(path: string, content: string | Uint8Array): Promise<void> {
  const bytes = typeof content === "string" ? encoder.encode(content) : content;
  const directory = dirname(path);
  await Deno.mkdir(directory, { recursive: true, mode: 0o700 });
  const temporary = join(directory, `.${crypto.randomUUID()}.tmp`);
  try {
    await withOpen(temporary, { write: true, createNew: true, mode: 0o600 }, async (file) => {
      await writeWhole(file, bytes);
      await file.sync();
    });
    await Deno.rename(temporary, path);
  } catch (error) {
    await absentAsUndefined(Deno.remove(temporary));
    throw error;
  }
  await syncDirectory(directory);
}

async function append(path: string, content: string | Uint8Array): Promise<void> {
  const bytes = typeof content === "string" ? encoder.encode(content) : content;
  await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await withOpen(path, { append: true, create: true, mode: 0o600 }, async (file) => {
    await writeWhole(file, bytes);
    await file.syncData();
  });
}

async function list(path: string): Promise<FileEntry[]> {
  const entries: FileEntry[] = [];
  for await (const entry of Deno.readDir(path)) {
    entries.push({ name: entry.name, kind: kindOf(entry) });
  }
  return entries.sort((a, b) => a.name < b.name ? -1 : 1);
}

async function stat(path: string): Promise<FileStat> {
  const found = await Deno.lstat(path);
  return {
    kind: kindOf(found),
    size: found.size,
    modified: found.mtime?.getTime() ?? 0,
    mode: found.mode === null ? undefined : found.mode & 0o777,
  };
}

function kindOf(entry: { isFile: boolean; isDirectory: boolean }): FileEntry["kind"] {
  return entry.isFile ? "file" : entry.isDirectory ? "directory" : "other";
}

/** Callers of this process that wait for the same lock file, oldest first. */
const waiting = new Map<string, Promise<unknown>>();

async function locked<T>(path: string, action: () => Promise<T>): Promise<T> {
  const before = waiting.get(path) ?? Promise.resolve();
  const mine = before.catch(() => {}).then(() => withSystemLock(path, action));
  waiting.set(path, mine);
  try {
    return await mine;
  } finally {
    if (waiting.get(path) === mine) waiting.delete(path);
  }
}

async function withSystemLock<T>(path: string, action: () => Promise<T>): Promise<T> {
  await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
  return await withOpen(path, { write: true, create: true, mode: 0o600 }, async (file) => {
    await file.lock(true);
    return await action();
  });
}

/**
 * The absolute path without links; of what does not exist, that of its directory with the name. The
 * path itself where it cannot be looked at.
 */
export function realPathOf(path: string): string {
  for (const [place, rest] of [[path, ""], [dirname(path), basename(path)]] as const) {
    try {
      return join(Deno.realPathSync(place), rest);
    } catch {
      // try its directory
    }
  }
  return path;
}
