import type { Clam, ClamId, ClamManifest } from "../domain/clam.ts";
import { CodedError, type FailureCode } from "../domain/failure.ts";
import type { Files } from "../platform/platform.ts";
import { sha256Hex } from "../text/canonical_json.ts";
import { parseClamId } from "./id.ts";

/**
 * Kept clams as they lie on disk: `<id>/v<N>/{CLAM.md,run.js}`, and `<id>/current` with the number
 * that counts. A directory that holds the two files itself, as the original wrote it, is version 1.
 */
export interface Shelf {
  /** Names of everything that could be a clam. */
  names(): Promise<readonly string[]>;
  /** Numbers of the versions, lowest first; empty when there is no such clam. */
  versions(id: ClamId): Promise<readonly number[]>;
  /** The number that counts; `undefined` when there is no such clam. */
  current(id: ClamId): Promise<number | undefined>;
  /** @throws {CodedError} `clam_not_found`, `clam_malformed` */
  manifest(id: ClamId, version: number): Promise<ClamManifest>;
  /** @throws {CodedError} also `clam_changed`, when the script is not the one of the manifest */
  clam(id: ClamId, version: number): Promise<Clam>;
  /** The same, whatever the script has become: its hash is computed afresh. */
  found(id: ClamId, version: number): Promise<Clam>;
  setCurrent(id: ClamId, version: number): Promise<void>;
}

/** Opens the shelf over the directory of the clams. */
export function openShelf(clams: Files): Shelf {
  const readManifest = createManifestReader(clams);
  const shelf: Shelf = {
    async names() {
      const entries = await clams.list();
      return entries.filter((entry) => entry.kind !== "file" && !entry.name.startsWith("."))
        .map((entry) => entry.name);
    },
    async versions(id) {
      const names = (await clams.list(id)).map((entry) => entry.name);
      const numbers = names.flatMap((name) => {
        const digits = /^v([1-9]\d{0,8})$/.exec(name)?.[1];
        return digits === undefined ? [] : [Number(digits)];
      });
      if (names.includes("CLAM.md") && !numbers.includes(1)) numbers.push(1);
      return numbers.sort((a, b) => a - b);
    },
    async current(id) {
      const text = await readOrdinary(clams, `${id}/current`);
      // A promotion that was killed between its two renames left the version without the number.
      if (text === undefined) return (await shelf.versions(id)).at(-1);
      if (/^[1-9]\d{0,8}\s*$/.test(text)) return Number(text);
      throw problem("clam_malformed", `The file clams/${id}/current does not hold a number.`);
    },
    manifest: async (id, version) => (await readManifest(id, version)).manifest,
    async clam(id, version) {
      const { manifest, path } = await readManifest(id, version);
      const { script, sha256 } = await readScript(clams, path);
      if (manifest.sha256 !== "" && manifest.sha256 !== sha256) {
        throw problem(
          "clam_changed",
          `The script of the clam "${id}" is not the one that was kept (version ${version}).`,
          `Look at ${clams.path}/${path}/run.js, then roll back, or adopt it as it is now.`,
        );
      }
      return { id, manifest: { ...manifest, sha256 }, script };
    },
    async found(id, version) {
      const { manifest, path } = await readManifest(id, version);
      const { script, sha256 } = await readScript(clams, path);
      return { id, manifest: { ...manifest, sha256 }, script };
    },
    setCurrent: (id, version) => clams.replace(`${id}/current`, `${version}\n`),
  };
  return shelf;
}

/** Manifests whose reading is remembered; the files themselves are always looked at again. */
const REMEMBERED = 100;

function createManifestReader(clams: Files) {
  const known = new Map<string, ClamManifest>();

  async function parse(text: string, id: ClamId): Promise<ClamManifest> {
    const before = known.get(text);
    if (before) return before;
    const { parseManifest } = await import("./manifest.ts");
    const read = parseManifest(text);
    if (!read.ok) throw problem("clam_malformed", `The clam "${id}": ${read.failure.message}`);
    const [oldest] = known.size >= REMEMBERED ? known.keys() : [];
    if (oldest !== undefined) known.delete(oldest);
    known.set(text, read.manifest);
    return read.manifest;
  }

  return async (id: ClamId, version: number): Promise<{ manifest: ClamManifest; path: string }> => {
    const inside = `${id}/v${version}`;
    const own = await readOrdinary(clams, `${inside}/CLAM.md`);
    const text = own ?? (version === 1 ? await readOrdinary(clams, `${id}/CLAM.md`) : undefined);
    if (text === undefined) {
      throw problem("clam_not_found", `There is no version ${version} of the clam "${id}".`);
    }
    const manifest = { ...await parse(text, id), version };
    return { manifest, path: own === undefined ? id : inside };
  };
}

/** Text and bytes must be one to one, or the hash would vouch for another script. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

async function readScript(
  clams: Files,
  path: string,
): Promise<{ script: string; sha256: string }> {
  await expectOrdinary(clams, `${path}/run.js`);
  const bytes = await clams.readBytes(`${path}/run.js`);
  if (!bytes) throw problem("clam_malformed", `The script clams/${path}/run.js is missing.`);
  try {
    return { script: utf8.decode(bytes), sha256: await sha256Hex(bytes) };
  } catch {
    throw problem("clam_malformed", `The script clams/${path}/run.js is no UTF-8 text.`);
  }
}

/** Bytes of a file of a clam; a larger one is none. */
const LARGEST = 2_097_152;

async function readOrdinary(clams: Files, name: string): Promise<string | undefined> {
  return await expectOrdinary(clams, name) ? await clams.readText(name) : undefined;
}

/**
 * Whether there is a file; a link, a pipe or a giant is never opened, for clams come from others
 * too.
 * @throws {CodedError} `clam_malformed`
 */
async function expectOrdinary(clams: Files, name: string): Promise<boolean> {
  const found = await clams.stat(name);
  if (!found) return false;
  if (found.kind === "file" && found.size <= LARGEST) return true;
  const why = found.kind === "file" ? `is larger than ${LARGEST} bytes` : "is no ordinary file";
  throw problem("clam_malformed", `clams/${name} ${why}.`);
}

/** Reads an id that came from outside. */
export function requireClamId(text: string): ClamId {
  const id = parseClamId(text);
  if (id) return id;
  throw problem("clam_not_found", `${JSON.stringify(text.slice(0, 100))} is no clam's id.`);
}

function problem(code: FailureCode, message: string, hint?: string): CodedError {
  return new CodedError(code, message, hint);
}
