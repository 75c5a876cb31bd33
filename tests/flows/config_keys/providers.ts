import assert from "node:assert/strict";
import type { JsonObject } from "../../../src/domain/json.ts";
import { PROVIDER_NAMES, type ProviderName, PROVIDERS } from "../../../src/providers/catalog.ts";
import { codexTokens } from "../../contracts/provider_canary.ts";
import {
  type Behaviour,
  type ModelServer,
  type SeenRequest,
  startModelServer,
} from "../../fakes/model_server.ts";
import type { Pipeline } from "../pipeline.ts";
import { type Cases, type KeyCase, together } from "./cases.ts";

// What arrives at a server of each provider when `clambot status --check` asks all nine of them.

type ProviderServers = Readonly<Record<ProviderName, ModelServer>>;
type Arrived = Readonly<Record<ProviderName, readonly SeenRequest[]>>;

/** Paths below `apiBase` that a provider is asked at; the last one is the question. */
const PATHS: Readonly<Record<ProviderName, readonly string[]>> = {
  openrouter: ["/chat/completions"],
  anthropic: ["/v1/messages"],
  openai: ["/chat/completions"],
  deepseek: ["/chat/completions"],
  gemini: ["/chat/completions"],
  groq: ["/chat/completions"],
  ollama: ["/api/tags", "/v1/chat/completions"],
  openai_codex: ["/models?client_version=0.0.0", "/responses"],
  custom: ["/chat/completions"],
};

const OK: Behaviour = { kind: "text", pieces: ["OK"] };
/** What a server says that is asked for its models first. */
const LISTS: Partial<Record<ProviderName, JsonObject>> = {
  ollama: { models: [{ name: "crab:8b" }] },
  openai_codex: { models: [{ slug: "gpt-9-codex" }] },
};

function startServers(stack: AsyncDisposableStack): ProviderServers {
  const servers = PROVIDER_NAMES.map((name) => {
    const list = LISTS[name];
    const script: Behaviour[] = list
      ? [{ kind: "status", status: 200, body: JSON.stringify(list) }, OK]
      : [OK];
    return [name, stack.use(startModelServer(PROVIDERS[name].protocol, ...script))] as const;
  });
  return Object.fromEntries(servers) as unknown as ProviderServers;
}

async function checkAll(pipeline: Pipeline, servers: ProviderServers): Promise<Arrived> {
  await pipeline.put("secrets/codex.json", codexTokens(Date.now()));
  const { object } = await pipeline.clambot.here.json(["status", "--check"]);
  const checks = object.checks as { name: string; outcome: string }[];
  assert.deepEqual(
    checks.map(({ name, outcome }) => `${name}: ${outcome}`),
    PROVIDER_NAMES.map((name) => `${name}: ok`),
  );
  return Object.fromEntries(
    PROVIDER_NAMES.map((name) => [name, servers[name].requests]),
  ) as unknown as Arrived;
}

/** The key as a question carries it. */
function keyIn(name: ProviderName, arrived: Arrived): string | null {
  const header = PROVIDERS[name].protocol === "anthropic" ? "x-api-key" : "authorization";
  return arrived[name].at(-1)?.headers.get(header)?.replace(/^Bearer /, "") ?? null;
}

/** Each value holds the provider's name, so that none can be taken for another's. */
function keysOf(name: ProviderName): Readonly<Record<string, KeyCase<Arrived>>> {
  const section = `providers.${PROVIDERS[name].section}`;
  const all = (value: string) => PATHS[name].map(() => value);
  const below = (base: string) => PATHS[name].map((path) => `${base}${path}`);
  return {
    [`${section}.apiBase`]: {
      values: [`{${name}}/first`, `{${name}}/second`],
      mark: (arrived) => arrived[name].map(({ path }) => path),
      expected: [below("/first"), below("/second")],
    },
    [`${section}.extraHeaders.<name>`]: {
      name: "X-Team",
      values: [`${name}-red`, `${name}-blue`],
      mark: (arrived) => arrived[name].map(({ headers }) => headers.get("x-team")),
      expected: [all(`${name}-red`), all(`${name}-blue`)],
    },
    ...(PROVIDERS[name].needs === "login" ? {} : {
      [`${section}.apiKey`]: {
        values: [`${name}-key-1`, `${name}-key-2`],
        mark: (arrived: Arrived) => keyIn(name, arrived),
        expected: [`${name}-key-1`, `${name}-key-2`],
      },
    }),
  };
}

export const providers: Cases = together(
  { start: startServers, observe: checkAll },
  Object.assign({}, ...PROVIDER_NAMES.map(keysOf)),
);
