import { dump, JSON_SCHEMA, load } from "js-yaml";
import type { ClamManifest } from "../domain/clam.ts";
import type { Failure } from "../domain/failure.ts";
import { readFrontMatter, writeFrontMatter } from "./_front_matter.ts";
import { readOriginalFrontMatter } from "./_original.ts";

/** What a `CLAM.md` says, or why it cannot be read. */
export type ManifestRead =
  | { readonly ok: true; readonly manifest: ClamManifest; readonly body: string }
  | { readonly ok: false; readonly failure: Failure };

/** Characters; a longer file is no manifest. */
const LONGEST = 1_000_000;

/**
 * Reads a `CLAM.md`: YAML front matter between two lines `---`, then text for people. Aliases,
 * unknown tags, duplicate keys and deep nesting are refused. The original's files are read too:
 * their `source_request` becomes the only request, fields that they lack take defaults, a missing
 * hash reads as an empty one, and quotes that they did not escape do not matter.
 */
export function parseManifest(text: string): ManifestRead {
  if (text.length > LONGEST) return malformed(`it is longer than ${LONGEST} characters`);
  const parts = splitFences(text);
  if (!parts) return malformed("it does not begin with front matter between two lines ---");
  const loaded = loadFront(parts.front);
  if (!loaded.ok) return malformed(loaded.reason);
  const read = readFrontMatter(loaded.value);
  if (!read.ok) return malformed(read.message);
  return { ok: true, manifest: read.manifest, body: parts.body };
}

type Loaded = { ok: true; value: unknown } | { ok: false; reason: string };

/** As YAML; only what bears no mark of this program is then tried as the original read it. */
function loadFront(front: string): Loaded {
  try {
    const value = load(front, { schema: JSON_SCHEMA, maxAliases: 0, maxDepth: 20 });
    return { ok: true, value };
  } catch (error) {
    const original = /^(?:sha256|version):/m.test(front)
      ? undefined
      : readOriginalFrontMatter(front);
    if (original?.source_request !== undefined) return { ok: true, value: original };
    const reason = (error as Error).message.split("\n", 1)[0];
    return { ok: false, reason: reason ?? "its YAML is broken" };
  }
}

/** Writes a `CLAM.md`. `parseManifest` gives back the same manifest and body, whatever they hold. */
export function formatManifest(manifest: ClamManifest, body: string): string {
  const front = dump(writeFrontMatter(manifest), {
    schema: JSON_SCHEMA,
    lineWidth: -1,
    noRefs: true,
  });
  return `---\n${front}---\n${body}`;
}

function splitFences(text: string): { front: string; body: string } | undefined {
  const opening = /^\uFEFF?---[ \t]*\r?\n/.exec(text)?.[0];
  if (opening === undefined) return undefined;
  const closing = /^---[ \t]*(?:\r?\n|$(?![^]))/gm;
  closing.lastIndex = opening.length;
  const found = closing.exec(text);
  if (!found) return undefined;
  return {
    front: text.slice(opening.length, found.index),
    body: text.slice(found.index + found[0].length),
  };
}

function malformed(reason: string): ManifestRead {
  return {
    ok: false,
    failure: { code: "clam_malformed", message: `The manifest cannot be read: ${reason}.` },
  };
}
