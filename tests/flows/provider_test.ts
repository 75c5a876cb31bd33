import assert from "node:assert/strict";
import type { JsonObject } from "../../src/domain/json.ts";
import { type Behaviour, type ModelServer, startModelServer } from "../fakes/model_server.ts";
import { Clambot, type Ended } from "./clambot.ts";
import { walk } from "./pipeline.ts";

// The commands about providers, as a person runs them, against servers on loopback.

const KEY = "gsk_cAnArY0123456789abcdefghXYZ7890";
/** What config.json says of a key that lies in the vault. */
const IN_THE_VAULT = "vault:providers.groq.apiKey";
const TEXT: Behaviour = { kind: "text", pieces: ["OK"] };
const MODELS: Behaviour = {
  kind: "status",
  status: 200,
  body: '{"data":[{"id":"openai/gpt-oss-120b"},{"id":"whisper-large-v3"}]}',
};
const UNAUTHORIZED: Behaviour = {
  kind: "status",
  status: 401,
  body: JSON.stringify({ error: { message: `Invalid API Key: ${KEY}` } }),
};

interface Bench {
  readonly clambot: Clambot;
  readonly server: ModelServer;
  configure(config: JsonObject): Promise<void>;
  config(): Promise<Record<string, unknown>>;
}

function flow(
  promise: string,
  script: readonly Behaviour[],
  test: (bench: Bench) => Promise<void>,
): void {
  Deno.test(promise, async () => {
    await using clambot = await Clambot.inEmptyHome();
    await using server = startModelServer("openai_compatible", ...script);
    const path = `${clambot.home}/config.json`;
    const configure = async (config: JsonObject) => {
      await clambot.write(".clambot/config.json", JSON.stringify(config));
      await Deno.chmod(clambot.home, 0o700);
      await Deno.chmod(path, 0o600);
    };
    await configure({ providers: { groq: { apiBase: server.url } } });
    const config = async () => JSON.parse(await Deno.readTextFile(path));
    await test({ clambot, server, configure, config });
  });
}

/** The key is in no file of the home in clear. */
async function assertNotInClear(home: string): Promise<void> {
  for (const path of await walk(home)) {
    assert.ok(!(await Deno.readTextFile(path)).includes(KEY), path);
  }
}

/** No six characters of the key in what was printed. */
function assertKeyAbsent({ stdout, stderr }: Ended): void {
  for (let at = 0; at + 6 <= KEY.length; at++) {
    assert.ok(!(stdout + stderr).includes(KEY.slice(at, at + 6)), stdout + stderr);
  }
}

flow("connect tries the key, stores it for its owner only, and the model with it (A42)", [
  MODELS,
  TEXT,
], async ({ clambot, server, config }) => {
  const ended = await clambot.run(["provider", "connect", "groq"], { stdin: `${KEY}\n` });
  assert.equal(ended.code, 0, ended.stderr);
  assertKeyAbsent(ended);
  const { providers, agents } = await config() as {
    providers: { groq: { apiKey: string } };
    agents: { defaults: { model: string }; selector: { model: string } };
  };
  assert.equal(providers.groq.apiKey, IN_THE_VAULT);
  await assertNotInClear(clambot.home);
  assert.equal(agents.defaults.model, "groq/openai/gpt-oss-120b");
  assert.equal(agents.selector.model, "groq/openai/gpt-oss-20b");
  assert.equal(server.requests.at(-1)?.headers.get("authorization"), `Bearer ${KEY}`);
  assert.equal((await Deno.stat(`${clambot.home}/config.json`)).mode! & 0o777, 0o600);
});

flow("connect --no-set-default leaves the model as it is (A42)", [MODELS, TEXT], async (bench) => {
  const { clambot, config } = bench;
  const args = ["provider", "connect", "groq", "--no-set-default"];
  assert.equal((await clambot.here.run(args, { stdin: KEY })).code, 0);
  const { agents, providers } = await config() as {
    agents?: unknown;
    providers: { groq: { apiKey: string } };
  };
  assert.deepEqual([agents, providers.groq.apiKey], [undefined, IN_THE_VAULT]);
});

flow("connect refuses a key that does not work, unless it is forced (A43)", [
  UNAUTHORIZED,
], async ({ clambot, config }) => {
  const refused = await clambot.here.run(["provider", "connect", "groq"], { stdin: KEY });
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /does not accept the key\. Nothing was stored\.\n.*--force/s);
  assertKeyAbsent(refused);
  assert.ok(!JSON.stringify(await config()).includes(IN_THE_VAULT));
  const forced = await clambot.here.run(["provider", "connect", "groq", "--force"], { stdin: KEY });
  assert.equal(forced.code, 0);
  assertKeyAbsent(forced);
  assert.ok(JSON.stringify(await config()).includes(IN_THE_VAULT));
});

flow("a key in the vault is used by every later command, and forgotten by logout", [
  MODELS,
  TEXT,
  TEXT,
  MODELS,
], async ({ clambot, server, config }) => {
  const { here } = clambot;
  await here.run(["provider", "connect", "groq"], { stdin: KEY });
  const check = await here.run(["status", "--check"]);
  assert.equal(check.code, 0, check.stderr);
  const models = await here.run(["models", "groq"]);
  assert.equal(models.code, 0, models.stderr);
  const sent = server.requests.map(({ headers }) => headers.get("authorization"));
  assert.deepEqual([...new Set(sent)], [`Bearer ${KEY}`]);
  const listed = await here.run(["secrets", "list"]);
  assert.match(listed.stdout, /^providers\.groq\.apiKey +config\.json/m);
  for (
    const args of [["remove", "providers.groq.apiKey"], [
      "allow-host",
      "providers.groq.apiKey",
      "x.example",
    ]]
  ) {
    assert.equal((await here.run(["secrets", ...args])).code, 2);
  }
  assert.equal((await here.run(["provider", "logout", "groq"])).code, 0);
  assert.ok(!JSON.stringify(await config()).includes("vault:"));
  assert.equal((await here.run(["secrets", "list"])).stdout, "No secrets.\n");
});

flow("a provider whose key cannot be had says why, and no request is sent", [
  MODELS,
  TEXT,
], async ({ clambot, server }) => {
  const { here } = clambot;
  await here.run(["provider", "connect", "groq"], { stdin: KEY });
  const before = server.requests.length;
  await Deno.remove(`${clambot.home}/secrets/vault.key`);
  const asked = await here.run(["agent", "-m", "tell me about crabs"]);
  assert.equal(asked.code, 1);
  assert.match(
    asked.stderr,
    /The key for Groq cannot be had\. The vault stays locked: its key is missing/,
  );
  assert.equal(server.requests.length, before);
  const still = await here.run(["agent", "-m", "what is 2 + 2?"]);
  assert.match(still.stdout, /4/);
  const doctor = await here.run(["doctor"]);
  assert.equal(doctor.code, 1);
  assert.match(doctor.stdout, /^vault: The vault stays locked/m);
});

flow(
  "secrets adopt moves plain keys of config.json into the vault; doctor offers it, and both forms work",
  [
    TEXT,
    TEXT,
  ],
  async ({ clambot, server, configure, config }) => {
    const { here } = clambot;
    await configure({ providers: { groq: { apiKey: KEY, apiBase: server.url } } });
    const offered = await here.run(["doctor"]);
    assert.match(
      offered.stdout,
      /providers\.groq\.apiKey stands in config\.json in clear; clambot secrets adopt/,
    );
    assert.match(offered.stdout, /^vault: in order$/m);
    assert.equal((await here.run(["status", "--check"])).code, 0);
    const moved = await here.json(["secrets", "adopt"]);
    assert.deepEqual(moved.object, { moved: ["providers.groq.apiKey"] });
    const { providers } = await config() as { providers: { groq: { apiKey: string } } };
    assert.equal(providers.groq.apiKey, IN_THE_VAULT);
    assert.equal((await here.run(["status", "--check"])).code, 0);
    const sent = server.requests.map(({ headers }) => headers.get("authorization"));
    assert.deepEqual(sent, [`Bearer ${KEY}`, `Bearer ${KEY}`]);
    const after = await here.run(["doctor"]);
    assert.doesNotMatch(after.stdout, /in clear/);
    assert.match(after.stdout, /The key of the vault: .*vault\.key\./);
    assert.match(
      (await here.run(["secrets", "adopt"])).stdout,
      /No key stands in config\.json in clear/,
    );
  },
);

flow("connect takes the address of an Ollama server and its first model", [
  { kind: "status", status: 200, body: '{"models":[{"name":"qwen3:8b"}]}' },
  TEXT,
], async ({ clambot, server, config }) => {
  const host = server.url.replace("http://", "");
  const ended = await clambot.here.run(["provider", "connect", "ollama", "--host", host]);
  assert.equal(ended.code, 0, ended.stderr);
  const text = JSON.stringify(await config());
  assert.ok(text.includes(`"apiBase":"${server.url}"`) && text.includes('"ollama/qwen3:8b"'), text);
});

flow(
  "logout takes a key out of the configuration, and knows when nobody is logged in (A199)",
  [],
  async (bench) => {
    const { clambot, configure, config } = bench;
    await configure({ providers: { groq: { apiKey: KEY } } });
    const gone = await clambot.here.run(["provider", "logout", "groq"]);
    assert.equal(gone.code, 0, gone.stderr);
    assert.ok(!JSON.stringify(await config()).includes(KEY));
    await clambot.write(".clambot/secrets/codex.json", '{"access":"a","refresh":"r","expires":1}');
    assert.match((await clambot.here.run(["provider", "logout"])).stdout, /logged out/);
    assert.match((await clambot.here.run(["provider", "logout"])).stdout, /Nobody was logged in/);
  },
);

flow("status names nine providers; --check asks those that are ready and no others (A36, A37)", [
  TEXT,
], async ({ clambot, server, configure }) => {
  await configure({
    agents: { defaults: { model: "groq/own-model" } },
    providers: {
      groq: { apiKey: KEY, apiBase: server.url },
      openai: { apiKey: KEY, apiBase: "http://127.0.0.1:1" },
    },
  });
  const plain = await clambot.here.json(["status"]);
  const rows = plain.object.providers as { name: string; ready: boolean }[];
  assert.equal(rows.length, 9);
  assert.deepEqual(rows.filter(({ ready }) => ready).map(({ name }) => name), ["openai", "groq"]);
  assert.equal(server.requests.length, 0);
  const checked = await clambot.here.json(["status", "--check"]);
  assertKeyAbsent(checked);
  assert.equal(server.requests.length, 1);
  assert.equal(server.requests[0]?.body.model, "own-model");
  const checks = checked.object.checks as {
    name: string;
    outcome: string;
    ms: number | null;
    message?: string;
  }[];
  assert.deepEqual(checks.map(({ name, outcome }) => [name, outcome]), [
    ["openai", "provider_unreachable"],
    ["groq", "ok"],
  ]);
  assert.ok((checks[1]?.ms ?? -1) >= 0);
  assert.equal(checked.code, 1); // one that should be ready did not answer
  assert.match(checks[0]?.message ?? "", /^Cannot reach OpenAI at http/);
});

flow("models lists what can be written into the configuration", [MODELS], async (bench) => {
  const { clambot, configure, server } = bench;
  await configure({ providers: { groq: { apiKey: KEY, apiBase: server.url } } });
  const ended = await clambot.run(["models", "groq"]);
  assert.deepEqual([ended.code, ended.stdout], [0, "groq/openai/gpt-oss-120b\n"]);
});

flow("usage sums up what was asked (A267)", [TEXT], async ({ clambot, server, configure }) => {
  await configure({
    agents: { defaults: { model: "groq/openai/gpt-oss-120b" } },
    providers: { groq: { apiKey: KEY, apiBase: server.url } },
  });
  await clambot.here.run(["agent", "-m", "Tell me something nice about clams, please"]);
  assert.ok(server.requests.length > 0);
  const { object } = await clambot.here.json(["usage", "--days", "2"]);
  const total = object.total as { calls: number; inputTokens: number; usd: number };
  assert.equal(total.calls, server.requests.length);
  assert.equal(total.inputTokens, 100 * server.requests.length);
  assert.ok(total.usd > 0);
  const shown = await clambot.here.run(["usage"]);
  assert.match(shown.stdout, /groq\/openai\/gpt-oss-120b/);
  assert.equal((await clambot.here.run(["usage", "--days", "0"])).code, 2);
});

/** What can go wrong, and what the person reads. */
const FAILURES: readonly (readonly [string, JsonObject, Behaviour, RegExp])[] = [
  ["a wrong key", {}, UNAUTHORIZED, /does not accept the key\.\n.*provider connect groq/],
  [
    "an unknown model",
    {},
    { kind: "status", status: 404, body: '{"error":{"message":"The model `m` does not exist"}}' },
    /has no model "m"\.\n.*clambot models groq/,
  ],
  ["no network", { apiBase: "http://127.0.0.1:1" }, TEXT, /Cannot reach Groq at .*\.\n.*network/],
];

for (const [what, groq, behaviour, told] of FAILURES) {
  flow(`${what} is one sentence with the next step, exit 1, and no part of the key anywhere`, [
    behaviour,
  ], async ({ clambot, server, configure }) => {
    await configure({
      agents: { defaults: { model: "groq/m" } },
      providers: { groq: { apiKey: KEY, apiBase: server.url, ...groq } },
    });
    const ended = await clambot.here.run(["agent", "-m", "Tell me something nice about clams"]);
    assert.equal(ended.code, 1, ended.stdout);
    assert.match(ended.stderr, told);
    assert.doesNotMatch(ended.stderr, /\n\s+at /);
    assertKeyAbsent(ended);
    await assertNowhereIn(clambot.home);
  });
}

/** The key stands in the configuration and nowhere else in the home. */
async function assertNowhereIn(directory: string): Promise<void> {
  for await (const entry of Deno.readDir(directory)) {
    const path = `${directory}/${entry.name}`;
    if (entry.isDirectory) await assertNowhereIn(path);
    if (!entry.isFile || entry.name.startsWith("config.json")) continue;
    assert.ok(!(await Deno.readTextFile(path)).includes(KEY.slice(4, 14)), path);
  }
}
