import { CodedError } from "../domain/failure.ts";

/** A key of the vault in a form that cannot be read out again. */
export interface VaultKey {
  /** What it is known by in the vault's first line. */
  readonly id: string;
  readonly secret: CryptoKey;
}

/** The parameters of scrypt for a passphrase (RFC 7914); 2^17 takes 128 MiB. */
export const COST = 2 ** 17;
const BLOCK = 8;

const KEY_BYTES = 32;

/** Makes the key out of what a key file, a credential or scrypt gave. */
export async function deriveKey(material: Uint8Array): Promise<VaultKey> {
  const input = await crypto.subtle.importKey(
    "raw",
    material as Uint8Array<ArrayBuffer>,
    "HKDF",
    false,
    ["deriveKey", "deriveBits"],
  );
  const secret = await crypto.subtle.deriveKey(
    expand("clambot vault key"),
    input,
    { name: "AES-GCM", length: 8 * KEY_BYTES },
    false,
    ["encrypt", "decrypt"],
  );
  const id = await crypto.subtle.deriveBits(expand("clambot vault key id"), input, 64);
  return { id: new Uint8Array(id).toHex(), secret };
}

/** HKDF (RFC 5869) with a purpose. */
function expand(purpose: string) {
  const info = new TextEncoder().encode(purpose);
  return { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
}

/** Makes the key out of a passphrase; takes most of a second, and is meant to. */
export async function derivePassphraseKey(
  passphrase: string,
  salt: Uint8Array,
  cost: number,
): Promise<VaultKey> {
  const { scrypt } = await import("node:crypto");
  const options = { N: cost, r: BLOCK, p: 1, maxmem: 2 * 128 * cost * BLOCK };
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  scrypt(
    passphrase.normalize("NFC"),
    salt,
    KEY_BYTES,
    options,
    (error, key) => error ? reject(error) : resolve(key),
  );
  return await deriveKey(await promise);
}

const FILE_NOTE =
  "# The key of ClamBot's vault. Who has it and secrets/vault can read all secrets.";

/** The text of a key file, newest key last. */
export function formatKeyFile(keys: readonly Uint8Array[]): string {
  return `${[FILE_NOTE, ...keys.map((key) => key.toBase64())].join("\n")}\n`;
}

/**
 * The keys in a key file, oldest first; more than one only while the key is being changed.
 * @throws {CodedError} `vault_locked`
 */
export function parseKeyFile(text: string, path: string): Uint8Array[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  const keys = lines.map(readKey);
  const whole = keys.filter((key) => key !== undefined);
  if (whole.length > 0 && whole.length === keys.length) return whole;
  throw new CodedError(
    "vault_locked",
    `The vault stays locked: its key file ${path} is ${
      lines.length === 0 ? "empty" : "damaged"
    }, and nothing was changed.`,
    "Put the key file back from a backup; without it nobody can read the vault.",
  );
}

function readKey(line: string): Uint8Array | undefined {
  try {
    const key = Uint8Array.fromBase64(line);
    return key.length === KEY_BYTES ? key : undefined;
  } catch {
    return undefined; // SyntaxError
  }
}

/**
 * What a credential of systemd gives as a key: all of it but a line end behind it, or the key in it
 * where it is a copy of a key file.
 * @throws {CodedError} `vault_locked` when it is too short for a key
 */
export function readCredential(bytes: Uint8Array, path: string): Uint8Array {
  const copied = new TextDecoder().decode(bytes);
  if (copied.startsWith(FILE_NOTE)) return parseKeyFile(copied, path).at(-1) ?? bytes;
  const text = bytes.at(-1) === 0x0a ? bytes.subarray(0, bytes.at(-2) === 0x0d ? -2 : -1) : bytes;
  if (text.length >= KEY_BYTES) return text;
  throw new CodedError(
    "vault_locked",
    `The vault stays locked: the key ${path} has ${text.length} bytes, and ${KEY_BYTES} are needed.`,
    "Make one with: openssl rand -hex 32",
  );
}
