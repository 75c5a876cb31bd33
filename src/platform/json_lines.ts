import type { Json } from "../domain/json.ts";
import type { Files } from "./platform.ts";

// What grows is kept as JSON lines: one value per line, added at the end. A process that is killed
// while it writes leaves an unfinished last line; it must neither be lost sight of nor be glued to
// the next one.

const LINE_FEED = 0x0a;

/** The values of a JSON-lines text; `undefined` for a line that is no JSON. Empty lines are left out. */
export function parseJsonLines(text: string): readonly (Json | undefined)[] {
  return text.split("\n").filter((line) => line.trim() !== "").map(parseLine);
}

function parseLine(line: string): Json | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // SyntaxError: a torn or foreign line
  }
}

/**
 * Adds one line and syncs, on a line of its own even after a torn one. The caller holds the lock.
 */
export async function appendJsonLine(files: Files, name: string, value: Json): Promise<void> {
  const last = await readEnd(files, name, 1);
  const torn = last.length > 0 && last[0] !== LINE_FEED;
  await files.append(name, `${torn ? "\n" : ""}${JSON.stringify(value)}\n`);
}

/** The last bytes of a file, all of them when it is shorter; none when there is no file. */
export async function readEnd(files: Files, name: string, bytes: number): Promise<Uint8Array> {
  const size = (await files.stat(name))?.size ?? 0;
  if (size === 0) return new Uint8Array();
  return await files.readBytes(name, Math.max(0, size - bytes)) ?? new Uint8Array();
}
