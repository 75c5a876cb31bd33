import type { ClamId } from "../domain/clam.ts";

/**
 * Reads a clam's id. Anything but `[a-z0-9][a-z0-9_-]{0,63}` is `undefined`: no separators, no
 * dots, no other scripts, whatever the text came from.
 */
export function parseClamId(text: string): ClamId | undefined {
  return /^[a-z0-9][a-z0-9_-]{0,63}(?![^])/.test(text) ? text as ClamId : undefined;
}
