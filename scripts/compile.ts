// Builds dist/clambot, or what --output names: one executable around the bundled program, or around
// the bundle in the directory that --bundle names. Needs Deno 2.7 or later. DENORT_BIN names a
// runtime base for networks that do not reach Deno's download host. Exit codes: 0 built, 1 failed, 2 the command line cannot be read, 3 no base can be had.
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { BuildFailure, bundle } from "./bundle.ts";
import { checkNamedBase, makeExecutable, NoRuntimeBase } from "./executable.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

interface Order {
  readonly output: string;
  /** Another machine's triple. */
  readonly target: string | undefined;
  /** A directory with a bundle, where there is one already. */
  readonly bundle: string | undefined;
}

/** Builds beside the output and puts the whole in its place at the end: a failure leaves it. */
async function compile({ output, target, bundle: ready }: Order): Promise<void> {
  await checkNamedBase();
  const aside = `${output}.building`;
  const bundled = ready ?? join(aside, "bundle");
  const built = join(aside, basename(output));
  await removeAll(aside);
  await Deno.mkdir(join(aside, "bundle"), { recursive: true });
  try {
    if (ready === undefined) await bundle(bundled);
    await makeExecutable({ bundled, output: built, target });
    await Deno.rename(built, output);
  } finally {
    await removeAll(aside);
  }
}

async function removeAll(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function readOrder(): Order {
  const { output, target, bundle } = parseArgs({
    args: [...Deno.args],
    options: {
      output: { type: "string" },
      target: { type: "string" },
      bundle: { type: "string" },
    },
  }).values;
  const name = (target ?? Deno.build.target).includes("windows") ? "clambot.exe" : "clambot";
  return {
    output: resolve(output ?? join(ROOT, "dist", name)),
    target,
    bundle: bundle === undefined ? undefined : resolve(bundle),
  };
}

/** Its exit code. */
async function main(): Promise<number> {
  let order;
  try {
    order = readOrder();
  } catch (error) {
    console.error(`compile: ${(error as Error).message}`);
    return 2;
  }
  const { output } = order;
  const shown = relative(ROOT, output);
  try {
    await Deno.mkdir(dirname(output), { recursive: true });
    await compile(order);
  } catch (error) {
    if (!(error instanceof BuildFailure)) throw error;
    const stands = await Deno.stat(output).then(() => ` ${shown} is as it was.`, () => "");
    console.error(`compile: ${error.message}${stands}`);
    return error instanceof NoRuntimeBase ? 3 : 1;
  }
  const { size } = await Deno.stat(output);
  console.log(`${shown}: ${(size / 1e6).toFixed(1)} MB`);
  return 0;
}

Deno.exit(await main());
