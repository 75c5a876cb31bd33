import assert from "node:assert/strict";
import { createRandom } from "../platform/deno.ts";
import { openFiles } from "../platform/files.ts";
import { createFetch } from "../platform/provider_fetch.ts";
import type { Fetch } from "../platform/platform.ts";
import { createFakeClock } from "../../tests/fakes/clock.ts";
import { PROVIDERS, type ProvidersSettings } from "./catalog.ts";
import { detectProviders, type Found, serverAddress } from "./detect.ts";
import { readinessOf } from "./readiness.ts";

const never = () => new AbortController().signal;

function settings(changes: Partial<Record<string, object>> = {}): ProvidersSettings {
  const empty = { apiKey: "", extraHeaders: {} };
  return Object.fromEntries(
    Object.values(PROVIDERS).map(({ section }) => [section, { ...empty, ...changes[section] }]),
  ) as unknown as ProvidersSettings;
}

interface Looked {
  readonly environment?: Record<string, string>;
  readonly envFile?: Record<string, string>;
  readonly settings?: ProvidersSettings;
  readonly fetch?: Fetch;
  readonly login?: string;
}

/** Nobody answers, unless a test says so. */
const nobody: Fetch = () => Promise.reject(new TypeError("connection refused"));

async function look(looked: Looked): Promise<Found[]> {
  const home = await Deno.makeTempDir();
  try {
    const secrets = openFiles(home);
    if (looked.login) await secrets.replace("codex.json", looked.login);
    const places = {
      environment: looked.environment ?? {},
      envFile: new Map(Object.entries(looked.envFile ?? {})),
      settings: looked.settings ?? settings(),
    };
    const ports = {
      fetch: looked.fetch ?? nobody,
      clock: createFakeClock(),
      random: createRandom(),
      secrets,
    };
    return await detectProviders(places, ports, never());
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

Deno.test("all six key variables are found, each for its own provider (A2)", async () => {
  const names = ["OPENROUTER", "ANTHROPIC", "OPENAI", "DEEPSEEK", "GROQ", "GEMINI"];
  const environment = Object.fromEntries(
    names.map((name) => [`${name}_API_KEY`, ` key of ${name.toLowerCase()} `]),
  );
  const found = await look({ environment });
  assert.deepEqual(
    found.map(({ provider, apiKey, via }) => [provider, apiKey, via]),
    ["openrouter", "anthropic", "openai", "deepseek", "gemini", "groq"]
      .map((provider) => [provider, `key of ${provider}`, "environment"]),
  );
});

Deno.test("the .env file is read, and never wins over the environment (A22)", async () => {
  const found = await look({
    environment: { GROQ_API_KEY: "outside", GEMINI_API_KEY: "  " },
    envFile: { GROQ_API_KEY: "inside", GEMINI_API_KEY: "from file" },
  });
  assert.deepEqual(found.map(({ provider, apiKey, via }) => [provider, apiKey, via]), [
    ["gemini", "from file", "env_file"],
    ["groq", "outside", "environment"],
  ]);
});

Deno.test("what is configured is found as that, and its key is not looked for (A4)", async () => {
  const found = await look({
    environment: { GROQ_API_KEY: "new" },
    settings: settings({ groq: { apiKey: "old" }, custom: { apiBase: "http://x/v1" } }),
  });
  assert.deepEqual(found, [
    { provider: "groq", via: "config" },
    { provider: "custom", via: "config" },
  ]);
});

Deno.test("a stored login with ChatGPT is found; a damaged file is none", async () => {
  const login = JSON.stringify({ access: "a", refresh: "r", expires: 1 });
  assert.deepEqual(await look({ login }), [{ provider: "openai_codex", via: "login" }]);
  assert.deepEqual(await look({ login: "{" }), []);
});

const HOSTS: readonly (readonly [string, string | undefined])[] = [
  ["", "http://localhost:11434"],
  ["127.0.0.1", "http://127.0.0.1:11434"],
  ["nas.local:8080", "http://nas.local:8080"],
  ["nas.local:80", "http://nas.local"],
  [":9999", "http://localhost:9999"],
  ["0.0.0.0", "http://localhost:11434"],
  ["0.0.0.0:1234", "http://localhost:1234"],
  ["[::]:1234", "http://localhost:1234"],
  ["http://nas.local", "http://nas.local"],
  ["https://nas.local/ollama/", "https://nas.local/ollama"],
  ["HTTP://nas.local:11434/", "http://nas.local:11434"],
  ['"nas.local"', "http://nas.local:11434"],
  ["not a host", undefined],
];

for (const [host, address] of HOSTS) {
  Deno.test(`OLLAMA_HOST=${host} means ${address}`, () => {
    assert.equal(serverAddress(PROVIDERS.ollama, host), address);
  });
}

Deno.test("a server at the usual address is only probed; a named one is the person's (A3)", async () => {
  const asked: string[] = [];
  const fetch: Fetch = (input) => {
    asked.push(String(input));
    return Promise.resolve(Response.json({ models: [{ name: "qwen3:8b" }] }));
  };
  const [unnamed] = await look({ fetch });
  assert.deepEqual([unnamed?.via, unnamed?.models], ["probe", ["qwen3:8b"]]);
  const [named] = await look({ fetch, environment: { OLLAMA_HOST: "nas.local" } });
  assert.deepEqual([named?.via, named?.apiBase], ["address", "http://nas.local:11434"]);
  assert.deepEqual(asked, [
    "http://localhost:11434/api/tags",
    "http://nas.local:11434/api/tags",
  ]);
});

Deno.test("a server without models, or that is no Ollama, is not found", async () => {
  for (
    const answer of [
      Response.json({ models: [] }),
      new Response("hello"),
      new Response("", { status: 500 }),
    ]
  ) {
    assert.deepEqual(await look({ fetch: () => Promise.resolve(answer) }), []);
  }
});

Deno.test("a server that does not answer within two seconds is not waited for, and is no error (A3)", async () => {
  const { promise: late, resolve } = Promise.withResolvers<Response>();
  let isLate = false;
  const timer = setTimeout(() => resolve(Response.json({ models: [isLate = true] })), 10_000);
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => late);
  const environment = { OLLAMA_HOST: `127.0.0.1:${server.addr.port}` };
  assert.deepEqual(await look({ environment, fetch: createFetch() }), []);
  assert.ok(!isLate, "it waited for the answer");
  clearTimeout(timer);
  resolve(new Response());
  await server.shutdown();
});

Deno.test("nine providers are listed, ready or with what is missing (A36)", () => {
  const all = readinessOf(settings({ groq: { apiKey: "gsk-secret-key" } }), true);
  assert.equal(all.length, 9);
  const ready = all.filter(({ ready }) => ready).map(({ provider }) => provider.name);
  assert.deepEqual(ready, ["groq", "openai_codex"]);
  for (const { note } of all) assert.ok(note.length > 2 && !note.includes("gsk-secret"));
  const missing = all.find(({ provider }) => provider.name === "anthropic")!;
  assert.match(missing.note, /ANTHROPIC_API_KEY.*clambot provider connect anthropic/);
});

Deno.test("a password in an address is not shown", () => {
  const all = readinessOf(settings({ custom: { apiBase: "https://u:hunter2@h.test/v1" } }), false);
  const note = all.at(-1)?.note ?? "";
  assert.ok(note.includes("https://h.test/v1") && !note.includes("hunter2"), note);
});
