import { CodedError } from "../domain/failure.ts";
import { isOfConfig } from "./secret.ts";
import type { Vault } from "./vault.ts";

// A value of the configuration may lie in the vault; config.json then holds `vault:` and its name.

const BEGINNING = "vault:";

/** What stands in config.json for a value that lies in the vault under the name of its key. */
export function referenceTo(key: string): string {
  return `${BEGINNING}${key}`;
}

/** Whether a value of the configuration only says where the value is. */
export function isReference(written: string): boolean {
  return written.startsWith(BEGINNING);
}

/**
 * The value behind what stands in config.json: that itself, or the one of the vault.
 * @throws {CodedError} `vault_locked`, `vault_damaged` or `secret_not_found`
 */
export async function revealReference(
  written: string,
  vault: Pick<Vault, "reveal">,
): Promise<string> {
  if (!isReference(written)) return written;
  const name = written.slice(BEGINNING.length);
  // what programs use is never sent by the way of the configuration
  if (isOfConfig(name)) return await vault.reveal(name);
  throw new CodedError("secret_not_found", `"${written}" in config.json names no value of it.`);
}
