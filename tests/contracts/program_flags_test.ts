import assert from "node:assert/strict";

// The program is started in three ways: by the task `start`, as a binary, and by the tests of
// whole flows. All three must be let through the same walls.

const read = (path: string) => Deno.readTextFile(new URL(`../../${path}`, import.meta.url));

function flagsIn(text: string): string[] {
  return [...new Set(text.match(/(?<![\w-])--(?:allow|deny)-[a-z-]+(?:=[^\s"',]*)?/g) ?? [])]
    .sort();
}

function section(text: string, pattern: RegExp): string {
  const found = pattern.exec(text)?.[1];
  assert.ok(found, `nothing like ${pattern} stands there any more`);
  return found;
}

async function starts(): Promise<Readonly<Record<string, string>>> {
  return {
    "the task start": JSON.parse(await read("deno.json")).tasks.start,
    "the binary": section(
      await read("scripts/executable.ts"),
      /await deno\("compile", (\[[\s\S]*?\]), bundled\)/,
    ) + section(await read("scripts/executable.ts"), /const PERMISSIONS = \[([\s\S]*?)\];/),
    "the tests of flows": section(
      await read("tests/flows/clambot.ts"),
      /const START = \[([\s\S]*?)\];/,
    ),
    "the unit of a source tree": section(
      await read("src/walls/unit_files.ts"),
      /const SOURCE_FLAGS = \[([\s\S]*?)\];/,
    ),
  };
}

const EXPECTED = ["--allow-env", "--allow-net", "--allow-read", "--allow-run", "--allow-write"];

Deno.test("the task, the binary and the tests start the program with the same permissions", async () => {
  for (const [way, text] of Object.entries(await starts())) {
    assert.deepEqual(flagsIn(text), EXPECTED, way);
  }
});

Deno.test("no way to start the program allows everything, or native code", async () => {
  for (const [way, text] of Object.entries(await starts())) {
    assert.doesNotMatch(text, /(?<![\w-])(?:-A\b|--allow-(?:all|ffi|sys|import|scripts))/, way);
    assert.match(text, /(?<![\w-])--no-prompt\b/, `${way} must never ask for permissions`);
  }
});

Deno.test("the binary makes no code from strings and keeps no cache of code", async () => {
  const text = (await starts())["the binary"] ?? "";
  assert.match(text, /--v8-flags=--disallow-code-generation-from-strings/);
  assert.match(text, /\$\{SHARED_BUILTINS\}/, "else the idle gateway takes 4 MB more");
  assert.match(text, /--no-code-cache/);
});

Deno.test("every way to start the program leaves WebAssembly of short programs as it is", async () => {
  const budgets = Object.values(await starts()).concat(await read("scripts/executable.ts"))
    .flatMap((text) => text.match(/--wasm-tiering-budget=\d+/g) ?? []);
  assert.deepEqual(budgets, Array(4).fill("--wasm-tiering-budget=130000000"));
});
