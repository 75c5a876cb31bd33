import { CodedError } from "../domain/failure.ts";

// One file: a line of JSON that anybody may read, then base64 of what AES-GCM made of the rest. The
// line is authenticated with it (NIST SP 800-38D, "additional authenticated data").

/** What stands in clear at the beginning of the vault. */
export interface Header {
  /** Where the key comes from. */
  readonly by: "file" | "credential" | "passphrase";
  /** What its key is known by; says nothing about the key itself. */
  readonly key: string;
  /** Counts up with each change. */
  readonly generation: number;
  /** Of scrypt, for a passphrase. */
  readonly salt?: string;
  readonly cost?: number;
}

/** The vault as it stands on disk, not yet opened. */
export interface Sealed {
  readonly header: Header;
  /** The first line, byte by byte as it is authenticated. */
  readonly line: string;
  readonly nonce: Uint8Array<ArrayBuffer>;
  readonly ciphertext: Uint8Array<ArrayBuffer>;
}

const VERSION = 1;
const NONCE_BYTES = 12;

/** Costs of scrypt that are computed at all: what others wrote must not take all memory. */
const HIGHEST_COST = 2 ** 20;

/** Encrypts a text; the result is the whole file. */
export async function seal(
  header: Header,
  text: string,
  key: CryptoKey,
  nonce: Uint8Array,
): Promise<string> {
  const { by, key: id, generation, ...derivation } = header;
  const facts = { clambot: "vault", version: VERSION, by, key: id, generation, ...derivation };
  const line = JSON.stringify({ ...facts, nonce: nonce.toBase64() });
  const encrypted = await crypto.subtle.encrypt(
    parameters(nonce as Uint8Array<ArrayBuffer>, line),
    key,
    new TextEncoder().encode(text),
  );
  return `${line}\n${new Uint8Array(encrypted).toBase64()}\n`;
}

/**
 * Reads a vault without opening it.
 * @throws {CodedError} `vault_damaged`
 */
export function parseSealed(file: string): Sealed {
  const [line = "", body = "", ...behind] = file.split("\n");
  const written = parseLine(line);
  const { clambot, version, by, key, generation, salt, cost, nonce } = written ?? {};
  // nothing stands behind it, and a letter that says nothing is one that was changed
  if (clambot !== "vault" || behind.join() !== "" || behind.length !== 1) throw damaged();
  if (typeof version === "number" && version > VERSION) throw tooNew();
  const header = readHeader({ by, key, generation, salt, cost });
  const iv = fromBase64(nonce);
  const ciphertext = fromBase64(body);
  if (
    version !== VERSION || !header || iv?.length !== NONCE_BYTES || !ciphertext?.length ||
    ciphertext.toBase64() !== body
  ) {
    throw damaged();
  }
  return { header, line, nonce: iv, ciphertext };
}

/**
 * The text of a vault.
 * @throws {CodedError} `vault_damaged` when a bit of it was changed, or the key is another
 */
export async function unseal({ line, nonce, ciphertext }: Sealed, key: CryptoKey): Promise<string> {
  try {
    const text = await crypto.subtle.decrypt(parameters(nonce, line), key, ciphertext);
    return new TextDecoder("utf-8", { fatal: true }).decode(text);
  } catch {
    throw damaged(); // OperationError: the tag does not fit
  }
}

function parameters(iv: Uint8Array<ArrayBuffer>, line: string) {
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(line) };
}

function parseLine(line: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(line) as unknown;
    return typeof value === "object" && value !== null
      ? value as Record<string, unknown>
      : undefined;
  } catch {
    return undefined; // SyntaxError
  }
}

function readHeader(written: Readonly<Record<string, unknown>>): Header | undefined {
  const { by, key, generation, salt, cost } = written;
  if (by !== "file" && by !== "credential" && by !== "passphrase") return undefined;
  if (typeof key !== "string" || !Number.isSafeInteger(generation)) return undefined;
  const facts: Header = { by, key, generation: generation as number };
  if (by !== "passphrase") return facts;
  const isCost = Number.isInteger(cost) && (cost as number) > 1 && (cost as number) <= HIGHEST_COST;
  if (typeof salt !== "string" || !isCost) return undefined;
  return { ...facts, salt, cost: cost as number };
}

function fromBase64(text: unknown): Uint8Array<ArrayBuffer> | undefined {
  try {
    return typeof text === "string" ? Uint8Array.fromBase64(text) : undefined;
  } catch {
    return undefined; // SyntaxError
  }
}

/** What is told of a vault that cannot be read. */
export function damaged(): CodedError {
  return new CodedError(
    "vault_damaged",
    "The vault is damaged: secrets/vault is not as ClamBot wrote it, and nothing of it was changed.",
    "Put it back from a backup, or move it and state/vault-seen.json away to begin an empty one.",
  );
}

function tooNew(): CodedError {
  return new CodedError(
    "vault_damaged",
    "The vault was written by a newer ClamBot than this one.",
    "Use that version, or a newer one.",
  );
}
