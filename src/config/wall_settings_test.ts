import assert from "node:assert/strict";
import fc from "fast-check";
import type { Json } from "../domain/json.ts";
import { parseConfig } from "./parse.ts";
import { readServerCommand } from "./server_command.ts";
import { readWallSettings, type WallSettings } from "./wall_settings.ts";

const WHISPER = "https://api.groq.com/openai/v1/audio/transcriptions";

/** The same by way of the schema. */
function bySchema(text: string): WallSettings | undefined {
  const parsed = parseConfig(text, "config.json");
  if (parsed.kind !== "ok") return undefined;
  const { agents, tools, providers, gateway, secrets, channels: { telegram } } = parsed.config;
  const { availableTools, disabledTools } = agents.defaults;
  const written = Object.entries((parsed.raw.providers ?? {}) as Record<string, unknown>)
    .filter(([, section]) => section !== null && typeof section === "object");
  return {
    restrictToWorkspace: tools.filesystem.restrictToWorkspace,
    tools: { ...(availableTools ? { availableTools } : {}), disabledTools },
    providers: Object.fromEntries(
      written.filter(([name]) => name !== "thinkDisabledModels").map(([name]) => {
        const { apiKey, apiBase } = providers[name as "groq"];
        return [name, { hasKey: apiKey !== "", ...(apiBase ? { apiBase } : {}) }];
      }),
    ),
    listedVariables: secrets.environment.map(({ name }) => name),
    shutdownSeconds: gateway.shutdownSeconds,
    ...(gateway.token !== "" && (gateway.host === "127.0.0.1" || gateway.exposed)
      ? { listensAt: `${gateway.host}:${gateway.port}` }
      : {}),
    telegram: {
      enabled: telegram.enabled,
      hosts: [
        telegram.apiRoot ? "127.0.0.1:8081" : "api.telegram.org:443",
        ...(telegram.proxy ? ["proxy.example:1080"] : []),
      ],
    },
    maxFiles: gateway.maxFiles,
    ...(["", WHISPER].includes(tools.transcribe.whisperApiUrl)
      ? {}
      : { listener: tools.transcribe.whisperApiUrl }),
    callsServers: Object.values(tools.mcpServers).some((server) => "url" in server),
    serverCommands: Object.fromEntries(
      Object.entries(tools.mcpServers).flatMap(([name, server]) => {
        const command = readServerCommand(name, server as Json);
        return command ? [[name, command]] : [];
      }),
    ),
  };
}

const known = (settings: WallSettings): WallSettings => {
  const { thinkDisabledModels: _, ...providers } = settings.providers;
  return { ...settings, providers };
};

/** JSON text, so that a key can stand in it twice. */
const member = (key: fc.Arbitrary<string>, value: fc.Arbitrary<string>) =>
  fc.tuple(key, value).map(([name, text]) => `${JSON.stringify(name)}: ${text}`);
const object = (members: fc.Arbitrary<string>[]) =>
  fc.array(fc.oneof(...members), { maxLength: 4 }).map((all) => `{${all.join(",")}}`);
const names = (...all: string[]) => fc.constantFrom(...all);
const json = (...values: Json[]) => fc.constantFrom(...values).map((one) => JSON.stringify(one));

const DEFAULTS = object([
  member(names("availableTools", "available_tools"), json(null, [], ["fs"], ["fs", "web_fetch"])),
  member(names("disabledTools", "disabled_tools"), json(null, [], ["web_fetch", "http_request"])),
  member(names("userName"), json("Ann")),
]);
const PROVIDER = object([
  member(names("apiKey", "api_key"), json(null, "", "k-1")),
  member(names("apiBase", "api_base"), json(null, "", "http://127.0.0.1:9/v1")),
]);
const SERVER = member(
  names("files", "my_files", "no name"),
  json(
    { command: "npx", args: ["-y", "server"] },
    { command: "run", env: { TOKEN: "t" }, cwd: "/srv" },
    ...[{ command: 7 }, { command: "a", args: [1] }, { command: "a", cwd: "here" }, {}],
    { url: "https://mcp.example/" },
  ),
);
const CONFIG = object([
  member(names("agents"), object([member(names("defaults"), DEFAULTS)])),
  member(
    names("tools"),
    object([
      member(names("mcpServers", "mcp_servers"), object([SERVER, SERVER])),
      member(
        names("transcribe"),
        object([
          member(
            names("whisperApiUrl", "whisper_api_url"),
            json(null, "", "http://127.0.0.1:9/listen"),
          ),
        ]),
      ),
      member(
        names("filesystem"),
        object([
          member(
            names("restrictToWorkspace", "restrict_to_workspace"),
            json(true, false, null),
          ),
        ]),
      ),
    ]),
  ),
  member(
    names("providers"),
    object([member(names("groq", "openaiCodex", "openai_codex", "custom"), PROVIDER)]),
  ),
  member(
    names("channels"),
    object([member(
      names("telegram"),
      object([
        member(names("enabled"), json(true, false, null)),
        member(names("apiRoot", "api_root"), json("http://127.0.0.1:8081", null, "")),
        member(names("proxy"), json("socks5://proxy.example", null, "")),
      ]),
    )]),
  ),
  member(
    names("gateway"),
    object([
      member(names("shutdownSeconds", "shutdown_seconds"), json(1, 7, null)),
      member(names("token"), json("", "t-1", null)),
      member(names("host"), json("127.0.0.1", "0.0.0.0", null)),
      member(names("port"), json(0, 9, null)),
      member(names("exposed"), json(true, false, null)),
      member(names("maxFiles", "max_files"), json(256, 4096, null)),
    ]),
  ),
]);

Deno.test("the launcher reads of the configuration what the schema reads", () => {
  fc.assert(
    fc.property(CONFIG, (text) => {
      const wanted = bySchema(text);
      if (wanted === undefined) throw new Error(`the schema refuses ${text}`);
      assert.deepEqual(known(readWallSettings(text)), wanted, text);
    }),
    { numRuns: 500 },
  );
});

Deno.test("only an address of this machine, or one that is exposed, is listened at (T9)", () => {
  const at = (gateway: Json) => readWallSettings(JSON.stringify({ gateway })).listensAt;
  assert.equal(at({ token: "t" }), "127.0.0.1:18790");
  assert.equal(at({ token: "t", host: "::1", port: 1 }), "[::1]:1");
  assert.equal(at({ token: "t", host: "localhost" }), "localhost:18790");
  for (
    const gateway of [
      {},
      { host: "0.0.0.0", exposed: true },
      { token: "t", host: "0.0.0.0" },
      { token: "t", host: "127.0.0.1.evil.example" },
      { token: "t", host: "a b", exposed: true },
      { token: "t", host: "::", exposed: "yes" },
      { token: "t", port: 1.5 },
      { token: 1 },
    ]
  ) assert.equal(at(gateway), undefined, JSON.stringify(gateway));
});

Deno.test("the hosts on the way to Telegram are those of the Bot API and the proxy, with their ports", () => {
  const at = (telegram: Json) => readWallSettings(JSON.stringify({ channels: { telegram } }));
  assert.deepEqual(at({}).telegram, { enabled: false, hosts: ["api.telegram.org:443"] });
  const far = { enabled: true, apiRoot: "http://[::1]/x", proxy: "http://u:p@proxy.example:3128" };
  assert.deepEqual(at(far).telegram.hosts, ["[::1]:80", "proxy.example:3128"]);
  for (const proxy of ["ftp://a.example", "a.example:80", 7, { a: 1 }]) {
    assert.deepEqual(at({ enabled: "yes", proxy }).telegram, at({}).telegram);
  }
});

Deno.test("what the schema refuses gives the narrowest walls", () => {
  const narrow = readWallSettings("{}");
  assert.equal(narrow.restrictToWorkspace, true);
  for (const value of ['"false"', "0", "[]", "{}", '"no"']) {
    const text = `{ "tools": { "filesystem": { "restrictToWorkspace": ${value} } } }`;
    assert.equal(bySchema(text), undefined, "a test of what is refused");
    assert.equal(readWallSettings(text).restrictToWorkspace, true, value);
  }
  for (const text of ["", "{", "[]", "null", "7", '{ "tools": false }', '{ "agents": [] }']) {
    assert.deepEqual(readWallSettings(text), narrow, text);
  }
  const tools = readWallSettings('{ "agents": { "defaults": { "availableTools": "fs" } } }').tools;
  assert.deepEqual(tools.availableTools, []);
});
