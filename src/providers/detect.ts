import { PROVIDER_NAMES, type ProviderName, PROVIDERS, type ProvidersSettings } from "./catalog.ts";
import { openLogin } from "./codex_login.ts";
import { addressee } from "./_failures.ts";
import { readJsonBody } from "./_json_events.ts";
import { wireTo } from "./_open_exchange.ts";
import { namesIn } from "./models.ts";
import type { ProviderPorts } from "./ports.ts";
import { ProviderError } from "./provider.ts";

/** Milliseconds that a probed server has to answer. */
const PATIENCE = 2000;

const OLLAMA_PORT = 11434;

/** A provider that could be used, and how that is known. */
export interface Found {
  readonly provider: ProviderName;
  /**
   * `config`: it is in the configuration. `environment`, `env_file`: its key is in a variable.
   * `address`: the person named the server (`OLLAMA_HOST`). `probe`: somebody answers at the usual
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
 * Looks for providers: in the configuration, in the six key variables, at the address of Ollama
 * (two seconds at most), and for a stored login. One finding per provider, in the catalog's order;
 * what the configuration says already wins.
 */
export async function detectProviders(
  places: KeyPlaces,
  ports: ProviderPorts,
  signal: AbortSignal,
): Promise<Found[]> {
  const [ollama, codex] = await Promise.all([
    findOllama(places, ports, signal),
    findLogin(ports),
  ]);
  return PROVIDER_NAMES.flatMap((name) => {
    if (name === "ollama") return ollama ?? [];
    if (name === "openai_codex") return codex ?? [];
    return findConfigured(name, places) ?? findKey(name, places) ?? [];
  });
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

async function findOllama(
  { environment, envFile, settings }: KeyPlaces,
  ports: ProviderPorts,
  signal: AbortSignal,
): Promise<Found | undefined> {
  const { apiBase: configured } = settings.ollama;
  if (configured) {
    const models = await probeOllama(configured, ports, signal);
    return { provider: "ollama", via: "config", models };
  }
  const named = environment.OLLAMA_HOST?.trim() || envFile.get("OLLAMA_HOST")?.trim();
  const apiBase = ollamaAddress(named ?? "");
  if (apiBase === undefined) return undefined;
  const models = await probeOllama(apiBase, ports, signal);
  if (models.length === 0) return undefined;
  return { provider: "ollama", via: named ? "address" : "probe", apiBase, models };
}

/**
 * The address that `OLLAMA_HOST` means, as Ollama itself reads it (envconfig): scheme and port may
 * be missing, and the address to listen on everywhere is reached on this machine. `undefined` when
 * it means none.
 */
export function ollamaAddress(host: string): string | undefined {
  const text = host.trim().replace(/^["']|["']$/g, "");
  const schemed = /^https?:\/\//i.test(text);
  const named = /^(?::|$)/.test(text) ? `localhost${text}` : text;
  const address = schemed ? text : `http://${named}`;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.hostname === "0.0.0.0" || url.hostname === "[::]") url.hostname = "localhost";
  if (!schemed && !/:\d+(?:\/|$)/.test(text)) url.port = String(OLLAMA_PORT);
  return url.href.replace(/\/+$/, "");
}

/** Names of the models there; none when nobody answers in time. */
export async function probeOllama(
  apiBase: string,
  ports: ProviderPorts,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const nothing = { apiKey: "", extraHeaders: {} };
  const settings = { ollama: { ...nothing, apiBase } } as unknown as ProvidersSettings;
  const to = addressee(PROVIDERS.ollama, "", settings);
  const tags = `${to.baseUrl.replace(/\/v1$/, "")}/api/tags`;
  const deadlines = { headersMs: PATIENCE, idleMs: PATIENCE, totalMs: PATIENCE };
  const wire = wireTo(to, { ...ports, deadlines });
  try {
    return namesIn(await readJsonBody(await wire(tags, { signal }), to));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ProviderError) return []; // not there: no error of the person's
    throw error;
  }
}

async function findLogin(ports: ProviderPorts): Promise<Found | undefined> {
  const stored = await openLogin(ports).load();
  return stored && { provider: "openai_codex", via: "login" };
}
