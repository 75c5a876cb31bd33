import assert from "node:assert/strict";
import { ATTACK_FILES } from "../binary/attack_files.ts";

// An attack that is tried from source alone says nothing about what people are given.

const DIRECTORY = new URL("../attacks/", import.meta.url);
const OF_BINARY = new URL("../binary/attacks/", import.meta.url);

const testsIn = (directory: URL) =>
  [...Deno.readDirSync(directory)].map(({ name }) => name).filter((name) =>
    name.endsWith("_test.ts")
  ).sort();

Deno.test("every file of attacks meets the binary, or says why not", () => {
  assert.deepEqual(Object.keys(ATTACK_FILES).sort(), testsIn(DIRECTORY));
});

Deno.test("a file of attacks that meets the binary itself starts what CLAMBOT_BINARY names", async () => {
  const starters = /from "(\.\.\/flows\/(clambot|pipeline)|\.\/sandbox_harness)\.ts"/;
  for (const [name, meeting] of Object.entries(ATTACK_FILES)) {
    if (meeting !== "itself") continue;
    assert.match(await Deno.readTextFile(new URL(name, DIRECTORY)), starters, name);
  }
});

Deno.test("every test that stands in for a file of attacks is there, and stands in for one", () => {
  const used = Object.values(ATTACK_FILES).flatMap((meeting) =>
    typeof meeting === "object" && "by" in meeting ? [meeting.by] : []
  );
  assert.deepEqual([...new Set(used)].sort(), testsIn(OF_BINARY));
});
