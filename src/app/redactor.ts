import type { Config } from "../config/schema.ts";
import type { Json } from "../domain/json.ts";
import type { Redactor } from "../domain/redacted.ts";
import { joinKnownValues } from "../secrets/known_values.ts";
import { isReference } from "../secrets/reference.ts";
import { createLiveRedactor } from "../secrets/redactor.ts";
import { shownForms } from "../secrets/secret_place.ts";
import type { OfferedVariable } from "../secrets/variables.ts";
import type { Vault } from "../secrets/vault.ts";

/** The redactor of a home: over the configuration, listed variables, and the vault as it is read. */
export function openRedactor(
  config: Config,
  variables: ReadonlyMap<string, OfferedVariable>,
  vault: Vault,
): Redactor {
  return createLiveRedactor(
    joinKnownValues([...secretsOf(config), ...formsOf(variables)], vault),
  );
}

function formsOf(variables: ReadonlyMap<string, OfferedVariable>): string[] {
  return [...variables.values()].flatMap(({ value, places }) => shownForms(value, places));
}

/** Every value of the configuration that must never be shown. */
function secretsOf(config: Config): string[] {
  const keys = Object.values(config.providers).flatMap((provider) =>
    "apiKey" in provider ? [provider.apiKey, ...Object.values(provider.extraHeaders ?? {})] : []
  );
  const servers = Object.values(config.tools.mcpServers)
    .flatMap(({ env, headers }) => [...textsIn(env), ...textsIn(headers)]);
  return [...keys, ...servers, config.channels.telegram.token, config.gateway.token]
    .filter((value) => !isReference(value));
}

function textsIn(value: Json | undefined): string[] {
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).filter((one) => typeof one === "string");
}
