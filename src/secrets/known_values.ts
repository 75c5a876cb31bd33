import type { Vault } from "./vault.ts";

/**
 * Every value that must not be shown: those of the configuration and of listed variables, which are
 * known at the start, and those of the vault as they come to be known. The result gives the same
 * array as long as nothing was added.
 */
export function joinKnownValues(
  fixed: readonly string[],
  vault: Pick<Vault, "values">,
): () => readonly string[] {
  let ofVault = vault.values();
  let all = [...fixed, ...ofVault];
  return () => {
    const now = vault.values();
    if (now !== ofVault) [ofVault, all] = [now, [...fixed, ...now]];
    return all;
  };
}
