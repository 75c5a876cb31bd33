// Bundles the program: split and minified, so that heavy modules stay apart and are loaded when
// needed. dist/clambot is made of it (scripts/compile.ts), and it starts faster than the source.
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

// What needs packages is imported where it is used: what fails before can be told without them.

const ROOT = new URL("../", import.meta.url);

/** Entry files of the program, flat beside each other as the workers' addresses expect. */
const ENTRIES: Readonly<Record<string, string>> = {
  "main.js": "main.ts",
  "core.js": "src/walls/core.ts",
  "clam_worker.js": "src/sandbox/worker.ts",
  "html_worker.js": "src/tools/web_fetch/html_worker.ts",
  "pdf_worker.js": "src/tools/pdf_reader/pdf_worker.ts",
  "probe_worker.js": "src/walls/probe_worker.ts",
};

/** The file that is run. */
export const MAIN = "main.js";

/** Files that `main.js` starts as workers and no import leads to. */
export const WORKERS: readonly string[] = Object.keys(ENTRIES).filter((name) => name !== MAIN);

/**
 * Bundles the program into a directory; throws a {@linkcode BuildFailure}. Functions lose their
 * names: keeping them would define a property each time that one is made.
 */
export async function bundle(directory: string): Promise<void> {
  const staging = await Deno.makeTempDir({ prefix: "clambot-entries-" });
  try {
    const entries = await Promise.all(
      Object.entries(ENTRIES).map(([name, source]) => writeEntry(staging, name, source)),
    );
    await deno("bundle", [
      "--quiet",
      "--minify",
      "--code-splitting",
      "--outdir",
      directory,
      ...entries,
    ], fileURLToPath(ROOT));
    await writeEngine(directory);
    await writeHelp(directory);
    await writeDefaults(directory);
  } finally {
    await Deno.remove(staging, { recursive: true });
  }
}

async function writeEntry(staging: string, name: string, source: string): Promise<string> {
  const entry = join(staging, name.replace(/\.js$/, ".ts"));
  await Deno.writeTextFile(entry, `import ${JSON.stringify(new URL(source, ROOT).href)};\n`);
  return entry;
}

/**
 * Puts the engine beside the bundle, with its image made, and has the module of its parts read these
 * files: inside of JavaScript they would be text, which takes as long to read as the engine to start.
 */
async function writeEngine(directory: string): Promise<void> {
  const { parts } = await import("../src/sandbox/_engine.ts");
  const { makeImage } = await import("../src/sandbox/_make_image.ts");
  const image = await makeImage(await WebAssembly.compile(parts.wasm));
  await Deno.writeFile(join(directory, "engine.wasm"), parts.wasm);
  await Deno.writeFile(join(directory, "engine_image.bin"), image);
  await replaceModule(
    directory,
    "src/sandbox/_engine.ts",
    'import wasm from "./engine.wasm" with { type: "bytes" };\n' +
      'import image from "./engine_image.bin" with { type: "bytes" };\n' +
      "export const parts = { wasm, image };\n",
  );
}

/** Has the help of every command stand ready, so that it is told without starting the core. */
async function writeHelp(directory: string): Promise<void> {
  const { makeHelpTexts } = await import("./help_texts.ts");
  const texts = JSON.stringify(await makeHelpTexts());
  await replaceModule(directory, "src/cli/help_texts.ts", `export const helpTexts = ${texts};\n`);
}

/** Has what counts without a configuration stand ready. */
async function writeDefaults(directory: string): Promise<void> {
  const { defaultConfig } = await import("../src/config/parse.ts");
  const text = `export const readyDefault = ${JSON.stringify(defaultConfig())};\n`;
  await replaceModule(directory, "src/config/default_config.ts", text);
}

/** Puts another text in place of a module that is imported by one `import()` and nothing else. */
async function replaceModule(directory: string, source: string, text: string): Promise<void> {
  const chunk = new RegExp(`^${basename(source, ".ts")}-\\w+\\.js$`);
  const names = (await Array.fromAsync(Deno.readDir(directory))).map(({ name }) => name);
  const [found, ...more] = names.filter((name) => chunk.test(name));
  if (found === undefined || more.length > 0) {
    throw new BuildFailure(
      `the bundle has no module of ${source} alone: import it by one import() and nothing else.`,
    );
  }
  await Deno.writeTextFile(join(directory, found), text);
}

/** Why something could not be built: a sentence that says what to do, as far as that is known. */
export class BuildFailure extends Error {
  override readonly name = "BuildFailure";
}

/** Runs a command of this Deno; throws a {@linkcode BuildFailure} with its words when it fails. */
export async function deno(command: string, args: readonly string[], cwd: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [command, ...args],
    cwd,
    env: { DENO_TLS_CA_STORE: Deno.env.get("DENO_TLS_CA_STORE") ?? "system,mozilla" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (success) return;
  const [words = ""] = new TextDecoder().decode(stderr).split("\n\nStack backtrace:");
  throw new BuildFailure(`"deno ${command}" failed: ${words.trim().replace(/^error: /, "")}`);
}
