import type { Files } from "../platform/platform.ts";
import { fileStamp } from "../text/stamp.ts";

/** Where everything goes that has no archive of its own, below the workspace. */
const ARCHIVE = "archive";

/** Moves a file or a directory of the workspace to the same place in its archive. */
export async function moveToArchive(workspace: Files, path: string, now: number): Promise<void> {
  await workspace.move(path, await freeName(workspace, path, now));
}

/** Keeps a text in the archive, under the name of the file that it was cut from. */
export async function keepInArchive(
  workspace: Files,
  { path, text, now }: { readonly path: string; readonly text: string; readonly now: number },
): Promise<void> {
  await workspace.replace(await freeName(workspace, path, now), text);
}

/** Nothing in the archive is ever replaced. */
async function freeName(workspace: Files, path: string, now: number): Promise<string> {
  const [, stem = path, ending = ""] = /^(.*[^/])(\.[^./]*)$/.exec(path) ?? [];
  const base = `${ARCHIVE}/${stem}.${fileStamp(now)}`;
  for (let count = 1;; count++) {
    const name = `${base}${count === 1 ? "" : `-${count}`}${ending}`;
    if (!await workspace.stat(name)) return name;
  }
}
