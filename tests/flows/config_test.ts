import assert from "node:assert/strict";
import { Clambot } from "./clambot.ts";

Deno.test("a configuration that is no JSON stops every command with line and column, and stays", async () => {
  const broken = '{\n  "agents": {\n    "defaults": { "model": }\n  }\n}\n';
  for (
    const args of [["status"], ["agent", "-m", "hi"], ["onboard"], [
      "config",
      "set",
      "agents.defaults.userName",
      "x",
    ]]
  ) {
    await using clambot = await Clambot.inEmptyHome();
    await clambot.write(".clambot/config.json", broken);
    const { code, stderr, stdout } = await clambot.here.run(args);
    assert.equal(code, 1);
    assert.match(stderr, /config\.json:3:\d+: this is not JSON/);
    assert.equal(stdout, "");
    assert.equal(await Deno.readTextFile(`${clambot.home}/config.json`), broken);
  }
});

Deno.test("an unknown key is a warning with the nearest one, and config check ends with 1", async () => {
  await using clambot = await Clambot.inEmptyHome();
  await clambot.write(".clambot/config.json", '{"agents": {"defaults": {"modle": "x"}}}');
  const status = await clambot.here.run(["status"]);
  assert.equal(status.code, 0);
  assert.match(
    status.stderr,
    /there is no key agents\.defaults\.modle; did you mean agents\.defaults\.model\?/,
  );
  assert.equal((await clambot.here.run(["config", "check"])).code, 1);
});

Deno.test("a wrong type is one line with the path", async () => {
  await using clambot = await Clambot.inEmptyHome();
  await clambot.write(".clambot/config.json", '{"agents": {"defaults": {"maxTokens": "many"}}}');
  const { code, stderr } = await clambot.here.run(["status"]);
  assert.equal(code, 1);
  assert.match(stderr, /agents\.defaults\.maxTokens: expected a whole number.*got "many"/);
  assert.doesNotMatch(stderr, /\n\s+at /);
});

Deno.test("config set and get reach the file; keys are masked; two at once lose nothing", async () => {
  await using clambot = await Clambot.inEmptyHome();
  await clambot.here.run(["onboard"]);
  await Promise.all([
    clambot.run(["config", "set", "agents.defaults.userName", "Ada"]),
    clambot.run(["config", "set", "providers.openai.apiKey", "sk-canary-123456"]),
    clambot.run(["config", "set", "agents.defaults.maxTokens", "1000"]),
  ]);
  const file = JSON.parse(await Deno.readTextFile(`${clambot.home}/config.json`));
  assert.equal(file.agents.defaults.userName, "Ada");
  assert.equal(file.agents.defaults.maxTokens, 1000);
  assert.equal(file.providers.openai.apiKey, "sk-canary-123456");
  const whole = await clambot.here.run(["config", "get"]);
  assert.doesNotMatch(whole.stdout, /canary/);
  assert.match(
    (await clambot.here.run(["config", "get", "agents.defaults.userName"])).stdout,
    /^Ada\n/,
  );
  assert.equal((await Deno.stat(`${clambot.home}/config.json`)).mode! & 0o777, 0o600);
});

Deno.test("a change that widens what programs may do is not made without a terminal", async () => {
  await using clambot = await Clambot.inEmptyHome();
  await clambot.here.run(["onboard"]);
  const before = await Deno.readTextFile(`${clambot.home}/config.json`);
  const { code, stderr } = await clambot.here.run([
    "config",
    "set",
    "tools.filesystem.restrictToWorkspace",
    "false",
  ]);
  assert.equal(code, 3);
  assert.match(stderr, /outside the workspace/);
  assert.equal(await Deno.readTextFile(`${clambot.home}/config.json`), before);
});

Deno.test("--home and --config move everything; the path is printed", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const home = `${clambot.directory}/elsewhere`;
  const { stdout } = await clambot.here.run(["--home", home, "config", "path"]);
  assert.equal(stdout, `${home}/config.json\n`);
  const named = await clambot.here.run(["config", "path"], { env: { CLAMBOT_HOME: home } });
  assert.equal(named.stdout, `${home}/config.json\n`);
  const both = await clambot.here.run(["--config", "my.json", "config", "path"], {
    env: { CLAMBOT_CONFIG: "/nowhere.json" },
  });
  assert.equal(both.stdout, `${clambot.directory}/my.json\n`);
});

Deno.test("a configuration that a link puts where the core may write is refused", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const inside = await clambot.write(".clambot/workspace/files/c.json", "{}");
  await Deno.symlink(inside, `${clambot.directory}/c.json`);
  await Deno.symlink(clambot.home, `${clambot.directory}/home`);
  for (
    const args of [
      ["--config", `${clambot.directory}/c.json`],
      ["--config", `${clambot.directory}/home/workspace/files/new.json`],
      ["--home", `${clambot.directory}/home`, "--config", inside],
    ]
  ) {
    const { code, stderr } = await clambot.here.run([...args, "status"]);
    assert.deepEqual([code, stderr.includes("must not stand in")], [2, true], args.join(" "));
  }
});

Deno.test("a configuration reached by a link cannot be written by the core either", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const config = '{ "tools": { "filesystem": { "restrictToWorkspace": false } } }';
  const real = await clambot.write("dotfiles/clambot.json", config);
  await clambot.write("dotfiles/other.json", "{}");
  await Deno.mkdir(clambot.home, { recursive: true, mode: 0o700 });
  await Deno.symlink(real, `${clambot.home}/config.json`);
  const { object } = await clambot.json(["status", "--permissions"]);
  const walls = object.walls as { wall: string; grants: { write: string[] } }[];
  const write = walls.find(({ wall }) => wall === "core")?.grants.write ?? [];
  assert.ok(write.includes(`${clambot.directory}/dotfiles/other.json`));
  assert.deepEqual(write.filter((path) => real === path || real.startsWith(`${path}/`)), []);
});

Deno.test("a tool that is misspelt in disabledTools is told, for it stays switched on", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const config = { agents: { defaults: { disabledTools: ["http_requst"] } } };
  await clambot.write(".clambot/config.json", JSON.stringify(config));
  for (const args of [["agent", "-m", "what time is it in Tokyo?"], ["config", "check"]]) {
    const { code, stderr } = await clambot.here.run(args);
    assert.match(stderr, /There is no tool "http_requst"; did you mean http_request\?/);
    assert.equal(code, args[0] === "config" ? 1 : 0);
  }
});

Deno.test("a model name without a provider is told with its key, in every way of asking", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const told = /agents\.defaults\.model: There is no provider "opnai".*Did you mean openai\/gpt\?/;
  const set = await clambot.here.run(["config", "set", "agents.defaults.model", "opnai/gpt"]);
  assert.equal(set.code, 0);
  assert.match(set.stdout, told);
  assert.match((await clambot.here.run(["config", "path"])).stderr, told);
  const checked = await clambot.here.json(["config", "check"]);
  assert.deepEqual([checked.code, checked.object.ok], [1, false]);
  assert.match(String(checked.object.doubts), told);
  assert.match(String((await clambot.here.json(["status"])).object.warnings), told);
});

Deno.test("an address of a provider that is none is refused when it is set and when it is read", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const { code, stderr } = await clambot.here.run([
    "config",
    "set",
    "providers.custom.apiBase",
    "notaurl",
  ]);
  assert.match(stderr, /providers\.custom\.apiBase: It is no address/);
  assert.equal(code, 1);
  await clambot.write(".clambot/config.json", '{"providers": {"groq": {"apiBase": "ftp://x"}}}');
  assert.match(
    (await clambot.here.run(["status"])).stderr,
    /config\.json:1:\d+: providers\.groq\.apiBase/,
  );
});

Deno.test("null takes a key out of the file, as it means in the file", async () => {
  await using clambot = await Clambot.inEmptyHome();
  await clambot.write(".clambot/config.json", '{"agents":{"defaults":{"maxTokens":5}}}');
  await clambot.here.run(["config", "set", "agents.defaults.maxTokens", "null"]);
  const text = await Deno.readTextFile(`${clambot.home}/config.json`);
  assert.deepEqual(JSON.parse(text), {});
});

Deno.test("a named configuration that is not there is told", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const { code, stderr } = await clambot.here.run(["--config", "nothing.json", "config", "check"]);
  assert.match(stderr, /There is no file ".*nothing\.json"/);
  assert.equal(code, 1);
  assert.equal((await clambot.here.run(["config", "check"])).code, 0);
});

Deno.test("a file with very many unknown keys is read at once, and told in a few lines", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const keys = Array.from({ length: 50_000 }, (_, index) => [`key${index}`, 1]);
  await clambot.write("many.json", JSON.stringify(Object.fromEntries(keys)));
  const { code, stderr } = await clambot.here.run(["--config", "many.json", "config", "path"]);
  assert.match(stderr, /49990 more; see clambot config check/);
  assert.deepEqual([code, stderr.split("there is no key").length - 1], [0, 10]);
});

Deno.test("the allow-list of tools wins over the deny-list, in run as everywhere", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const config = { agents: { defaults: { availableTools: ["echo"], disabledTools: ["echo"] } } };
  await clambot.write(".clambot/config.json", JSON.stringify(config));
  const echo = await clambot.write("echo.js", `return (await echo({message: "hi"})).message;`);
  assert.equal((await clambot.here.run(["run", echo, "--tools", "echo"])).stdout, "hi\n");
  const time = await clambot.write("time.js", `return (await time({operation: "now"})).iso;`);
  const { object } = await clambot.here.json(["run", time, "--tools", "time"]);
  assert.equal((object.error as { code: string }).code, "unknown_tool");
});

Deno.test("a home that cannot be one is told in a sentence (A9)", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const file = await clambot.write("file", "");
  for (const home of [file, `${file}/below`]) {
    const { code, stderr, stdout } = await clambot.here.run(["--home", home, "status"]);
    assert.match(stderr, /cannot be a directory: a file stands there/);
    assert.deepEqual([code, stdout], [2, ""]);
  }
});

Deno.test("a directory of something else does not become the home, and stays as it is", async () => {
  await using clambot = await Clambot.inEmptyHome();
  for (const files of [["file"], [".env", "main.ts"], ["config.json", "secrets", "file"]]) {
    for (const file of files) await clambot.write(`project/${file}`, "");
    await Deno.chmod(`${clambot.directory}/project`, 0o755);
    const { code, stderr } = await clambot.here.run(["--home", "project", "status"]);
    assert.match(stderr, /holds other things/);
    assert.equal(code, 2);
    assert.equal((await Deno.stat(`${clambot.directory}/project`)).mode! & 0o777, 0o755);
    const names = await Array.fromAsync(Deno.readDir(`${clambot.directory}/project`));
    assert.deepEqual(names.map(({ name }) => name).sort(), files.toSorted());
    await Deno.remove(`${clambot.directory}/project`, { recursive: true });
  }
});

Deno.test("a home begun by hand, or with other things added later, is one", async () => {
  await using clambot = await Clambot.inEmptyHome();
  await clambot.write(".clambot/config.json", "{}");
  await clambot.write(".clambot/.env", "");
  assert.equal((await clambot.here.run(["status"])).code, 0);
  await clambot.write(".clambot/my-notes.txt", "");
  assert.equal((await clambot.here.run(["status"])).code, 0);
});

Deno.test("a configuration that is no ordinary UTF-8 file is told, and never written (A9)", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const latin = await clambot.write("latin.json", "");
  const bytes = new Uint8Array([...new TextEncoder().encode('{"a":"J'), 0xfc, 0x22, 0x7d]);
  await Deno.writeFile(latin, bytes);
  const directory = `${clambot.directory}/directory.json`;
  await Deno.mkdir(directory);
  await Deno.symlink("nothing.json", `${clambot.directory}/dangling.json`);
  for (const name of ["latin.json", "directory.json", "dangling.json"]) {
    const set = ["--config", name, "config", "set", "agents.defaults.maxTokens", "5"];
    const { code, stderr } = await clambot.here.run(set);
    assert.match(stderr, /cannot be the configuration: it is (no|not) /);
    assert.equal(code, 1);
  }
  assert.deepEqual(await Deno.readFile(latin), bytes);
});

Deno.test("a configuration outside of the home is made the owner's alone too (A10)", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const path = await clambot.write("elsewhere/c.json", "{}");
  await Deno.chmod(path, 0o644);
  const { stderr } = await clambot.here.run(["--config", path, "status"]);
  assert.match(stderr, /c\.json could be reached by others \(mode 0644\); now only you can/);
  assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
});

Deno.test("unsetting a key that does not exist says so", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const { code, stderr } = await clambot.here.run(["config", "unset", "agents.defaults.modle"]);
  assert.match(stderr, /There is no key "agents\.defaults\.modle".*\n.*agents\.defaults\.model\?/);
  assert.equal(code, 1);
});

Deno.test("a configuration that is a link stays one; what it leads to is changed", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const real = await clambot.write("dotfiles/clambot.json", "{}");
  await Deno.mkdir(clambot.home, { mode: 0o700 });
  await Deno.symlink(real, `${clambot.home}/config.json`);
  const { code } = await clambot.here.run(["config", "set", "agents.defaults.userName", "Ada"]);
  assert.equal(code, 0);
  assert.ok((await Deno.lstat(`${clambot.home}/config.json`)).isSymlink);
  const file = JSON.parse(await Deno.readTextFile(real));
  assert.equal(file.agents.defaults.userName, "Ada");
});

/** Values that are texts to the schema and nothing to the room that reads them. */
const MISFORMS: readonly (readonly [key: string, value: unknown, says: RegExp])[] = [
  ["agents.approvals.alwaysGrants", ["fs:bogus"], /"bogus" is no scope/],
  ["agents.approvals.alwaysGrants", [{ tool: "web_fetch", scope: "host:" }], /is no scope/],
  ["network.nameServers", ["dns.example"], /"dns\.example" is no address of a server/],
  [
    "network.allowHosts",
    [{ url: "http://nas.local:8080", addresses: "192.168.1.0/40", tools: "http_request" }],
    /"192\.168\.1\.0\/40" is no address and no range/,
  ],
];

for (const [key, value, says] of MISFORMS) {
  Deno.test(`a value of ${key} that cannot be read (${says.source}) is told at once, with its place`, async () => {
    await using clambot = await Clambot.inEmptyHome();
    const set = await clambot.here.run(["config", "set", key, JSON.stringify(value)]);
    assert.match(set.stderr, says);
    assert.equal(set.code, 1);
    if (key === "network.nameServers") return await assertStops(clambot, key, value, says);
    await assertDropped(clambot, key, value, says);
  });
}

/** A list without which others would decide: the program does not go on without an item of it. */
async function assertStops(clambot: Clambot, key: string, value: unknown, says: RegExp) {
  const nested = key.split(".").reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
  await clambot.write(".clambot/config.json", JSON.stringify(nested));
  for (const args of [["config", "check"], ["agent", "-m", "what time is it in Tokyo?"]]) {
    const { code, stderr, stdout } = await clambot.here.run(args);
    assert.match(stderr, new RegExp(`config\\.json:1:\\d+: ${key.replaceAll(".", "\\.")}: `));
    assert.match(stderr, says);
    assert.deepEqual([code, stdout], [1, ""]);
  }
}

async function assertDropped(clambot: Clambot, key: string, value: unknown, says: RegExp) {
  const nested = key.split(".").reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
  await clambot.write(".clambot/config.json", JSON.stringify(nested));
  const check = await clambot.here.run(["config", "check"]);
  assert.match(
    check.stderr,
    new RegExp(`json:1:\\d+: ${key.replaceAll(".", "\\.")}: .* is dropped`),
  );
  assert.match(check.stderr, says);
  assert.equal(check.code, 1);
  const agent = await clambot.here.run(["agent", "-m", "what time is it in Tokyo?"]);
  assert.match(agent.stderr, says);
  assert.equal(agent.code, 0);
  const other = await clambot.here.run(["config", "set", "agents.defaults.userName", "Ada"]);
  assert.equal(other.code, 0);
}

/** Changes that give programs or others more than they had. */
const WIDENINGS: readonly (readonly [key: string, value: string, before: unknown, says: RegExp])[] =
  [
    ["network.nameServers", '["9.9.9.9"]', {}, /Another name server/],
    [
      "agents.approvals.allowAlways",
      "true",
      { agents: { approvals: { allowAlways: false } } },
      /allow something always/,
    ],
    [
      "providers.openai.apiBase",
      "https://elsewhere.example/v1",
      { providers: { openai: { apiKey: "sk-test" } } },
      /sent to another address/,
    ],
    [
      "providers.openaiCodex.apiBase",
      "https://elsewhere.example/v1",
      {},
      /sent to another address/,
    ],
    ["providers.custom.apiBase", "http://127.0.0.1:8000/v1", {}, /sent to another address/],
    ["agents.budgets.perTurn.calls", "31", {}, /More may be spent/],
    ["agents.approvals.alwaysGrants", '["fs:workspace"]', {}, /without a question/],
    ["agents.approvals.enabled", "false", {}, /Nothing is asked/],
  ];

for (const [key, value, before, says] of WIDENINGS) {
  Deno.test(`setting ${key} wants a yes at a terminal`, async () => {
    await using clambot = await Clambot.inEmptyHome();
    const path = await clambot.write(".clambot/config.json", JSON.stringify(before));
    const { code, stderr } = await clambot.here.run(["config", "set", key, value]);
    assert.match(stderr, says);
    assert.equal(code, 3);
    assert.deepEqual(JSON.parse(await Deno.readTextFile(path)), before);
  });
}

Deno.test("a limit that is taken away wants a yes at a terminal too, and a lower one none", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const before = { agents: { budgets: { perDay: { usd: 2 } } } };
  await clambot.write(".clambot/config.json", JSON.stringify(before));
  const key = "agents.budgets.perDay.usd";
  assert.equal((await clambot.here.run(["config", "unset", key])).code, 3);
  assert.equal((await clambot.here.run(["config", "set", key, "1"])).code, 0);
});
