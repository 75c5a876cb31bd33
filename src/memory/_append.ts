import type { Files } from "../platform/platform.ts";

const LINE_FEED = 10;

/** Adds a line to a file; a torn line before it stays a line of its own. */
export async function appendLine(files: Files, name: string, line: string): Promise<void> {
  const ended = await endsWithLineFeed(files, name);
  await files.append(name, `${ended ? "" : "\n"}${line}\n`);
}

/** Whether a file is absent, empty or ends with a line feed. */
export async function endsWithLineFeed(files: Files, name: string): Promise<boolean> {
  const size = (await files.stat(name))?.size ?? 0;
  if (size === 0) return true;
  const last = await files.readBytes(name, size - 1);
  return last?.at(-1) === LINE_FEED;
}
