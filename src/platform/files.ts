import { basename, dirname, join, relative, resolve } from "node:path";
import { atBorder } from "./_file_errors.ts";
import { openAppend } from "./_append_file.ts";
import { locked } from "./_locks.ts";
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
    readText: (name) => reading(at(name), (path) => Deno.readTextFile(path)),
    readBytes: (name, from = 0) =>
      reading(at(name), (path) => from === 0 ? Deno.readFile(path) : readFrom(path, from)),
    replace: (name, content) => writing(at(name), (path) => replace(path, content)),
    append: (name, content) => writing(at(name), (path) => append(path, content)),
    list: async (name = ".") => await reading(at(name), list) ?? [],
    stat: (name) => reading(at(name), stat),
    makeDirectory: (name = ".") => writing(at(name), makeDirectory),
    move: (from, to) => writing(at(to), (path) => move(at(from), path)),
    remove: (name) =>
      atBorder("remove", at(name), async () => {
        await absentAsUndefined(Deno.remove(at(name), { recursive: true }));
      }),
    restrict: (name, mode) =>
      writing(at(name), async (path) => {
        if (Deno.build.os !== "windows") await Deno.chmod(path, mode);
      }),
    openAppend: (name) => openAppend(at(name)),
    locked: (name, action, signal) => locked(at(`${name}.lock`), action, signal),
  };
}

function reading<T>(path: string, work: (path: string) => Promise<T>): Promise<T | undefined> {
  return atBorder("read", path, () => absentAsUndefined(work(path)));
}

function writing<T>(path: string, work: (path: string) => Promise<T>): Promise<T> {
  return atBorder("write", path, () => work(path));
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

async function makeDirectory(path: string): Promise<void> {
  await Deno.mkdir(path, { recursive: true, mode: 0o700 });
}

async function move(from: string, to: string): Promise<void> {
  await makeDirectory(dirname(to));
  await Deno.rename(from, to);
  await syncDirectory(dirname(to));
}

async function replace(path: string, content: string | Uint8Array): Promise<void> {
  const bytes = typeof content === "string" ? encoder.encode(content) : content;
  const directory = dirname(path);
  await makeDirectory(directory);
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
  await makeDirectory(dirname(path));
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
