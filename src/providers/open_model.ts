import { addressee } from "./_failures.ts";
import { createModel } from "./_model.ts";
import { openExchange } from "./_open_exchange.ts";
import { withFallback } from "./_retry.ts";
import { parseModelName } from "./names.ts";
import type { ModelSettings, ProviderPorts } from "./ports.ts";
import { contextWindow, findPrice } from "./prices.ts";
import type { LanguageModel, ProvidedModel } from "./provider.ts";

/**
 * Opens a model by its name, such as `openrouter/anthropic/claude-sonnet-5.5`. Nothing is loaded
 * or sent before the first question.
 * @throws {CodedError} `no_model`, `model_unknown` when the name leads nowhere
 */
export function openModel(
  name: string,
  settings: ModelSettings,
  ports: ProviderPorts,
): ProvidedModel {
  const model = openOne(name, settings, ports);
  if (!settings.fallbackModel || settings.fallbackModel === name) return model;
  return withFallback(model, openOne(settings.fallbackModel, settings, ports));
}

function openOne(name: string, settings: ModelSettings, ports: ProviderPorts): LanguageModel {
  const { provider, model, full } = parseModelName(name, settings.providers);
  const to = addressee(provider, model, settings.providers);
  return createModel(
    openExchange(to, settings.providers, ports),
    to,
    {
      name: full,
      contextTokens: contextWindow(provider.name, model, settings.models),
      priceFor: (tokens) => findPrice(provider.name, model, tokens, settings.models),
    },
    ports,
  );
}
