import { CodedError } from "../domain/failure.ts";
import { capital } from "../text/capital.ts";
import {
  findProvider,
  PROVIDER_NAMES,
  type ProviderName,
  PROVIDERS,
  typedName,
} from "./catalog.ts";
import type { Found } from "./detect.ts";

/** What the person has already decided. */
export interface Wish {
  /** `--provider`. */
  readonly provider?: string | undefined;
  /** `--model`: the model's name, with or without the provider in front. */
  readonly model?: string | undefined;
  /** They have confirmed that a server which nobody configured may be used. */
  readonly probed?: boolean | undefined;
}

/** The chosen provider and models. */
export interface ProviderChoice {
  readonly provider: ProviderName;
  /** `provider/model`. */
  readonly model: string;
  /** `provider/model`; absent when the provider has no cheaper one. */
  readonly selectorModel?: string;
  /** One sentence: why this one. */
  readonly reason: string;
}

/**
 * Chooses among what was found: the wish, or else the first in the catalog's order. A server that
 * was only probed does not count unless it is wished for or confirmed. `undefined` when nothing
 * can be chosen.
 * @throws {CodedError} `usage` when the wish cannot be met
 */
export function chooseProvider(
  found: readonly Found[],
  wish: Wish = {},
): ProviderChoice | undefined {
  const wished = wishedProvider(wish);
  const usable = found.filter(({ provider, via }) =>
    via !== "probe" || wish.probed || provider === wished
  );
  const chosen = wished === undefined
    ? usable.find((one) => defaultModel(one) !== undefined)
    : usable.find(({ provider }) => provider === wished);
  if (!chosen) {
    if (wished === undefined) return undefined;
    throw new CodedError("usage", `${PROVIDERS[wished].title} is not set up.`, howTo(wished));
  }
  const model = wishedModel(wish.model, chosen.provider) ?? defaultModel(chosen);
  if (model === undefined) {
    const { title } = PROVIDERS[chosen.provider];
    throw new CodedError("usage", `${capital(title)} needs a model.`, "Name it with --model.");
  }
  const { selectorModel } = PROVIDERS[chosen.provider];
  return {
    provider: chosen.provider,
    model: `${chosen.provider}/${model}`,
    ...(selectorModel ? { selectorModel: `${chosen.provider}/${selectorModel}` } : {}),
    reason: reasonFor(chosen, usable, wished),
  };
}

function wishedProvider({ provider, model }: Wish): ProviderName | undefined {
  const named = provider ?? model?.split("/")[0] ?? "";
  const entry = findProvider(named);
  if (!entry && provider !== undefined) {
    throw new CodedError(
      "usage",
      `There is no provider "${provider}".`,
      `Providers are ${PROVIDER_NAMES.join(", ")}.`,
    );
  }
  return entry?.name;
}

/** The model's own name; a provider in front of it must be the chosen one. */
function wishedModel(model: string | undefined, provider: ProviderName): string | undefined {
  if (model === undefined || model.trim() === "") return undefined;
  const slash = model.indexOf("/");
  const front = slash < 0 ? undefined : findProvider(model.slice(0, slash));
  return front?.name === provider ? model.slice(slash + 1) : model.trim();
}

function defaultModel({ provider, models }: Found): string | undefined {
  return PROVIDERS[provider].defaultModel ?? models?.[0];
}

function reasonFor(chosen: Found, usable: readonly Found[], wished: ProviderName | undefined) {
  const { title } = PROVIDERS[chosen.provider];
  if (wished !== undefined) return `You asked for ${title}.`;
  if (usable.length === 1) return `${title} is the only provider found.`;
  const others = usable.filter((one) => one !== chosen).map((one) => PROVIDERS[one.provider].title);
  return `${title} comes before ${others.join(", ")} in the order of preference.`;
}

function howTo(provider: ProviderName): string {
  const entry = PROVIDERS[provider];
  const { keyVariable, needs, section, hints } = entry;
  if (keyVariable) return `Set ${keyVariable}, or run: clambot provider connect ${provider}`;
  if (needs === "login") return `Run: clambot provider login ${typedName(entry)}`;
  return hints?.setUp ?? `Set providers.${section}.apiBase.`;
}
