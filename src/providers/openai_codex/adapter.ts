import type { Fetch } from "../../platform/platform.ts";
import type { ProviderSettings } from "../catalog.ts";
import type { Exchange, ProviderQuestion, Reply } from "../_exchange.ts";
import type { Addressee } from "../_failures.ts";
import { readJsonBody } from "../_json_events.ts";
import { ProviderError } from "../provider.ts";
import { modelsUrl, ORIGINATOR, responsesUrl } from "./endpoints.ts";
import { isPlaceholder, modelsIn, newestModel, USUAL_MODEL } from "./models.ts";
import { readAnswer } from "./reply.ts";
import { responsesBody } from "./request.ts";
import type { CodexLogin, CodexTokens } from "./tokens.ts";

/** Speaks to the backend of Codex with the login of a ChatGPT account. */
export function createCodexExchange(
  to: Addressee,
  settings: ProviderSettings,
  wire: Fetch,
  login: CodexLogin,
): Exchange {
  let model = isPlaceholder(to.model) ? undefined : to.model;
  return async (question, signal) => {
    let tokens = await login.fresh(signal);
    for (let attempt = 1;; attempt++) {
      try {
        model ??= await findNewest(to, settings, wire, tokens, signal);
        return await ask(model, question, to, settings, wire, tokens, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (attempt > 1 || !(error instanceof ProviderError) || error.status !== 401) throw error;
        tokens = await login.fresh(signal, tokens.access); // revoked before its time
      }
    }
  };
}

async function ask(
  model: string,
  question: ProviderQuestion,
  to: Addressee,
  settings: ProviderSettings,
  wire: Fetch,
  tokens: CodexTokens,
  signal: AbortSignal,
): Promise<Reply> {
  const response = await wire(responsesUrl(to.baseUrl), {
    method: "POST",
    headers: {
      ...codexHeaders(tokens, settings),
      "content-type": "application/json",
      accept: "text/event-stream",
      "openai-beta": "responses=experimental",
    },
    body: JSON.stringify(await responsesBody(model, question)),
    signal,
  });
  return await readAnswer(response.body ?? new ReadableStream(), to, question);
}

/** The newest model that the account may use; the usual one when its list cannot be had. */
async function findNewest(
  to: Addressee,
  settings: ProviderSettings,
  wire: Fetch,
  tokens: CodexTokens,
  signal: AbortSignal,
): Promise<string> {
  try {
    return newestModel(await listCodexModels(to, settings, wire, tokens, signal)) ?? USUAL_MODEL;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ProviderError) || error.code === "provider_auth") throw error;
    return USUAL_MODEL;
  }
}

/** Names of the models that the account may use. */
export async function listCodexModels(
  to: Addressee,
  settings: ProviderSettings,
  wire: Fetch,
  tokens: CodexTokens,
  signal: AbortSignal,
): Promise<string[]> {
  const headers = codexHeaders(tokens, settings);
  const response = await wire(modelsUrl(to.baseUrl), { headers, signal });
  return modelsIn(await readJsonBody(response, to));
}

function codexHeaders(tokens: CodexTokens, settings: ProviderSettings): Record<string, string> {
  return {
    authorization: `Bearer ${tokens.access}`,
    originator: ORIGINATOR,
    "user-agent": ORIGINATOR,
    ...(tokens.accountId === undefined ? {} : { "chatgpt-account-id": tokens.accountId }),
    ...settings.extraHeaders,
  };
}
