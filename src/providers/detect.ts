import {
  LOGIN_PROVIDER,
  PROVIDER_NAMES,
  type ProviderEntry,
  type ProviderName,
  PROVIDERS,
  type ProvidersSettings,
} from "./catalog.ts";
import { openLogin } from "./codex_login.ts";
import { addressee } from "./_failures.ts";
import { readJsonBody } from "./_json_events.ts";
import { wireTo } from "./_open_exchange.ts";
import { modelsUrlOf, namesIn } from "./models.ts";
import type { ProviderPorts } from "./ports.ts";
import { ProviderError } from "./provider.ts";

/** Milliseconds that a probed server has to answer. */
const PATIENCE = 2000;

/** A provider that could be used, and how that is known. */
export interface Found {
  readonly provider: ProviderName;
  /**
   * `config`: it is in the configuration. `environment`, `env_file`: its key is in a variable.
   * `address`: the person named the server in the variable for it. `probe`: somebody answers at the usual
   * address, and nobody said that it is theirs. `login`: a login is stored.
   */
  readonly via: "config" | "environment" | "env_file" | "address" | "probe" | "login";
  readonly apiKey?: string;
  readonly apiBase?: string;
  /** What a probed server has. */
  readonly models?: readonly string[];
}

/** Where is looked. */
export interface KeyPlaces {
  readonly environment: Readonly<Record<string, string>>;
  /** Variables of the `.env` file beside the configuration; the environment wins over them. */
  readonly envFile: ReadonlyMap<string, string>;
  readonly settings: ProvidersSettings;
}

/**
 * Looks for providers: in the configuration, in the variables of keys, at the addresses of servers
 * that usually run here (two seconds at most), and for a stored login. One finding per provider, in
 * the catalog's order; what the configuration says already wins.
 */
export async function detectProviders(
  places: KeyPlaces,
  ports: ProviderPorts,
  signal: AbortSignal,
): Promise<Found[]> {
  const all = await Promise.all(PROVIDER_NAMES.map(async (name) => {
    const entry = PROVIDERS[name];
    if (entry.addressVariable !== undefined) return await findServer(entry, places, ports, signal);
    if (entry === LOGIN_PROVIDER) return await findLogin(entry, ports);
    return findConfigured(name, places) ?? findKey(name, places);
  }));
  return all.flatMap((found) => found ?? []);
}

function findConfigured(provider: ProviderName, { settings }: KeyPlaces): Found | undefined {
  const { needs, section } = PROVIDERS[provider];
  const { apiKey, apiBase } = settings[section];
  const there = needs === "key" ? apiKey !== "" : Boolean(apiBase);
  return there ? { provider, via: "config" } : undefined;
}

function findKey(provider: ProviderName, { environment, envFile }: KeyPlaces): Found | undefined {
  const variable = PROVIDERS[provider].keyVariable;
  if (variable === undefined) return undefined;
  const outside = environment[variable]?.trim();
  if (outside) return { provider, via: "environment", apiKey: outside };
  const inside = envFile.get(variable)?.trim();
  return inside ? { provider, via: "env_file", apiKey: inside } : undefined;
}

async function findServer(
  entry: ProviderEntry,
  { environment, envFile, settings }: KeyPlaces,
  ports: ProviderPorts,
  signal: AbortSignal,
): Promise<Found | undefined> {
  const { name: provider, section, addressVariable = "" } = entry;
  const { apiBase: configured } = settings[section];
  if (configured) {
    const models = await probeServer(entry, configured, ports, signal);
    return { provider, via: "config", models };
  }
  const named = environment[addressVariable]?.trim() || envFile.get(addressVariable)?.trim();
  const apiBase = serverAddress(entry, named ?? "");
  if (apiBase === undefined) return undefined;
  const models = await probeServer(entry, apiBase, ports, signal);
  if (models.length === 0) return undefined;
  return { provider, via: named ? "address" : "probe", apiBase, models };
}

/**
 * The address that a text such as `OLLAMA_HOST` means, as Ollama itself reads it (envconfig): scheme
 * and port may be missing, and the address to listen on everywhere is reached on this machine.
 * `undefined` when it means none.
 */
export function serverAddress(
  { baseUrl = "" }: Pick<ProviderEntry, "baseUrl">,
  host: string,
): string | undefined {
  const text = host.trim().replace(/^["']|["']$/g, "");
  const schemed = /^https?:\/\//i.test(text);
  const named = /^(?::|$)/.test(text) ? `localhost${text}` : text;
  const address = schemed ? text : `http://${named}`;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.hostname === "0.0.0.0" || url.hostname === "[::]") url.hostname = "localhost";
  if (!schemed && !/:\d+(?:\/|$)/.test(text)) url.port = URL.parse(baseUrl)?.port ?? "";
  return url.href.replace(/\/+$/, "");
}

/** Names of the models there; none when nobody answers in time. */
export async function probeServer(
  entry: ProviderEntry,
  apiBase: string,
  ports: ProviderPorts,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const settings = { [entry.section]: { apiKey: "", extraHeaders: {}, apiBase } };
  const to = addressee(entry, "", settings as unknown as ProvidersSettings);
  const deadlines = { headersMs: PATIENCE, idleMs: PATIENCE, totalMs: PATIENCE };
  const wire = wireTo(to, { ...ports, deadlines });
  try {
    return namesIn(await readJsonBody(await wire(modelsUrlOf(to), { signal }), to));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ProviderError) return []; // not there: no error of the person's
    throw error;
  }
}

async function findLogin(
  { name }: ProviderEntry,
  ports: ProviderPorts,
): Promise<Found | undefined> {
  const stored = await openLogin(ports).load();
  return stored && { provider: name, via: "login" };
}
