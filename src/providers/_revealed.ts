import { CodedError } from "../domain/failure.ts";
import type { ProviderEntry, ProvidersSettings } from "./catalog.ts";
import { type Addressee, addressee } from "./_failures.ts";
import type { ProviderPorts } from "./ports.ts";
import { ProviderError } from "./provider.ts";

/** Whom a call goes to, with keys and headers as they are sent. */
export interface Revealed {
  readonly to: Addressee;
  readonly settings: ProvidersSettings;
}

/**
 * Puts key and headers of a provider in place of what the configuration says of where they lie.
 * @throws {ProviderError} `provider_auth` where they cannot be had
 */
export async function revealFor(
  entry: ProviderEntry,
  model: string,
  settings: ProvidersSettings,
  { reveal = (written) => Promise.resolve(written) }: ProviderPorts,
): Promise<Revealed> {
  const own = settings[entry.section];
  try {
    const headers = Object.entries(own.extraHeaders).map(async ([name, written]) =>
      [name, await reveal(written)] as const
    );
    const apiKey = await reveal(own.apiKey);
    const extraHeaders = Object.fromEntries(await Promise.all(headers));
    const revealed = { ...settings, [entry.section]: { ...own, apiKey, extraHeaders } };
    return { to: addressee(entry, model, revealed), settings: revealed };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    const { message, hint } = error.failure;
    throw new ProviderError(
      "provider_auth",
      `The key for ${entry.title} cannot be had. ${message}`,
      {
        ...(hint === undefined ? {} : { hint }),
        cause: error,
      },
    );
  }
}
