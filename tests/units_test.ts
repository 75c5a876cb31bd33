// All tests that stand beside the rooms, loaded into one place: for each file alone, to load the
// rooms takes longer than its tests do. A single file runs as ever: deno test src/text/diff_test.ts.

await load(new URL("../src/", import.meta.url));

async function load(directory: URL): Promise<void> {
  const entries = [...Deno.readDirSync(directory)].toSorted((a, b) => a.name < b.name ? -1 : 1);
  for (const { name, isDirectory } of entries) {
    if (isDirectory) await load(new URL(`${name}/`, directory));
    else if (name.endsWith("_test.ts")) await import(new URL(name, directory).href);
  }
}
