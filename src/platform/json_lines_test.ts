import assert from "node:assert/strict";
import { openFiles } from "./files.ts";
import { appendJsonLine, parseJsonLines, readEnd } from "./json_lines.ts";
import type { Files } from "./platform.ts";

async function inDirectory(action: (files: Files) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempDir();
  try {
    await action(openFiles(path));
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

Deno.test("parseJsonLines() keeps the place of lines that are no JSON", () => {
  assert.deepEqual(parseJsonLines('{"a":1}\r\n\n{"b":\n3\n'), [{ a: 1 }, undefined, 3]);
});

Deno.test("appendJsonLine() begins a line of its own after a torn one", () =>
  inDirectory(async (files) => {
    await appendJsonLine(files, "x/log.jsonl", 1);
    await files.append("x/log.jsonl", '{"to');
    await appendJsonLine(files, "x/log.jsonl", "two\nlines");
    assert.equal(await files.readText("x/log.jsonl"), '1\n{"to\n"two\\nlines"\n');
  }));

Deno.test("readEnd() gives the last bytes, or all, or none", () =>
  inDirectory(async (files) => {
    await files.replace("a", "12345");
    const end = async (name: string, bytes: number) =>
      new TextDecoder().decode(await readEnd(files, name, bytes));
    assert.deepEqual(
      [await end("a", 2), await end("a", 9), await end("a", 0), await end("b", 2)],
      ["45", "12345", "", ""],
    );
  }));
