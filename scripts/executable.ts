// Makes one executable of the bundled program and a runtime base, by `deno compile`.
import { join } from "node:path";
import { BuildFailure, deno, MAIN, WORKERS } from "./bundle.ts";

/** No base is named and none can be fetched: nothing is wrong but the network. */
export class NoRuntimeBase extends BuildFailure {}

/**
 * What the launcher may do; everything else in the program gets less. No ffi, sys, import; what it
 * may run it gives up at its start, unless the command is one that starts programs.
 */
const PERMISSIONS = [
  "--allow-read",
  "--allow-write",
  "--allow-net",
  "--allow-env",
  "--allow-run",
];

/**
 * V8 translates WebAssembly a second time, with more effort, where it has run this much (10 times
 * V8's own number): for the short programs of a clam that effort is a third of all computing, and
 * one that computes for seconds gets it all the same.
 */
const TIERING = "--wasm-tiering-budget=130000000";

/**
 * V8's built-in functions stay where the executable has them, once for all threads: else each of the
 * three would map them again, nearer to its own code, which is 4 MB and does not make starts faster.
 */
const SHARED_BUILTINS = "--no-short-builtin-calls";

/** What an executable is made of. */
export interface Parts {
  /** The directory that `bundle()` filled. */
  readonly bundled: string;
  /** Where to put the executable. */
  readonly output: string;
  /** Another machine's triple, as `deno compile --target` takes it. */
  readonly target?: string | undefined;
}

/** Makes the executable and sees that it starts; throws a {@linkcode BuildFailure}. */
export async function makeExecutable({ bundled, output, target }: Parts): Promise<void> {
  await checkNamedBase();
  // The binary's loader would read local files for a worker that may not (seen with 2.7.11), so
  // every address outside the bundle leads nowhere: docs/adr/no-imports-in-the-binary.md.
  const imports = { "./": "./", "file:///": "https://nowhere.invalid/" };
  await Deno.writeTextFile(join(bundled, "import_map.json"), JSON.stringify({ imports }));
  try {
    await deno("compile", [
      "--quiet",
      "--no-config",
      "--no-code-cache",
      "--no-prompt",
      "--import-map=import_map.json",
      "--unstable-worker-options",
      "--unstable-raw-imports",
      "--unstable-net",
      `--v8-flags=--disallow-code-generation-from-strings,${TIERING},${SHARED_BUILTINS}`,
      ...WORKERS.flatMap((name) => ["--include", name]),
      ...PERMISSIONS,
      ...(target === undefined ? [] : ["--target", target]),
      "--output",
      output,
      MAIN,
    ], bundled);
  } catch (error) {
    throw explain(error);
  }
  if (target === undefined && !await starts(output)) {
    throw wrongBase("with which the program does not start");
  }
}

/** A named base that is not there is told before any work. */
export async function checkNamedBase(): Promise<void> {
  const base = Deno.env.get("DENORT_BIN");
  if (base === undefined) return;
  const isFile = await Deno.stat(base).then((stat) => stat.isFile, () => false);
  if (!isFile) throw wrongBase("which is no file");
}

function explain(error: unknown): unknown {
  if (!(error instanceof BuildFailure)) return error;
  const { message } = error;
  if (/Setting up base binary|dl\.deno\.land/.test(message)) {
    return new NoRuntimeBase(
      `no runtime base of Deno ${Deno.version.deno} can be fetched from dl.deno.land: run this ` +
        `where that host can be reached, or set DENORT_BIN to a denort of Deno ${Deno.version.deno}.`,
    );
  }
  return /Could not find denort|Writing binary bytes/.test(message)
    ? wrongBase("on which nothing can be built")
    : error;
}

function wrongBase(why: string): BuildFailure {
  const base = Deno.env.get("DENORT_BIN");
  const { deno: version } = Deno.version;
  return new BuildFailure(
    base !== undefined
      ? `DENORT_BIN names "${base}", ${why}: set it to a denort of Deno ${version}, which is what ` +
        "runs this, or unset it where dl.deno.land can be reached."
      : `Deno ${version} fetched a runtime base ${why}: empty its cache with "deno clean" and try ` +
        "again.",
  );
}

/** A base of another version makes a program that cannot find itself. */
async function starts(executable: string): Promise<boolean> {
  try {
    const { stdout } = await new Deno.Command(executable, {
      args: ["--version"],
      stdin: "null",
      stdout: "piped",
      stderr: "null",
      signal: AbortSignal.timeout(60_000),
    }).output();
    return /^\d+\.\d+\.\d+\n$/.test(new TextDecoder().decode(stdout));
  } catch {
    return false; // it is no program at all
  }
}
