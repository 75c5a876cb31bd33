import assert from "node:assert/strict";
import type { JsonObject } from "../../src/domain/json.ts";
import { createRandom } from "../../src/platform/deno.ts";
import { openFiles } from "../../src/platform/files.ts";
import { createFetch } from "../../src/platform/provider_fetch.ts";
import {
  type ProviderName,
  PROVIDERS,
  type ProvidersSettings,
} from "../../src/providers/catalog.ts";
import { openModel } from "../../src/providers/open_model.ts";
import type { ProviderPorts } from "../../src/providers/ports.ts";
import { type LanguageModel, type Prompt, ProviderError } from "../../src/providers/provider.ts";
import { createFakeClock, type FakeClock } from "../fakes/clock.ts";
import { type Behaviour, type ModelServer, startModelServer } from "../fakes/model_server.ts";
import { CANARY_KEY, codexTokens } from "./provider_canary.ts";

// What tests of providers share: a model at a server on loopback that follows a script.

/** A signal that nobody aborts. */
export const never = () => new AbortController().signal;

/** A provider with a model, as the exam asks it. */
export interface Candidate {
  readonly provider: ProviderName;
  readonly model: string;
  /** Another model that sees, where this one is known not to. */
  readonly seeing?: string;
}

/** What a test gets to work with. */
export interface Bench {
  readonly model: LanguageModel;
  readonly server: ModelServer;
  readonly clock: FakeClock;
}

/** Deadlines short enough to be met in a test. */
const DEADLINES = { headersMs: 60_000, idleMs: 60_000, totalMs: 120_000 };
/** Where the server does nothing but let wait. */
const SHORT_DEADLINES = { headersMs: 250, idleMs: 250, totalMs: 60_000 };

/** Settings with every provider at one address. */
export function settingsAt(url: string): ProvidersSettings {
  const one = { apiKey: CANARY_KEY, apiBase: url, extraHeaders: { "x-extra": "extra value" } };
  return Object.fromEntries(
    Object.values(PROVIDERS).map(({ section }) => [section, one]),
  ) as unknown as ProvidersSettings;
}

/** A model at a server that follows a script, with a login and a clock of its own. */
export async function withBench(
  { provider, model }: Candidate,
  script: readonly Behaviour[],
  test: (bench: Bench) => Promise<void>,
  fallbackModel?: string,
): Promise<void> {
  const home = await Deno.makeTempDir();
  const clock = createFakeClock();
  const isSilent = script.every(({ kind }) => kind === "silence" || kind === "stall");
  try {
    await using server = startModelServer(PROVIDERS[provider].protocol, ...script);
    const secrets = openFiles(home).under("secrets");
    await secrets.replace("codex.json", codexTokens(clock.now()));
    const ports: ProviderPorts = {
      fetch: createFetch(),
      clock,
      random: createRandom(),
      secrets,
      deadlines: isSilent ? SHORT_DEADLINES : DEADLINES,
      issuer: server.url,
    };
    const settings = { providers: settingsAt(server.url), models: {}, fallbackModel };
    await test({ model: openTestModel(`${provider}/${model}`, settings, ports), server, clock });
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

/** Ports of their own, with a login and a clock, for what is no model. */
export async function withPorts(test: (ports: ProviderPorts) => Promise<void>): Promise<void> {
  const home = await Deno.makeTempDir();
  try {
    const clock = createFakeClock();
    const secrets = openFiles(home);
    await secrets.replace("codex.json", codexTokens(clock.now()));
    await test({ fetch: createFetch(), clock, random: createRandom(), secrets });
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

/** Bodies that a provider was sent for one prompt. */
export async function bodiesOf(
  { provider, model }: Candidate,
  prompt: Prompt,
  ...script: readonly Behaviour[]
): Promise<readonly JsonObject[]> {
  let bodies: readonly JsonObject[] = [];
  await withBench({ provider, model }, script, async ({ model: opened, server }) => {
    await opened.complete(prompt, never());
    bodies = server.requests.map(({ body }) => body);
  });
  return bodies;
}

/** An answer of text. */
export function text(...pieces: string[]): Behaviour {
  return { kind: "text", pieces };
}

/** An error in OpenAI's form, which the others are near enough to. */
export function status(code: number, message: string): Extract<Behaviour, { kind: "status" }> {
  return {
    kind: "status",
    status: code,
    body: JSON.stringify({ error: { message, type: "error", code: null } }),
  };
}

/** The typed failure of a call that must fail. */
export async function failureOf(asked: Promise<unknown>): Promise<ProviderError> {
  try {
    await asked;
  } catch (error) {
    assert.ok(error instanceof ProviderError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: "the call succeeded" });
}

/** A model that takes prompts as they are: there is nothing secret in these. */
export function openTestModel(...args: Parameters<typeof openModel>): LanguageModel {
  return openModel(...args) as LanguageModel;
}
