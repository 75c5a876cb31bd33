import { dump, JSON_SCHEMA, load } from "js-yaml";
import type { ClamManifest } from "../domain/clam.ts";
import type { Failure } from "../domain/failure.ts";
import { readFrontMatter, writeFrontMatter } from "./_front_matter.ts";

/** What a `CLAM.md` says, or why it cannot be read. */
export type ManifestRead =
  | { readonly ok: true; readonly manifest: ClamManifest; readonly body: string }
  | { readonly ok: false; readonly failure: Failure };

/** Characters; a longer file is no manifest. */
const LONGEST = 1_000_000;

/**
 * Reads a `CLAM.md`: YAML front matter between two lines `---`, then text for people. Aliases,
 * unknown tags, duplicate keys and deep nesting are refused. The original's files are read too:
 * their `source_request` becomes the only request, fields that they lack take defaults, and a
 * missing hash reads as an empty one.
 */
export function parseManifest(text: string): ManifestRead {
  if (text.length > LONGEST) return malformed(`it is longer than ${LONGEST} characters`);
  const parts = splitFences(text);
  if (!parts) return malformed("it does not begin with front matter between two lines ---");
  let value: unknown;
  try {
    value = load(parts.front, { schema: JSON_SCHEMA, maxAliases: 0, maxDepth: 20 });
  } catch (error) {
    return malformed((error as Error).message.split("\n", 1)[0] ?? "its YAML cannot be read");
  }
  const read = readFrontMatter(value);
  return read.ok ? { ok: true, manifest: read.manifest, body: parts.body } : malformed(
    read.message,
  );
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
