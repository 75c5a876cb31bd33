import { CodedError } from "../domain/failure.ts";
import type { Vault } from "../secrets/vault.ts";
import type { CliContext } from "./context.ts";
import { leftOpen } from "./options.ts";

/** Times that a passphrase is asked for. */
const TRIES = 3;

/**
 * Asks for the passphrase of the vault where it has one and somebody is there; once per command.
 * Without anybody nothing is asked: what needs the vault then says that it is locked.
 * @throws {CodedError} `vault_locked` after three wrong ones, `cancelled` when it was left
 */
export async function unlock(
  { vault, terminal }: { readonly vault: Vault; readonly terminal: CliContext["terminal"] },
): Promise<void> {
  if (!terminal.interactive || !await vault.wantsPassphrase()) return;
  const { askHidden } = await import("../channels/terminal.ts");
  for (let tries = 0; tries < TRIES; tries++) {
    const passphrase = await askHidden("Passphrase of the vault");
    if (passphrase === undefined) throw leftOpen();
    if (await vault.unlock(passphrase)) return;
    terminal.err("clambot: That is not the passphrase.\n");
  }
  throw new CodedError("vault_locked", "The vault stays locked: that was not its passphrase.");
}

/**
 * The same for commands that can do without: the vault stays locked where the question is left, and
 * a damaged one is told of when a secret is needed.
 */
export async function unlockIfWanted(context: CliContext): Promise<void> {
  try {
    await unlock(context);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    if (error.code === "vault_damaged") return;
    context.terminal.err("clambot: The vault stays locked, so no secret can be used.\n");
  }
}
