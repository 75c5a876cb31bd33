import assert from "node:assert/strict";
import { TOOLS } from "../../src/tools/names.ts";
import { loadedWith } from "./loaded_with.ts";

/** A schema that is built as its module is loaded, in the program's own layout of a file. */
const BUILT_AT_ONCE =
  /^(?:export )?const (\w+)(?:: [^=]+)? =\s+(?:z\.|\w+\.(?:partial|extend)\()/gm;

/** Names of the schemas that a module builds as it is loaded. */
function builtAtOnce(text: string): string[] {
  return [...text.matchAll(BUILT_AT_ONCE)].map(([, name = ""]) => name);
}

async function complaints(paths: readonly string[]): Promise<string[]> {
  const own = [...new Set(paths)].filter((path) => /^[a-z]+\/.*\.ts$/.test(path));
  assert.ok(own.length > 0);
  const found = await Promise.all(own.map(async (path) => {
    const text = await Deno.readTextFile(new URL(`../../src/${path}`, import.meta.url));
    return builtAtOnce(text).map((name) => `${path}: ${name}`);
  }));
  return found.flat();
}

Deno.test("a start builds no schema that nobody asks for: neither the house nor a tool does", async () => {
  const roots = ["src/walls/core.ts", "src/app/start.ts", "src/app/app.ts"];
  const loaded = await Promise.all([...roots, ...await toolModules()].map(loadedWith));
  assert.deepEqual(await complaints(loaded.flat()), []);
});

Deno.test("the test would notice: the schema of the configuration is built as it is loaded", async () => {
  assert.ok((await complaints(["config/_list_items.ts"])).length > 0);
  assert.deepEqual(builtAtOnce("const shape = z.object({});\n"), ["shape"]);
  assert.deepEqual(builtAtOnce("const shape = once(() => z.object({}));\n"), []);
});

/** The modules that the facts of tools load. */
async function toolModules(): Promise<string[]> {
  const modules: string[] = [];
  for await (
    const { name, isDirectory } of Deno.readDir(new URL("../../src/tools/", import.meta.url))
  ) {
    if (!isDirectory || name === "dispatch") continue;
    const text = await Deno.readTextFile(
      new URL(`../../src/tools/${name}/facts.ts`, import.meta.url),
    );
    for (const [, path = ""] of text.matchAll(/import\("\.\/(\w+\.ts)"\)/g)) {
      modules.push(`src/tools/${name}/${path}`);
    }
  }
  assert.equal(modules.length, TOOLS.length);
  return modules;
}
