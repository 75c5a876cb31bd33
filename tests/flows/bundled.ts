import { bundle, MAIN } from "../../scripts/bundle.ts";
import { fileURLToPath } from "node:url";

// The program as tests start it: bundled in the way of the binary, which starts in half the time
// that the source takes. Made once for everything that runs, again when a source changes.

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Where bundles lie; no part of the repository. */
const PLACE = `${ROOT}.bundles`;

/** What a bundle is made of. */
const SOURCES = [
  "main.ts",
  "deno.json",
  "deno.lock",
  "scripts/bundle.ts",
  "scripts/help_texts.ts",
  "src",
];

/** Bundles that stay: another run may be at work with older sources. */
const KEPT = 3;

let made: Promise<string> | undefined;

/** The bundle's file that is run; test files that ask at the same moment wait for one maker. */
export function bundledMain(): Promise<string> {
  return made ??= findOrMake();
}

async function findOrMake(): Promise<string> {
  const directory = `${PLACE}/${await fingerprint()}`;
  await Deno.mkdir(PLACE, { recursive: true });
  using lock = await Deno.open(`${PLACE}/lock`, { create: true, write: true });
  await lock.lock(true);
  if (!await exists(directory)) await make(directory);
  return `${directory}/${MAIN}`;
}

/** Nobody ever sees half a bundle: it is made elsewhere and gets its name at the end. */
async function make(directory: string): Promise<void> {
  await removeOld();
  const growing = await Deno.makeTempDir({ dir: PLACE, prefix: "growing-" });
  await bundle(growing);
  await Deno.rename(growing, directory);
}

async function removeOld(): Promise<void> {
  const entries = (await Array.fromAsync(Deno.readDir(PLACE))).filter((one) => one.isDirectory);
  const dated = await Promise.all(entries.map(async ({ name }) => {
    const path = `${PLACE}/${name}`;
    return { path, at: (await Deno.stat(path)).mtime?.getTime() ?? 0 };
  }));
  const old = dated.toSorted((a, b) => b.at - a.at).slice(KEPT - 1);
  for (const { path } of old) await Deno.remove(path, { recursive: true });
}

/** What the sources and the bundler are, as a name. */
async function fingerprint(): Promise<string> {
  const texts = await Promise.all((await sources()).map(async (path) => {
    const text = await Deno.readTextFile(`${ROOT}${path}`);
    return `${path}\0${text.length}\0${text}`;
  }));
  const bytes = new TextEncoder().encode([Deno.version.deno, ...texts].join("\0"));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex().slice(0, 32);
}

async function sources(): Promise<string[]> {
  const found: string[] = [];
  const pending = [...SOURCES];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const { isDirectory } = await Deno.stat(ROOT + path);
    if (!isDirectory) found.push(path);
    else for await (const { name } of Deno.readDir(ROOT + path)) pending.push(`${path}/${name}`);
  }
  return found.filter((path) => !/_test\.ts$|\/testdata\//.test(path)).sort();
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
