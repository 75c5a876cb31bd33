import { CodedError } from "../domain/failure.ts";
import type { Files, Random } from "../platform/platform.ts";
import {
  COST,
  deriveKey,
  derivePassphraseKey,
  formatKeyFile,
  parseKeyFile,
  readCredential,
  type VaultKey,
} from "./_keys.ts";
import type { Header } from "./_seal.ts";

/** A key that systemd hands to a service (`LoadCredential=`, systemd.exec(5)). */
export interface Credential {
  /** Absolute path of the directory where keys of services stand; nobody else may read there. */
  readonly directory: string;
  /** Where it stands itself, for sentences. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A key with what the vault's first line says of it. */
export interface Opener {
  readonly key: VaultKey;
  readonly lock: Omit<Header, "generation">;
}

/** Where the keys of the vault come from. */
export interface KeyRing {
  /**
   * The key that opens a vault. Two sources with different keys open nothing, so that no second
   * vault comes about beside the first; `changing`: the fitting one counts all the same.
   * @throws {CodedError} `vault_locked`
   */
  find(header: Header, changing?: boolean): Promise<VaultKey>;
  /** The key of a vault that does not exist yet; a key file is made where there is no other source. */
  first(): Promise<Opener>;
  /** A new key, in the key file beside the old ones. */
  next(): Promise<Opener>;
  /** The key that the service offers. @throws {CodedError} `usage` where it offers none */
  offered(): Promise<Opener>;
  /** The key of a new passphrase, which is remembered. */
  choose(passphrase: string): Promise<Opener>;
  /** Whether the passphrase is that of the vault; it is remembered for this process. */
  learn(passphrase: string, header: Header): Promise<boolean>;
  /** Whether the vault wants a passphrase that was not said yet. */
  wantsPassphrase(header: Header): boolean;
  /** Takes every key out of the key file but this one; the whole file where none is left. */
  keepOnly(id: string): Promise<void>;
}

/** The key file, in the directory `secrets`. */
export const KEY_FILE = "vault.key";

const KEY_BYTES = 32;
const SALT_BYTES = 16;

/** Means of the key ring. */
export interface KeyRingPorts {
  readonly files: Files;
  readonly random: Pick<Random, "bytes">;
  readonly credential?: Credential | undefined;
}

export function createKeyRing(ports: KeyRingPorts): KeyRing {
  const { files, random, credential } = ports;
  const path = `${files.path}/${KEY_FILE}`;
  const sources = openSources(ports, path);
  let passphraseKey: VaultKey | undefined;
  return {
    async find(header, changing = false) {
      if (header.by !== "passphrase") return await sources.find(header, changing);
      if (credential && !changing) throw twoSources("a passphrase", credential.path);
      if (passphraseKey?.id === header.key) return passphraseKey;
      throw passphraseNeeded();
    },
    next: () => sources.next(),
    async first() {
      const { offered, kept } = await sources.all();
      const newest = kept.at(-1)?.key;
      if (offered && newest && offered.id !== newest.id) {
        throw twoSources(`the key file ${path}`, credential?.path ?? "");
      }
      if (offered) return byCredential(offered);
      return newest ? byFile(newest) : await sources.next();
    },
    async offered() {
      const { offered } = await sources.all();
      if (offered) return byCredential(offered);
      throw nothingOffered();
    },
    async choose(passphrase) {
      const salt = random.bytes(SALT_BYTES);
      const key = await derivePassphraseKey(passphrase, salt, COST);
      passphraseKey = key;
      const derivation = { salt: salt.toBase64(), cost: COST };
      return { key, lock: { by: "passphrase", key: key.id, ...derivation } };
    },
    async learn(passphrase, { key: id, salt = "", cost = COST }) {
      const key = await derivePassphraseKey(passphrase, Uint8Array.fromBase64(salt), cost);
      if (key.id !== id) return false;
      passphraseKey = key;
      return true;
    },
    wantsPassphrase: ({ by, key }) =>
      by === "passphrase" && passphraseKey?.id !== key && credential === undefined,
    keepOnly: (id) => sources.keepOnly(id),
  };
}

/** A key of the key file, with what it was made from. */
interface FileKey {
  readonly key: VaultKey;
  readonly material: Uint8Array;
}

/** The key file and the service's key. */
function openSources({ files, random, credential }: KeyRingPorts, path: string) {
  async function all() {
    const text = await files.readText(KEY_FILE);
    const materials = text === undefined ? [] : parseKeyFile(text, path);
    const kept: FileKey[] = await Promise.all(
      materials.map(async (material) => ({ key: await deriveKey(material), material })),
    );
    const offered = credential &&
      await deriveKey(readCredential(credential.bytes, credential.path));
    return { offered, kept };
  }
  const write = (materials: readonly Uint8Array[]) =>
    files.replace(KEY_FILE, formatKeyFile(materials));
  return {
    all,
    async find(header: Header, changing: boolean): Promise<VaultKey> {
      const { offered, kept } = await all();
      const ofFile = kept.map(({ key }) => key);
      const fitting = [offered, ...ofFile].find((key) => key?.id === header.key);
      if (fitting && changing) return fitting;
      if (offered && ofFile.length > 0 && !ofFile.some(({ id }) => id === offered.id)) {
        throw twoSources(`the key file ${path}`, credential?.path ?? "");
      }
      if (fitting) return fitting;
      throw noKey(header, { path, credential, hasFile: ofFile.length > 0 });
    },
    async next(): Promise<Opener> {
      const material = random.bytes(KEY_BYTES);
      const { kept } = await all();
      await write([...kept.map((one) => one.material), material]);
      return byFile(await deriveKey(material));
    },
    async keepOnly(id: string): Promise<void> {
      const { kept } = await all();
      const left = kept.filter(({ key }) => key.id === id);
      if (left.length === kept.length) return;
      if (left.length === 0) await files.remove(KEY_FILE);
      else await write(left.map(({ material }) => material));
    },
  };
}

function byCredential(key: VaultKey): Opener {
  return { key, lock: { by: "credential", key: key.id } };
}

function nothingOffered(): CodedError {
  return new CodedError(
    "usage",
    "No service offers a key here: $CREDENTIALS_DIRECTORY/clambot.key is not there.",
    "Run it with: systemd-run --pipe -p LoadCredential=clambot.key:/path/to/key clambot …",
  );
}

function byFile(key: VaultKey): Opener {
  return { key, lock: { by: "file", key: key.id } };
}

/** What is told where a passphrase is needed and nobody has said it. */
export function passphraseNeeded(): CodedError {
  return new CodedError(
    "vault_locked",
    "The vault is locked by a passphrase, which nobody could be asked for here.",
    "Run it at a terminal. A service gets a key with LoadCredential=clambot.key instead; " +
      "see clambot secrets rotate-key --help.",
  );
}

function twoSources(one: string, other: string): CodedError {
  return new CodedError(
    "vault_locked",
    `The vault stays locked: there are two different keys for it, ${one} and ${other}, ` +
      "and nothing was changed.",
    "Take the one away that is not the vault's, or change it with clambot secrets rotate-key.",
  );
}

interface Sources {
  readonly path: string;
  readonly credential: Credential | undefined;
  readonly hasFile: boolean;
}

function noKey({ by }: Header, { path, credential, hasFile }: Sources): CodedError {
  const made = by === "file" ? `the key file ${path}` : "a key that a service offered";
  const why = credential
    ? `it was locked with ${made}, and ${credential.path} is another key`
    : hasFile
    ? `it was locked with ${by === "file" ? "another key" : made} than the one in ${path}`
    : `its key is missing: ${
      by === "file"
        ? `there is no key file ${path}`
        : "it was locked with a key that a service offers as $CREDENTIALS_DIRECTORY/clambot.key"
    }`;
  return new CodedError(
    "vault_locked",
    `The vault stays locked: ${why}; nothing was changed.`,
    "Put the key back from a backup; without it nobody can read the vault.",
  );
}
