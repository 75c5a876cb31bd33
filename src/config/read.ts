import { CodedError } from "../domain/failure.ts";
import type { Files } from "../platform/platform.ts";

/** Bytes of a configuration; a larger file is none. */
const LARGEST = 1_048_576;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Text of the configuration file `name`; `undefined` when there is none.
 * @throws {CodedError} `config_invalid` when it is no ordinary file, too large, or no UTF-8: what
 *   cannot be read as it is must not be written back
 */
export async function readConfigText(files: Files, name: string): Promise<string | undefined> {
  const found = await files.stat(name);
  if (!found) return undefined;
  const path = `${files.path}/${name}`;
  if (found.kind !== "file") throw unreadable(path, "it is no ordinary file");
  if (found.size > LARGEST) throw unreadable(path, `it is larger than ${LARGEST} bytes`);
  try {
    const bytes = await files.readBytes(name);
    return bytes && utf8.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw unreadable(path, "it is not UTF-8 text");
    if (error instanceof CodedError && (error.cause as Error)?.name === "PermissionDenied") {
      throw unreadable(path, "you may not read it");
    }
    throw error;
  }
}

function unreadable(path: string, why: string): CodedError {
  return new CodedError(
    "config_invalid",
    `${path} cannot be the configuration: ${why}.`,
    "Correct the file; it was left as it is.",
  );
}
