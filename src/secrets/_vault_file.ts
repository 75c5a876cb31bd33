import type { Files, Random } from "../platform/platform.ts";
import { type Contents, formatContents, type Kept, parseContents } from "./_contents.ts";
import type { Generations } from "./_generations.ts";
import type { KeyRing, Opener } from "./_key_ring.ts";
import type { VaultKey } from "./_keys.ts";
import { type Header, parseSealed, seal, unseal } from "./_seal.ts";

/** The vault's file, in the directory `secrets`. */
export const VAULT_FILE = "vault";

const NONCE_BYTES = 12;

/** The vault, opened. */
export interface Opened {
  /** The whole file; it is another one after every change. */
  readonly file: string;
  readonly header: Header;
  readonly key: VaultKey;
  readonly contents: Contents;
}

/** The one file of the vault, read and replaced as a whole. */
export interface VaultFile {
  /** Its first line; `undefined` when there is no vault. @throws {CodedError} `vault_damaged` */
  header(): Promise<Header | undefined>;
  /** What is in it; nothing when there is no vault. @throws {CodedError} see `Vault` */
  read(): Promise<Contents>;
  /** Changes what is in it, under a lock. What `alter` throws leaves it as it is. */
  change(alter: (contents: Map<string, Kept>) => void): Promise<void>;
  /** Locks it with another key, under the lock. */
  relock(choose: () => Promise<Opener>): Promise<void>;
}

/** Means of the file. */
export interface VaultFilePorts {
  readonly files: Files;
  readonly random: Pick<Random, "bytes">;
  readonly ring: KeyRing;
  readonly generations: Generations;
  /** Told of what was read or written. */
  readonly onOpened: (contents: Contents) => void;
}

export function openVaultFile(ports: VaultFilePorts): VaultFile {
  const { files, ring, generations } = ports;
  let cached: Opened | undefined;

  async function load(changing = false): Promise<Opened | undefined> {
    const file = await files.readText(VAULT_FILE);
    if (file === undefined) return void await generations.refuseMissing();
    const sealed = parseSealed(file);
    const key = await ring.find(sealed.header, changing);
    if (cached?.file === file) return cached;
    const text = await unseal(sealed, key.secret);
    await generations.refuseOlder(sealed.header.generation);
    return remember({ file, header: sealed.header, key, contents: parseContents(text) });
  }

  function remember(opened: Opened): Opened {
    ports.onOpened(opened.contents);
    return cached = opened;
  }

  async function write({ key, lock }: Opener, contents: Contents, before: number): Promise<void> {
    const header = { ...lock, generation: before + 1 };
    const nonce = ports.random.bytes(NONCE_BYTES);
    const file = await seal(header, formatContents(contents), key.secret, nonce);
    await files.replace(VAULT_FILE, file);
    remember({ file, header, key, contents });
    await generations.note(header.generation);
  }

  return {
    async header() {
      const file = await files.readText(VAULT_FILE);
      return file === undefined ? undefined : parseSealed(file).header;
    },
    read: async () => (await load())?.contents ?? new Map(),
    change: (alter) =>
      files.locked(VAULT_FILE, async () => {
        const opened = await load();
        const contents = new Map(opened?.contents);
        alter(contents);
        const opener = opened ? { key: opened.key, lock: opened.header } : await ring.first();
        await write(opener, contents, opened?.header.generation ?? 0);
      }),
    relock: (choose) =>
      files.locked(VAULT_FILE, async () => {
        const opened = await load(true);
        const opener = await choose();
        await write(opener, opened?.contents ?? new Map(), opened?.header.generation ?? 0);
        await ring.keepOnly(opener.key.id);
      }),
  };
}
