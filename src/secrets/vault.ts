import { CodedError } from "../domain/failure.ts";
import type { Clock, Files, Random } from "../platform/platform.ts";
import { findNearest } from "../text/nearest.ts";
import type { Contents, Kept } from "./_contents.ts";
import { openGenerations } from "./_generations.ts";
import { createKeyRing, type Credential, KEY_FILE } from "./_key_ring.ts";
import type { Header } from "./_seal.ts";
import { openVaultFile } from "./_vault_file.ts";
import { readSecretValue, type Secret } from "./secret.ts";
import { formatSecretHost, type SecretHost } from "./secret_host.ts";
import { type SecretPlace, shownForms } from "./secret_place.ts";

export type { Credential };

/** What a secret is kept with. What is left out stays as it was. */
export interface NewSecret {
  readonly name: string;
  readonly value: string;
  readonly hosts?: readonly SecretHost[] | undefined;
  readonly places?: readonly SecretPlace[] | undefined;
  readonly description?: string | undefined;
}

/** Where the key of the vault is to come from. */
export type KeyChoice =
  | { readonly by: "file" }
  | { readonly by: "credential" }
  | { readonly by: "passphrase"; readonly passphrase: string };

/** How things stand with the vault, without opening it. */
export type VaultState =
  | { readonly kind: "none" }
  | {
    readonly kind: "there";
    readonly by: Header["by"];
    /** Where its key lies. */
    readonly key: string;
    readonly generation: number;
  };

/**
 * Secrets on disk, encrypted. Every reading looks at the disk, so that what another process stored
 * is there at once; every change is one replacement of the file, under a lock. What fails leaves the
 * vault as it was. Everything but `refresh` and `values` throws `vault_locked` or `vault_damaged`
 * where the vault cannot be opened.
 */
export interface Vault {
  /** @throws {CodedError} `vault_damaged` */
  state(): Promise<VaultState>;
  /** Everything that is kept, by name, without any value. */
  list(): Promise<readonly Secret[]>;
  find(name: string): Promise<Secret | undefined>;
  /** The value itself. @throws {CodedError} `secret_not_found` */
  reveal(name: string): Promise<string>;
  /** Keeps a value. @throws {CodedError} `secret_refused` when it cannot be one */
  put(secret: NewSecret): Promise<"added" | "replaced">;
  /** @throws {CodedError} `secret_not_found` */
  remove(name: string): Promise<void>;
  /** @throws {CodedError} `secret_not_found`; `usage` when the new name is taken */
  rename(from: string, to: string): Promise<void>;
  /** Adds hosts. @throws {CodedError} `secret_not_found` */
  allow(name: string, hosts: readonly SecretHost[]): Promise<Secret>;
  /** Locks the vault with another key. */
  rotateKey(choice: KeyChoice): Promise<void>;
  /** Whether it is locked by a passphrase that was not said yet. */
  wantsPassphrase(): Promise<boolean>;
  /** Whether this is the passphrase; it then counts for this process. */
  unlock(passphrase: string): Promise<boolean>;
  /** Reads what there is, where that needs nobody. Never throws: whoever uses a secret is told. */
  refresh(): Promise<void>;
  /**
   * Every text that must not be shown, of all secrets that this process has seen so far. The same
   * array as long as nothing was added.
   */
  values(): readonly string[];
}

/** Means of the vault. */
export interface VaultPorts {
  /** The directory `secrets`. */
  readonly files: Files;
  /** Where it is remembered how new the vault was; a directory that `files` is not in. */
  readonly state: Files;
  readonly clock: Pick<Clock, "now">;
  readonly random: Pick<Random, "bytes">;
  readonly credential?: Credential | undefined;
}

/** Opens the vault of a home. Nothing is read before it is asked for. */
export function openVault(ports: VaultPorts): Vault {
  const { files, clock, credential } = ports;
  const ring = createKeyRing(ports);
  const generations = openGenerations(ports.state);
  let known: readonly string[] = [];
  const onOpened = (contents: Contents) => known = withValues(known, contents);
  const file = openVaultFile({ ...ports, ring, generations, onOpened });
  return {
    async state() {
      const header = await file.header();
      if (!header) {
        await generations.refuseMissing();
        return { kind: "none" };
      }
      const { by, generation } = header;
      return { kind: "there", by, generation, key: describeKey(by, files, credential) };
    },
    list: async () => [...(await file.read()).values()].map(withoutValue),
    async find(name) {
      const kept = (await file.read()).get(name);
      return kept && withoutValue(kept);
    },
    reveal: async (name) => get(await file.read(), name).value,
    async put(secret) {
      let outcome: "added" | "replaced" = "added";
      const value = readSecretValue(secret.value);
      await file.change((contents) => {
        const old = contents.get(secret.name);
        outcome = old ? "replaced" : "added";
        contents.set(secret.name, merged(old, { ...secret, value }, clock.now()));
      });
      return outcome;
    },
    remove: (name) =>
      file.change((contents) => {
        get(contents, name);
        contents.delete(name);
      }),
    rename: (from, to) =>
      file.change((contents) => {
        const kept = get(contents, from);
        if (contents.has(to)) throw taken(to);
        contents.delete(from);
        contents.set(to, { ...kept, name: to });
      }),
    async allow(name, hosts) {
      await file.change((contents) => {
        const kept = get(contents, name);
        contents.set(name, { ...kept, hosts: united(kept.hosts, hosts) });
      });
      return withoutValue(get(await file.read(), name));
    },
    rotateKey: (choice) =>
      file.relock(() => {
        if (choice.by === "passphrase") return ring.choose(choice.passphrase);
        return choice.by === "file" ? ring.next() : ring.offered();
      }),
    async wantsPassphrase() {
      const header = await file.header();
      return header !== undefined && ring.wantsPassphrase(header);
    },
    async unlock(passphrase) {
      const header = await file.header();
      return header?.by === "passphrase" && await ring.learn(passphrase, header);
    },
    async refresh() {
      try {
        await file.read();
      } catch {
        // whoever uses a secret is told why
      }
    },
    values: () => known,
  };
}

/** The same array where the contents hold nothing new. */
function withValues(known: readonly string[], contents: Contents): readonly string[] {
  const found = [...contents.values()].flatMap(({ value, places }) => shownForms(value, places));
  const fresh = found.filter((value) => !known.includes(value));
  return fresh.length === 0 ? known : [...new Set([...known, ...fresh])];
}

function describeKey(
  by: Header["by"],
  { path }: Files,
  credential: Credential | undefined,
): string {
  if (by === "file") return `${path}/${KEY_FILE}`;
  if (by === "passphrase") return "a passphrase";
  return credential?.path ?? "$CREDENTIALS_DIRECTORY/clambot.key";
}

function withoutValue({ value: _, ...secret }: Kept): Secret {
  return secret;
}

function merged(old: Kept | undefined, young: NewSecret, now: number): Kept {
  const description = young.description ?? old?.description;
  return {
    name: young.name,
    value: young.value,
    hosts: young.hosts ?? old?.hosts ?? [],
    places: young.places ?? old?.places ?? [{ kind: "bearer" }],
    ...(description === undefined ? {} : { description }),
    createdAt: old?.createdAt ?? now,
    updatedAt: now,
  };
}

function united(old: readonly SecretHost[], young: readonly SecretHost[]): SecretHost[] {
  const byText = [...old, ...young].map((target) => [formatSecretHost(target), target] as const);
  return [...new Map(byText).values()];
}

function get(contents: Contents, name: string): Kept {
  const kept = contents.get(name);
  if (kept) return kept;
  const nearest = findNearest(name, [...contents.keys()]);
  throw new CodedError(
    "secret_not_found",
    `There is no secret "${name}" in the vault.`,
    nearest ? `Did you mean ${nearest}?` : "See clambot secrets list.",
  );
}

function taken(name: string): CodedError {
  return new CodedError(
    "usage",
    `There is a secret "${name}" already.`,
    `Remove it first: clambot secrets remove ${name}`,
  );
}
