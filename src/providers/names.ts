import { CodedError } from "../domain/failure.ts";
import { findNearest } from "../text/nearest.ts";
import {
  findProvider,
  OWN_SERVER,
  PROVIDER_NAMES,
  type ProviderEntry,
  PROVIDERS,
  type ProvidersSettings,
} from "./catalog.ts";

/** A model name taken apart. */
export interface ModelName {
  readonly provider: ProviderEntry;
  /** The name as the provider knows it; may hold slashes. */
  readonly model: string;
  /** `provider/model`. */
  readonly full: string;
}

/**
 * Takes `provider/model` apart at the first slash. A name without a known provider in front
 * belongs to the server of one's own when that has an address, and goes there exactly as it is.
 * @throws {CodedError} `no_model`, `model_unknown`
 */
export function parseModelName(name: string, settings: ProvidersSettings): ModelName {
  const whole = name.trim();
  if (whole === "") {
    throw new CodedError(
      "no_model",
      "No model is configured.",
      "Run: clambot onboard. Or set agents.defaults.model.",
    );
  }
  const slash = whole.indexOf("/");
  const prefix = slash < 0 ? undefined : whole.slice(0, slash);
  const provider = prefix === undefined ? undefined : findProvider(prefix);
  const rest = whole.slice(slash + 1);
  if (provider && rest !== "") return join(provider, rest);
  const nearest = prefix === undefined ? undefined : findNearest(prefix, PROVIDER_NAMES);
  if (settings[OWN_SERVER.section].apiBase && !provider && nearest === undefined) {
    return join(OWN_SERVER, whole);
  }
  throw prefix === undefined ? bareName(whole) : unknownPrefix(whole, prefix, nearest);
}

function join(provider: ProviderEntry, model: string): ModelName {
  return { provider, model, full: `${provider.name}/${model}` };
}

function bareName(name: string): CodedError {
  const owner = PROVIDER_NAMES.find((provider) => PROVIDERS[provider].models.includes(name));
  return new CodedError(
    "model_unknown",
    `The model name "${name}" does not say which provider it belongs to.`,
    owner
      ? `Write ${owner}/${name}.`
      : `Write provider/model with one of ${
        PROVIDER_NAMES.join(", ")
      }, or set providers.${OWN_SERVER.section}.apiBase.`,
  );
}

function unknownPrefix(name: string, prefix: string, nearest: string | undefined): CodedError {
  if (findProvider(prefix)) {
    return new CodedError("model_unknown", `"${name}" names a provider but no model.`);
  }
  return new CodedError(
    "model_unknown",
    `There is no provider "${prefix}" (in the model name "${name}").`,
    nearest
      ? `Did you mean ${nearest}/${name.slice(prefix.length + 1)}?`
      : `Providers are ${PROVIDER_NAMES.join(", ")}.`,
  );
}
