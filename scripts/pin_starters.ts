// Writes the hash of every starter's script into its CLAM.md, and all their manifests into
// manifests.json, so that the program need not parse them at run time. Run it after every change
// of a starter: deno run --allow-read --allow-write scripts/pin_starters.ts
import { join } from "node:path";
import { parseManifest } from "../src/clams/manifest.ts";
import { sha256Hex } from "../src/text/canonical_json.ts";

const root = join(import.meta.dirname ?? ".", "../src/clams/starter");
const names = [...Deno.readDirSync(root)].filter((entry) => entry.isDirectory)
  .map((entry) => entry.name).sort();

const manifests: Record<string, unknown> = {};
for (const name of names) {
  const path = join(root, name, "CLAM.md");
  const sha256 = await sha256Hex(await Deno.readFile(join(root, name, "run.js")));
  const text = (await Deno.readTextFile(path)).replace(/^sha256: .*$/m, `sha256: ${sha256}`);
  const read = parseManifest(text);
  if (!read.ok) throw new Error(`${name}: ${read.failure.message}`);
  await Deno.writeTextFile(path, text);
  manifests[name] = read.manifest;
}
await Deno.writeTextFile(join(root, "manifests.json"), `${JSON.stringify(manifests, null, 2)}\n`);
console.log(`${names.length} starters pinned`);
