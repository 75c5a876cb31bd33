import { dirname } from "node:path";
import { atBorder } from "./_file_errors.ts";
import { syncDirectory, writeWhole } from "./_opened.ts";
import type { AppendFile } from "./platform.ts";

const encoder = new TextEncoder();

/** See `Files.openAppend`. */
export function openAppend(path: string): Promise<AppendFile | undefined> {
  return atBorder("write", path, async () => {
    await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await Deno.open(path, { write: true, append: true, create: true, mode: 0o600 });
    try {
      if (!await file.tryLock(true)) {
        file.close();
        return undefined;
      }
      return appendTo(file, path, (await file.stat()).size);
    } catch (error) {
      file.close();
      throw error;
    }
  });
}

function appendTo(file: Deno.FsFile, path: string, found: number): AppendFile {
  let size = found;
  let isNew = found === 0;
  const add = async (bytes: Uint8Array, durable: boolean) => {
    try {
      await writeWhole(file, bytes);
      if (durable) await file.syncData();
    } catch (error) {
      // half a line would be in the way of the next one
      await file.truncate(size).catch(() => {});
      throw error;
    }
    size += bytes.length;
    if (durable && isNew) await syncDirectory(dirname(path));
    if (durable) isNew = false;
  };
  return {
    append: (text, durable) => atBorder("write", path, () => add(encoder.encode(text), durable)),
    cut: (bytes) =>
      atBorder("write", path, async () => {
        await file.truncate(bytes);
        size = bytes;
      }),
    close: () => file.close(),
  };
}
