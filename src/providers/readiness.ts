import type { Files } from "../platform/platform.ts";
import {
  LOGIN_PROVIDER,
  PROVIDER_NAMES,
  type ProviderEntry,
  PROVIDERS,
  type ProvidersSettings,
  typedName,
} from "./catalog.ts";

/** Whether a provider has all that it takes to be asked. */
export interface Readiness {
  readonly provider: ProviderEntry;
  readonly ready: boolean;
  /** What it has, or what is missing and how to get it. */
  readonly note: string;
}

/** All nine providers, in the order of the catalog. Nothing is asked and nothing is loaded. */
export async function readReadiness(
  settings: ProvidersSettings,
  secrets: Files,
): Promise<Readiness[]> {
  const { loginFile = "" } = LOGIN_PROVIDER;
  return readinessOf(settings, await secrets.stat(loginFile) !== undefined);
}

/** The same; `codexLogin` says whether a login with ChatGPT is stored. */
export function readinessOf(settings: ProvidersSettings, codexLogin: boolean): Readiness[] {
  return PROVIDER_NAMES.map((name) => {
    const provider = PROVIDERS[name];
    const ready = isReady(provider, settings, codexLogin);
    return { provider, ready, note: ready ? has(provider, settings) : lacks(provider) };
  });
}

function isReady(entry: ProviderEntry, settings: ProvidersSettings, codexLogin: boolean): boolean {
  const { apiKey, apiBase } = settings[entry.section];
  switch (entry.needs) {
    case "key":
      return apiKey !== "";
    case "address":
      return Boolean(apiBase);
    case "login":
      return codexLogin;
  }
}

function has(entry: ProviderEntry, settings: ProvidersSettings): string {
  const { apiBase } = settings[entry.section];
  const at = apiBase ? ` at ${withoutCredentials(apiBase)}` : "";
  return entry.needs === "login" ? `logged in${at}` : `${entry.needs}${at}`;
}

function lacks(entry: ProviderEntry): string {
  if (entry.keyVariable) {
    return `no key: set ${entry.keyVariable} and run clambot onboard, or run clambot provider ` +
      `connect ${entry.name}`;
  }
  if (entry.needs === "login") {
    return `no login: run clambot provider login ${typedName(entry)}`;
  }
  return `no address: ${entry.hints?.noAddress ?? `set providers.${entry.section}.apiBase`}`;
}

/** Addresses can hold a password (RFC 3986, section 3.2.1). */
function withoutCredentials(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  return `${url.origin}${url.pathname}`.replace(/\/$/, "");
}
