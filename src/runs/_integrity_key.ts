import { CodedError } from "../domain/failure.ts";
import type { Files, Random } from "../platform/platform.ts";

/** The key file, in the directory `secrets`; independent of the vault. */
export const INTEGRITY_KEY = "integrity.key";

const BYTES = 32;

/**
 * Gives the key that seals the lines of runs; made when there is none.
 * @throws {CodedError} `run_damaged` when the file holds no key
 */
export async function integrityKey(secrets: Files, random: Random): Promise<CryptoKey> {
  const text = await secrets.readText(INTEGRITY_KEY) ??
    await secrets.locked("integrity", () => make(secrets, random));
  const hex = text.trim();
  if (!new RegExp(`^[0-9a-f]{${2 * BYTES}}$`).test(hex)) {
    throw new CodedError(
      "run_damaged",
      `The key in ${secrets.path}/${INTEGRITY_KEY} is damaged, so no run can be kept or trusted.`,
      "Put the file back from a backup; or move it away: runs that stand open are then given up.",
    );
  }
  const bytes = Uint8Array.fromHex(hex);
  return await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
  ]);
}

async function make(secrets: Files, random: Random): Promise<string> {
  const there = await secrets.readText(INTEGRITY_KEY);
  if (there !== undefined) return there;
  const text = `${random.bytes(BYTES).toHex()}\n`;
  await secrets.replace(INTEGRITY_KEY, text);
  return text;
}
