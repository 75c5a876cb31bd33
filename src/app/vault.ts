import { createClock, createRandom } from "../platform/deno.ts";
import type { Files } from "../platform/platform.ts";
import type { HomeLayout } from "../config/home.ts";
import { type Credential, openVault, type Vault } from "../secrets/vault.ts";

/** What the vault of a home is opened with. */
export interface VaultSetting {
  readonly layout: HomeLayout;
  readonly openFiles: (path: string) => Files;
  /** The key that systemd hands to a service. */
  readonly credential?: Credential | undefined;
}

/** Opens the vault of a home; nothing is read yet. */
export function openVaultOf({ layout, openFiles, credential }: VaultSetting): Vault {
  return openVault({
    files: openFiles(layout.secrets),
    state: openFiles(layout.state),
    clock: createClock(),
    random: createRandom(),
    credential,
  });
}
