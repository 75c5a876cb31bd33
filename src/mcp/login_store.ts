import type { Vault } from "../secrets/vault.ts";

/** What is kept of a login with a server. All of it is secret, or bound to what is. */
export interface KeptLogin {
  readonly accessToken?: string;
  readonly refreshToken?: string;
  /** Everything else, as the protocol's own objects: the client, the issuer, when it ends. */
  readonly rest?: string;
}

const PARTS = ["accessToken", "refreshToken", "rest"] as const;

/** Logins of servers in the vault, under names that no program can use. */
export interface LoginStore {
  read(server: string): Promise<KeptLogin>;
  /** Takes the place of what was kept. */
  write(server: string, login: KeptLogin): Promise<void>;
  /** Whether there was one. */
  remove(server: string): Promise<boolean>;
}

export function openLoginStore(vault: Vault): LoginStore {
  const nameOf = (server: string, part: string) => `tools.mcpServers.${server}.${part}`;
  const take = async (name: string) => {
    if (!await vault.find(name)) return false;
    await vault.remove(name);
    return true;
  };
  return {
    async read(server) {
      const found = await Promise.all(PARTS.map(async (part) => {
        const name = nameOf(server, part);
        return await vault.find(name) ? [[part, await vault.reveal(name)]] : [];
      }));
      return Object.fromEntries(found.flat());
    },
    async write(server, login) {
      for (const part of PARTS) {
        const value = login[part];
        const name = nameOf(server, part);
        if (value === undefined) await take(name);
        else await vault.put({ name, value, hosts: [], places: [] });
      }
    },
    async remove(server) {
      const taken = [];
      for (const part of PARTS) taken.push(await take(nameOf(server, part)));
      return taken.includes(true);
    },
  };
}
