import assert from "node:assert/strict";
import { dirname } from "node:path";
import { parts } from "../../src/sandbox/_engine.ts";
import { makeImage } from "../../src/sandbox/_make_image.ts";
import { defaultConfig } from "../../src/config/parse.ts";
import type { Config } from "../../src/config/schema.ts";
import { renderHelp } from "../../scripts/help_texts.ts";
import type { HelpText } from "../../src/cli/help_texts.ts";
import { fitting } from "../../src/walls/answer_at_once.ts";
import { bundledMain } from "../flows/bundled.ts";

Deno.test("the bundle brings the engine and its image as files, the same ones as from source", async () => {
  const bundled = await moduleOf<typeof parts>("_engine", "parts");
  assert.deepEqual(bundled.wasm, parts.wasm);
  assert.deepEqual(bundled.image, await makeImage(await WebAssembly.compile(parts.wasm)));
});

Deno.test("no module of the bundle carries the engine as text", async () => {
  const directory = dirname(await bundledMain());
  for await (const { name } of Deno.readDir(directory)) {
    if (!name.endsWith(".js")) continue;
    const { size } = await Deno.stat(`${directory}/${name}`);
    const most = name === "pdf_worker.js" ? 1_800_000 : 600_000; // the reader of PDF is one module
    assert.ok(size < most, `${name} has ${size} bytes`);
  }
});

/** What a bundler puts around every function to keep the name that it has in the source. */
const NAMES_AGAIN = /"name",\s*\{value:\w+,configurable:(?:!0|true)\}/;

Deno.test("no function of the bundle is given a name each time that it is made", async () => {
  const directory = dirname(await bundledMain());
  for await (const { name } of Deno.readDir(directory)) {
    if (!name.endsWith(".js")) continue;
    assert.doesNotMatch(await Deno.readTextFile(`${directory}/${name}`), NAMES_AGAIN, name);
  }
});

Deno.test("the help that stands ready in the bundle is what the command line writes on any terminal", async () => {
  const texts = await moduleOf<Record<string, HelpText>>("help_texts", "helpTexts");
  for (let columns = 40; columns <= 220; columns += columns < 79 || columns > 130 ? 13 : 1) {
    const written = await renderHelp(columns);
    assert.deepEqual(Object.keys(texts), [...written.keys()]);
    for (const [words, text] of written) {
      const ready = fitting(texts[words], columns);
      if (columns === 80 || columns > 150) assert.equal(ready, text, `${words} on ${columns}`);
      else assert.ok(ready === undefined || ready === text, `${words} on ${columns}`);
    }
  }
});

Deno.test("what counts without a configuration stands ready as the schema makes it", async () => {
  assert.deepEqual(await moduleOf<Config>("default_config", "readyDefault"), defaultConfig());
});

/** What the bundle's module of a source exports by a name. */
async function moduleOf<Value>(source: string, name: string): Promise<Value> {
  const directory = dirname(await bundledMain());
  const names = (await Array.fromAsync(Deno.readDir(directory))).map((entry) => entry.name);
  const modules = names.filter((one) => one.startsWith(`${source}-`));
  assert.equal(modules.length, 1);
  return (await import(`file://${directory}/${modules[0]}`))[name];
}
