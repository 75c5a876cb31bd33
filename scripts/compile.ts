// Builds dist/clambot: one executable around the bundled program. Needs Deno 2.7 or later.
// DENORT_BIN names a runtime base for networks that do not reach Deno's download host.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle, deno, MAIN, WORKERS } from "./bundle.ts";

const dist = fileURLToPath(new URL("../dist", import.meta.url));

/** What the launcher may do; everything else in the program gets less. No run, ffi, sys, import. */
const PERMISSIONS = [
  "--allow-read",
  "--allow-write",
  "--allow-net",
  "--allow-env",
];

await Deno.remove(dist, { recursive: true }).catch(() => {});
const bundled = join(dist, "bundle");
await Deno.mkdir(bundled, { recursive: true });
await bundle(bundled);
// The binary's loader would read local files for a worker that may not (seen with 2.7.11), so
// every address outside the bundle leads nowhere: docs/adr/no-imports-in-the-binary.md.
const imports = { "./": "./", "file:///": "https://nowhere.invalid/" };
await Deno.writeTextFile(join(bundled, "import_map.json"), JSON.stringify({ imports }));
await deno("compile", [
  "--quiet",
  "--no-config",
  "--no-code-cache",
  "--no-prompt",
  "--import-map=import_map.json",
  "--unstable-worker-options",
  "--v8-flags=--disallow-code-generation-from-strings",
  ...WORKERS.flatMap((name) => ["--include", name]),
  ...PERMISSIONS,
  ...(Deno.args.includes("--target")
    ? ["--target", Deno.args[Deno.args.indexOf("--target") + 1] ?? ""]
    : []),
  "--output",
  join(dist, "clambot"),
  MAIN,
], bundled);

const { size } = await Deno.stat(join(dist, "clambot"));
console.log(`dist/clambot: ${(size / 1e6).toFixed(1)} MB`);
