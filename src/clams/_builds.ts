import type { Clam, ClamId, ClamManifest, ClamOrigin, Draft } from "../domain/clam.ts";
import { CodedError } from "../domain/failure.ts";
import type { Clock, Files, Random } from "../platform/platform.ts";
import { canonicalJson, sha256Hex } from "../text/canonical_json.ts";
import type { Json } from "../domain/json.ts";

/** The draft of one attempt, written down under an id of its own that is never used again. */
export interface Build {
  readonly id: string;
  readonly script: string;
  /** As it will be kept, but for `version` and `createdAt`. */
  readonly manifest: ClamManifest;
}

export interface Builds {
  create(draft: Draft, origin: ClamOrigin): Promise<Build>;
  /**
   * Moves the directory of this build to its place among the clams, if it still holds what was
   * built.
   * @throws {CodedError} `clam_changed`
   */
  promote(build: Build, id: ClamId, version: number): Promise<Clam>;
  discard(build: Build): Promise<void>;
}

/** Opens `build/` of the workspace. */
export function openBuilds(workspace: Files, random: Random, clock: Clock): Builds {
  return {
    async create({ script, manifest }, origin) {
      await sweep(workspace, clock.now());
      const text = new TextDecoder().decode(new TextEncoder().encode(script)); // as it will be read
      const build: Build = {
        id: random.id(),
        script: text,
        manifest: {
          ...manifest,
          origin,
          version: 1,
          sha256: await sha256Hex(text),
          createdAt: timeOf(clock),
        },
      };
      const manifestText = await formatChecked(build.manifest);
      await workspace.replace(`build/${build.id}/run.js`, text);
      await workspace.replace(`build/${build.id}/CLAM.md`, manifestText);
      return build;
    },
    async promote(build, id, version) {
      const directory = `build/${build.id}`;
      const manifest = { ...build.manifest, version, createdAt: timeOf(clock) };
      const bytes = await workspace.readBytes(`${directory}/run.js`);
      if (!bytes || await sha256Hex(bytes) !== manifest.sha256) {
        throw new CodedError(
          "clam_changed",
          "The program on disk is not the one that ran, so it is not kept.",
          "Ask for it once more.",
        );
      }
      await workspace.replace(`${directory}/CLAM.md`, await formatChecked(manifest));
      await workspace.move(directory, `clams/${id}/v${version}`);
      return { id, manifest, script: build.script };
    },
    discard: (build) => workspace.remove(`build/${build.id}`),
  };
}

/** Milliseconds after which a build belongs to no attempt that still runs. */
const LEFT_BEHIND_MS = 86_400_000;

/** Removes what killed attempts left. */
async function sweep(workspace: Files, now: number): Promise<void> {
  for (const { name } of await workspace.list("build")) {
    const found = await workspace.stat(`build/${name}`);
    if (found && now - found.modified > LEFT_BEHIND_MS) await workspace.remove(`build/${name}`);
  }
}

/** Never writes a manifest that could not be read back as it was. */
async function formatChecked(manifest: ClamManifest): Promise<string> {
  const { formatManifest, parseManifest } = await import("./manifest.ts");
  const text = formatManifest(manifest, `\n${manifest.description}\n`);
  const read = parseManifest(text);
  const same = read.ok &&
    canonicalJson(read.manifest as unknown as Json) === canonicalJson(manifest as unknown as Json);
  if (same) return text;
  throw new CodedError(
    "clam_malformed",
    `The manifest cannot be written down: ${
      read.ok ? "it would not read the same" : read.failure.message
    }`,
  );
}

function timeOf(clock: Clock): string {
  return new Date(clock.now()).toISOString();
}
