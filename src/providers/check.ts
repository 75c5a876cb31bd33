import type { ProviderEntry } from "./catalog.ts";
import { addressee } from "./_failures.ts";
import { openExchange } from "./_open_exchange.ts";
import { listModels } from "./models.ts";
import type { ModelSettings, ProviderPorts } from "./ports.ts";
import { ProviderError, type ProviderErrorCode } from "./provider.ts";

/** Milliseconds for the whole check of one provider. */
const PATIENCE = 20_000;

/** How a provider took a small question. */
export type Check =
  | { readonly kind: "answered"; readonly model: string; readonly ms: number }
  | { readonly kind: "failed"; readonly code: ProviderErrorCode; readonly error: ProviderError };

/**
 * Sends one minimal question, without trying again. `model` is the one to ask, the provider's
 * default when absent. Any answer counts, an empty one too: thinking models have no room here.
 */
export async function checkProvider(
  entry: ProviderEntry,
  model: string | undefined,
  settings: ModelSettings,
  ports: ProviderPorts,
  signal: AbortSignal,
): Promise<Check> {
  const { clock } = ports;
  const deadlines = { headersMs: PATIENCE, idleMs: PATIENCE, totalMs: PATIENCE };
  const patient = { ...ports, deadlines: { ...deadlines, ...ports.deadlines } };
  try {
    const name = model ?? await usualModel(entry, settings, patient, signal);
    const to = addressee(entry, name, settings.providers);
    const exchange = openExchange(to, settings.providers, patient);
    const started = clock.monotonic();
    await exchange({ messages: [{ role: "user", text: "Say OK." }], maxTokens: 16 }, signal);
    return { kind: "answered", model: name, ms: Math.round(clock.monotonic() - started) };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { kind: "failed", code: error.code as ProviderErrorCode, error };
  }
}

/** The default model, or the first one that the provider has (Ollama). */
async function usualModel(
  entry: ProviderEntry,
  settings: ModelSettings,
  ports: ProviderPorts,
  signal: AbortSignal,
): Promise<string> {
  if (entry.defaultModel !== undefined) return entry.defaultModel;
  const { models, failure } = await listModels(entry, settings.providers, ports, signal);
  if (failure) throw failure;
  const [first] = models;
  if (first !== undefined) return first;
  throw new ProviderError("model_unknown", `${entry.title} has no models.`, {
    hint: entry.hints?.noModels ?? "Name one in the configuration.",
  });
}
