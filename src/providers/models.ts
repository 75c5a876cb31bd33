import { anthropicHeaders, anthropicUrl } from "./anthropic/adapter.ts";
import type { ProviderEntry, ProvidersSettings } from "./catalog.ts";
import { openLogin } from "./codex_login.ts";
import { type Addressee, withoutEnd } from "./_failures.ts";
import { revealFor } from "./_revealed.ts";
import { readJsonBody } from "./_json_events.ts";
import { wireTo } from "./_open_exchange.ts";
import { listCodexModels } from "./openai_codex/adapter.ts";
import type { ProviderPorts } from "./ports.ts";
import { ProviderError } from "./provider.ts";

/** Milliseconds that a provider has to send its list. */
const PATIENCE = 2000;

/** Models that answer no questions, by their names. */
const NO_CHAT =
  /embed|whisper|tts|transcri|speech|audio|realtime|image|dall-e|sora|veo|imagen|moderation|guard|rerank/i;

/** The models of a provider. */
export interface ModelList {
  /** Names as the provider knows them. */
  readonly models: readonly string[];
  /** `provider`: its own list. `curated`: the short one of this program. */
  readonly source: "provider" | "curated";
  /** Why the provider's own list could not be had. */
  readonly failure?: ProviderError;
}

/** The models of a provider: its own list when it sends one in time, the curated one otherwise. */
export async function listModels(
  entry: ProviderEntry,
  settings: ProvidersSettings,
  ports: ProviderPorts,
  signal: AbortSignal,
): Promise<ModelList> {
  try {
    const { to, settings: revealed } = await revealFor(entry, "", settings, ports);
    const models = (await askForModels(to, revealed, ports, signal))
      .filter((name) => !NO_CHAT.test(name));
    if (models.length > 0) return { models, source: "provider" };
    return { models: entry.models, source: "curated" };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ProviderError)) throw error;
    return { models: entry.models, source: "curated", failure: error };
  }
}

async function askForModels(
  to: Addressee,
  settings: ProvidersSettings,
  ports: ProviderPorts,
  signal: AbortSignal,
): Promise<string[]> {
  const own = settings[to.entry.section];
  const deadlines = { headersMs: PATIENCE, idleMs: PATIENCE, totalMs: PATIENCE };
  const wire = wireTo(to, { ...ports, deadlines });
  const get = async (url: string, headers: Record<string, string>) =>
    namesIn(await readJsonBody(await wire(url, { headers, signal }), to));
  if (to.entry.protocol === "openai_codex") {
    const tokens = await openLogin(ports).fresh(signal);
    return await listCodexModels(to, own, wire, tokens, signal);
  }
  if (to.entry.protocol === "anthropic") {
    return await get(anthropicUrl(to.baseUrl, "models?limit=1000"), anthropicHeaders(own));
  }
  const authorization: Record<string, string> = own.apiKey === ""
    ? {}
    : { authorization: `Bearer ${own.apiKey}` };
  return await get(modelsUrlOf(to), { ...authorization, ...own.extraHeaders });
}

/** Where a provider that speaks OpenAI's language lists its models. */
export function modelsUrlOf({ entry: { paths }, baseUrl }: Addressee): string {
  return paths ? `${withoutEnd(baseUrl, paths.chat)}${paths.models}` : `${baseUrl}/models`;
}

/** `{data: [{id}]}` of OpenAI and Anthropic, `{models: [{name}]}` of Ollama. */
export function namesIn(answer: object): string[] {
  const { data, models } = answer as { readonly data?: unknown; readonly models?: unknown };
  const list = Array.isArray(data) ? data : Array.isArray(models) ? models : [];
  return list.map((one) => one?.id ?? one?.name)
    .filter((name): name is string => typeof name === "string" && name !== "")
    .map((name) => name.replace(/^models\//, "")); // Gemini's ids are paths
}
