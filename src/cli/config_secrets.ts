import type { Config } from "../config/schema.ts";
import type { ConfigChange } from "../config/change.ts";
import { isReference, referenceTo } from "../secrets/reference.ts";
import type { Vault } from "../secrets/vault.ts";
import type { CliContext } from "./context.ts";

// Keys of providers that config.json uses: in the vault, or in clear as people wrote them.

/** A key of the configuration with the value that stands there in clear. */
export interface PlainKey {
  readonly key: string;
  readonly value: string;
}

/** Keys of providers that stand in config.json in clear. */
export function listPlainKeys({ providers }: Config): PlainKey[] {
  return Object.entries(providers).flatMap(([section, provider]) => {
    const value = "apiKey" in provider ? provider.apiKey : "";
    if (value === "" || isReference(value)) return [];
    return [{ key: `providers.${section}.apiKey`, value }];
  });
}

/** Keys of providers of which config.json says that they lie in the vault. */
export function listReferences({ providers }: Config): string[] {
  return Object.entries(providers).flatMap(([section, provider]) =>
    "apiKey" in provider && isReference(provider.apiKey) ? [`providers.${section}.apiKey`] : []
  );
}

/**
 * Puts values into the vault and says so in config.json, with further changes. Where the
 * configuration is not changed, the vault forgets again what it did not hold before.
 * @returns one line per change
 */
export async function moveIntoVault(
  keys: readonly PlainKey[],
  more: readonly ConfigChange[],
  { vault, launcher }: Pick<CliContext, "vault" | "launcher">,
): Promise<readonly string[]> {
  const added: string[] = [];
  try {
    for (const { key, value } of keys) {
      const outcome = await vault.put({ name: key, value, hosts: [], places: [] });
      if (outcome === "added") added.push(key);
    }
    return await launcher.changeConfig([
      ...keys.map(({ key }) => ({ key, value: referenceTo(key) })),
      ...more,
    ]);
  } catch (error) {
    for (const name of added) await forget(name, vault);
    throw error;
  }
}

/** Forgets a value of the configuration; there may be none. */
export async function forget(name: string, vault: Vault): Promise<void> {
  if (await vault.find(name)) await vault.remove(name);
}
