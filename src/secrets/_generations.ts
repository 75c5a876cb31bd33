import { CodedError } from "../domain/failure.ts";
import type { Files } from "../platform/platform.ts";

// How new the vault was when it was last written, kept apart from it: so a vault that was put back,
// or is gone, is noticed. Whoever can write the whole home can deceive this too.

/** The memory of the vault's last generation. */
export interface Generations {
  /** Remembers a generation; where that fails nothing is lost but this memory. */
  note(generation: number): Promise<void>;
  /** @throws {CodedError} `vault_damaged` when the vault was newer once */
  refuseOlder(generation: number): Promise<void>;
  /** @throws {CodedError} `vault_damaged` when there was a vault once */
  refuseMissing(): Promise<void>;
}

const FILE = "vault-seen.json";

export function openGenerations(state: Files): Generations {
  async function last(): Promise<number> {
    try {
      const { generation } = JSON.parse(await state.readText(FILE) ?? "{}") as {
        readonly generation?: unknown;
      };
      return Number.isSafeInteger(generation) ? generation as number : 0;
    } catch {
      return 0; // this memory may be lost
    }
  }
  return {
    async note(generation) {
      try {
        await state.replace(FILE, `${JSON.stringify({ generation })}\n`);
      } catch {
        // the vault itself is written
      }
    },
    async refuseOlder(generation) {
      const newest = await last();
      if (generation >= newest) return;
      throw new CodedError(
        "vault_damaged",
        `The vault is older than the one last written (change ${generation} of ${newest}), ` +
          "so what was stored since then is not in it; nothing was changed.",
        `If you put it back yourself, remove ${state.path}/${FILE} and try again.`,
      );
    },
    async refuseMissing() {
      const newest = await last();
      if (newest === 0) return;
      throw new CodedError(
        "vault_damaged",
        "The vault is gone: there was one in secrets/vault, and no new one was begun.",
        `Put it back from a backup; to begin an empty one, remove ${state.path}/${FILE}.`,
      );
    },
  };
}
