import assert from "node:assert/strict";
import { dirname } from "node:path";
import { parts } from "../../src/sandbox/_engine.ts";
import { makeImage } from "../../src/sandbox/_make_image.ts";
import { bundledMain } from "../flows/bundled.ts";

Deno.test("the bundle brings the engine and its image as files, the same ones as from source", async () => {
  const directory = dirname(await bundledMain());
  const names = (await Array.fromAsync(Deno.readDir(directory))).map(({ name }) => name);
  const modules = names.filter((name) => name.startsWith("_engine-"));
  assert.equal(modules.length, 1);
  const { parts: bundled } = await import(`file://${directory}/${modules[0]}`);
  assert.deepEqual(bundled.wasm, parts.wasm);
  assert.deepEqual(bundled.image, await makeImage(await WebAssembly.compile(parts.wasm)));
});

Deno.test("no module of the bundle carries the engine as text", async () => {
  const directory = dirname(await bundledMain());
  for await (const { name } of Deno.readDir(directory)) {
    if (!name.endsWith(".js")) continue;
    const { size } = await Deno.stat(`${directory}/${name}`);
    assert.ok(size < 600_000, `${name} has ${size} bytes`);
  }
});
