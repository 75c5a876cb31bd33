// Builds dist/clambot: first a split, minified bundle (heavy modules stay apart and are loaded when
// needed), then one executable around it. Needs Deno 2.7 or later. DENORT_BIN names a runtime base
// for networks that do not reach Deno's download host.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");
const staging = join(dist, "entries");

/** Entry files of the program, flat beside each other as the workers' addresses expect. */
const ENTRIES: Readonly<Record<string, string>> = {
  "main.js": "main.ts",
  "core.js": "src/walls/core.ts",
  "clam_worker.js": "src/sandbox/worker.ts",
  "html_worker.js": "src/tools/web_fetch/html_worker.ts",
  "probe_worker.js": "src/walls/probe_worker.ts",
};

/** What the launcher may do; everything else in the program gets less. No run, ffi, sys, import. */
const PERMISSIONS = [
  "--allow-read",
  "--allow-write",
  "--allow-net",
  "--allow-env",
];

await Deno.remove(dist, { recursive: true }).catch(() => {});
await Deno.mkdir(staging, { recursive: true });
for (const [name, source] of Object.entries(ENTRIES)) {
  const entry = join(staging, name.replace(/\.js$/, ".ts"));
  await Deno.writeTextFile(entry, `import ${JSON.stringify(join(root, source))};\n`);
}

await deno("bundle", [
  "--quiet",
  "--minify",
  "--keep-names",
  "--code-splitting",
  "--outdir",
  join(dist, "bundle"),
  ...Object.keys(ENTRIES).map((name) => join(staging, name.replace(/\.js$/, ".ts"))),
], root);

const bundle = join(dist, "bundle");
// The binary's loader would read local files for a worker that may not (seen with 2.7.11), so
// every address outside the bundle leads nowhere: docs/adr/no-imports-in-the-binary.md.
const imports = { "./": "./", "file:///": "https://nowhere.invalid/" };
await Deno.writeTextFile(join(bundle, "import_map.json"), JSON.stringify({ imports }));
const workers = Object.keys(ENTRIES).filter((name) => name !== "main.js");
await deno("compile", [
  "--quiet",
  "--no-config",
  "--no-code-cache",
  "--no-prompt",
  "--import-map=import_map.json",
  "--unstable-worker-options",
  "--v8-flags=--disallow-code-generation-from-strings",
  ...workers.flatMap((name) => ["--include", name]),
  ...PERMISSIONS,
  ...(Deno.args.includes("--target")
    ? ["--target", Deno.args[Deno.args.indexOf("--target") + 1] ?? ""]
    : []),
  "--output",
  join(dist, "clambot"),
  "main.js",
], bundle);
await Deno.remove(staging, { recursive: true });

const { size } = await Deno.stat(join(dist, "clambot"));
console.log(`dist/clambot: ${(size / 1e6).toFixed(1)} MB`);

async function deno(command: string, args: string[], cwd: string): Promise<void> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [command, ...args],
    cwd,
    env: { DENO_TLS_CA_STORE: Deno.env.get("DENO_TLS_CA_STORE") ?? "system,mozilla" },
  }).spawn().status;
  if (!success) {
    console.error(`compile: "deno ${command}" failed`);
    Deno.exit(1);
  }
}
