import type { ProviderFacts } from "./provider_facts.ts";
import * as list from "./provider_list.ts";

type Listed = (typeof list)[keyof typeof list];

export type ProviderName = Listed["name"];

type CamelCase<Name extends string> = Name extends `${infer First}_${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name;

/** Name of a section below `providers` in the configuration: the provider's, in camel case. */
export type ProviderSection = CamelCase<ProviderName>;

/** One provider, under its name of {@linkcode PROVIDER_NAMES}. */
export interface ProviderEntry extends ProviderFacts {
  readonly name: ProviderName;
  readonly section: ProviderSection;
}

const ENTRIES: readonly ProviderEntry[] = Object.values<Listed>(list)
  .map((facts) => ({ ...facts, section: sectionOf(facts.name) }))
  .sort((one, other) => one.preference - other.preference);

/** The providers, in the order in which one is chosen when several are there. */
export const PROVIDER_NAMES: readonly ProviderName[] = ENTRIES.map(({ name }) => name);

/** All providers by their names. */
export const PROVIDERS = Object.fromEntries(
  ENTRIES.map((entry) => [entry.name, entry]),
) as Readonly<Record<ProviderName, ProviderEntry>>;

/** Environment variables that hold a key, or the address of a server. */
export const KEY_VARIABLES: readonly string[] = ENTRIES.flatMap(
  ({ keyVariable, addressVariable }) => [keyVariable ?? [], addressVariable ?? []].flat(),
);

/** The server of one's own, which takes names of models as they are. */
export const OWN_SERVER = first("takesBareNames");

/** The provider that is asked with a login. */
export const LOGIN_PROVIDER = first("loginFile");

function first(fact: keyof ProviderFacts): ProviderEntry {
  const entry = ENTRIES.find((one) => one[fact] !== undefined);
  if (!entry) throw new TypeError(`no provider says ${fact}`);
  return entry;
}

/** A provider's name as it is typed: `openai-codex`. */
export function typedName({ name }: Pick<ProviderFacts, "name">): string {
  return name.replaceAll("_", "-");
}

function sectionOf(name: ProviderName): ProviderSection {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()) as ProviderSection;
}

/** One provider's section of the configuration. */
export interface ProviderSettings {
  readonly apiKey: string;
  readonly apiBase?: string | undefined;
  readonly extraHeaders: Readonly<Record<string, string>>;
}

/** The `providers` section of the configuration, as far as it is needed here. */
export type ProvidersSettings = Readonly<Record<ProviderSection, ProviderSettings>>;

/** The provider of that name; `-` and `_`, small and capital letters are the same. */
export function findProvider(name: string): ProviderEntry | undefined {
  const plain = name.trim().toLowerCase().replaceAll("-", "_");
  const known = PROVIDER_NAMES.find((one) => one === plain) ??
    PROVIDER_NAMES.find((one) => PROVIDERS[one].alias === plain);
  return known && PROVIDERS[known];
}

/** The address that a provider is asked at, without a slash at its end; `undefined`: none. */
export function baseUrlOf(entry: ProviderEntry, settings: ProvidersSettings): string | undefined {
  return (settings[entry.section].apiBase || entry.baseUrl)?.trim().replace(/\/+$/, "");
}

/** Which providers are configured, by section; read before the schema is (`config/`). */
export type ConfiguredProviders = Readonly<
  Record<string, { readonly hasKey: boolean; readonly apiBase?: string } | undefined>
>;

/**
 * The hosts that the configured providers need, as `host` or `host:port` for the permissions of
 * the core. Providers that need neither key nor address in the configuration count as configured.
 */
export function providerHosts(configured: ConfiguredProviders): string[] {
  const hosts = PROVIDER_NAMES.map((name) => PROVIDERS[name])
    .filter(({ needs, section }) => needs !== "key" || configured[section]?.hasKey)
    .flatMap(({ section, baseUrl, loginHosts = [] }) => [
      ...hostsAt(configured[section]?.apiBase ?? baseUrl),
      ...loginHosts,
    ]);
  return [...new Set(hosts)];
}

function hostsAt(address: string | undefined): string[] {
  const plain = address?.trim();
  if (plain === undefined || !URL.canParse(plain)) return [];
  const { host } = new URL(plain);
  return host === "" ? [] : [host];
}
