import type { Draft } from "../domain/clam.ts";
import { CodedError } from "../domain/failure.ts";
import { sha256Hex } from "../text/canonical_json.ts";
import { parseManifest } from "./manifest.ts";

/** A clam of somebody else, as its files are. */
export interface ImportedFiles {
  /** Text of `CLAM.md`. */
  readonly manifest: string;
  /** Text of `run.js`; without it the script stands in `CLAM.md`, between fences. */
  readonly script?: string | undefined;
}

/**
 * Reads a clam that comes from somewhere else. What it says of its version, its origin and a
 * conversation means nothing here; a hash that it names has to be that of its script.
 * @throws {CodedError} `clam_malformed`
 */
export async function readImportedClam(files: ImportedFiles): Promise<Draft> {
  if (files.manifest.startsWith("PK\x03\x04") || files.manifest.startsWith("\x1f")) {
    throw malformed("this is an archive. Unpack it, look at it, and name its directory");
  }
  const read = parseManifest(files.manifest);
  if (!read.ok) throw malformed(read.failure.message.replace(/\.$/, ""));
  const { version: _v, sha256, origin: _o, createdAt: _c, conversation: _w, ...manifest } =
    read.manifest;
  const script = files.script ?? scriptIn(read.body);
  if (script === undefined || script.trim() === "") {
    throw malformed(
      "there is no script, neither a run.js beside CLAM.md nor one between ```js fences",
    );
  }
  if (sha256 !== "" && sha256 !== await sha256Hex(script)) {
    throw malformed("its script is not the one whose SHA-256 stands in CLAM.md");
  }
  return { script, manifest };
}

/** Whether a text looks like a `CLAM.md` that has its script in itself. */
export function holdsScript(manifest: string): boolean {
  return scriptIn(manifest) !== undefined;
}

/** The one block of JavaScript in a text for people. */
function scriptIn(body: string): string | undefined {
  const blocks = [...body.matchAll(/^```(?:js|javascript)[ \t]*\r?\n([^]*?)^```[ \t]*$/gm)];
  return blocks.length === 1 ? blocks[0]?.[1] : undefined;
}

function malformed(why: string): CodedError {
  return new CodedError("clam_malformed", `It cannot be imported: ${why}.`);
}
