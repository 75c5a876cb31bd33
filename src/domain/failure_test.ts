import assert from "node:assert/strict";

Deno.test("docs/errors.md explains every code, and no code that does not exist", async () => {
  const source = await Deno.readTextFile(new URL("./failure.ts", import.meta.url));
  const page = await Deno.readTextFile(new URL("../../docs/errors.md", import.meta.url));
  const codes = [...source.matchAll(/^ {2}\| "([a-z_]+)"/gm)].map(([, code]) => code);
  const explained = [...page.matchAll(/^\| `([a-z_]+)` /gm)].map(([, code]) => code);
  assert.deepEqual(explained, codes);
});
