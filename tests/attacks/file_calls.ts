import type { JsonObject } from "../../src/domain/json.ts";

// Calls of the file tool that lead where it may not go; tried in process and with the binary.

/** Every way to touch a file, and one to put another beside it. */
export const waysTo = (path: string): JsonObject[] => [
  { operation: "read", path },
  { operation: "search", path, query: "value" },
  { operation: "write", path, content: "gone" },
  { operation: "append", path, content: "more" },
  { operation: "edit", path, old_text: "secret", new_text: "lie" },
  { operation: "move", path, to: "mine.txt" },
  { operation: "delete", path },
  { operation: "write", path: path.replace("secrets.json", "new.json"), content: "new" },
];

/** What is called, round after round, while a directory above the path is swapped. */
export const SIEGES: Readonly<Record<string, (path: string, round: number) => JsonObject[]>> = {
  "reads nothing": (path) => {
    const directory = path.slice(0, path.lastIndexOf("/") + 1);
    return [
      { operation: "read", path },
      { operation: "list", path: directory },
      { operation: "search", path: directory, query: "sings" },
    ];
  },
  "writes nothing": (path, round) => [
    { operation: "write", path, content: `written in round ${round}` },
    { operation: "append", path, content: "more" },
    { operation: "edit", path, old_text: "inside", new_text: "edited" },
    { operation: "write", path: `${path}.new/${round}.txt`, content: "new" },
  ],
  "makes nothing": (path, round) => {
    const directory = path.slice(0, path.lastIndexOf("/"));
    return [
      { operation: "mkdir", path: `${directory}/made-${round}` },
      { operation: "write", path: `${directory}/for-${round}/a/b.txt`, content: "new" },
    ];
  },
  "takes nothing": (path, round) => [
    { operation: "delete", path },
    { operation: "write", path, content: "inside" },
    { operation: "move", path, to: `moved-${round}.txt` },
    { operation: "move", path: `moved-${round}.txt`, to: path },
    { operation: "mkdir", path: `${path}.directory` },
    { operation: "delete", path: `${path}.directory`, recursive: true },
  ],
};

/**
 * A name that the tool makes up before it knows in which directory it stands. It may be left
 * outside for good when the directory is swapped in that moment, but with nothing in it.
 */
export const EMPTY_TRACE = /\/\.clambot-[0-9a-f-]{36}\.tmp(?:: )?$/;

/** The tree of names, kinds and contents; equal trees are equal. Links are not followed. */
export async function treeOf(path: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const { name, isDirectory, isSymlink } of Deno.readDir(path)) {
    const full = `${path}/${name}`;
    if (isDirectory) lines.push(full, ...await treeOf(full));
    else if (isSymlink) lines.push(`${full} -> ${await Deno.readLink(full)}`);
    else lines.push(`${full}: ${await Deno.readTextFile(full)}`);
  }
  return lines.sort();
}
