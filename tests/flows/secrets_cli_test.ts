import assert from "node:assert/strict";
import { AtTerminal, KEYS, testAtTerminal } from "./at_terminal.ts";
import { Clambot, type Ended } from "./clambot.ts";
import { walk } from "./pipeline.ts";

// `clambot secrets`, as a person uses it, and what stays of a value afterwards: the vault alone.

const VALUE = "ghp_cAnArY0123456789";
const SET = ["secrets", "set", "GITHUB", "--host", "api.github.com"];

function flow(promise: string, test: (clambot: Clambot) => Promise<void>): void {
  Deno.test(promise, async () => {
    await using clambot = await Clambot.inEmptyHome();
    await test(clambot);
  });
}

/** The value is in nothing that was printed, and in no file of the home in clear. */
async function assertUnseen({ home }: Clambot, ...ended: readonly Ended[]): Promise<void> {
  for (const { stdout, stderr } of ended) assert.ok(!(stdout + stderr).includes(VALUE), stdout);
  for (const path of await walk(home)) {
    assert.ok(!(await Deno.readTextFile(path)).includes(VALUE), path);
  }
}

async function list(clambot: Clambot): Promise<Record<string, unknown>[]> {
  const { stdout, code, stderr } = await clambot.here.run(["secrets", "list", "--json"]);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

flow(
  "a piped value is kept for its host and place, and shown nowhere (A166, A174)",
  async (clambot) => {
    const args = [...SET, "--place", "header:X-Key", "--description", "of the bot", "--json"];
    const set = await clambot.run(args, { stdin: `${VALUE}\n` });
    assert.equal(set.code, 0, set.stderr);
    const [secret] = await list(clambot);
    const { createdAt, updatedAt, ...facts } = secret ?? {};
    assert.deepEqual(facts, {
      name: "GITHUB",
      hosts: ["https://api.github.com"],
      places: ["header:X-Key"],
      description: "of the bot",
      lastUse: null,
    });
    assert.equal(createdAt, updatedAt);
    const shown = await clambot.here.run(["secrets", "list"]);
    assert.match(shown.stdout, /^GITHUB +https:\/\/api\.github\.com +header:X-Key/m);
    await assertUnseen(clambot, set, shown);
    for (const [path, mode] of [["", 0o700], ["/vault", 0o600], ["/vault.key", 0o600]] as const) {
      const found = await Deno.stat(`${clambot.home}/secrets${path}`);
      assert.equal(found.mode! & 0o777, mode, path);
    }
  },
);

flow("hosts are added, names changed, secrets forgotten, the key changed", async (clambot) => {
  assert.equal((await clambot.here.run(SET, { stdin: VALUE })).code, 0);
  const here = clambot.here;
  const added = await here.run(["secrets", "allow-host", "GITHUB", "http://nas.local:8080"]);
  assert.match(added.stderr, /is not encrypted/);
  const renamed = await here.json(["secrets", "rename", "GITHUB", "HUB"]);
  assert.deepEqual(renamed.object, { name: "HUB", renamedFrom: "GITHUB" });
  const [before] = await list(clambot);
  assert.deepEqual(before?.hosts, ["https://api.github.com", "http://nas.local:8080"]);
  const key = await Deno.readTextFile(`${clambot.home}/secrets/vault.key`);
  const rotated = await here.json(["secrets", "rotate-key"]);
  assert.deepEqual(rotated.object, { by: "file", key: `${clambot.home}/secrets/vault.key` });
  assert.notEqual(await Deno.readTextFile(`${clambot.home}/secrets/vault.key`), key);
  assert.deepEqual(await list(clambot), [before]);
  const removed = await here.json(["secrets", "remove", "HUB"]);
  assert.deepEqual(removed.object, { name: "HUB", removed: true });
  assert.deepEqual(await list(clambot), []);
  await assertUnseen(clambot, added);
  const months = await walk(`${clambot.home}/audit`);
  const log = (await Promise.all(months.map((path) => Deno.readTextFile(path)))).join("");
  const kinds = [...log.matchAll(/"kind":"(\w+)"/g)].map(([, kind]) => kind);
  assert.deepEqual(kinds, [
    "secret_stored",
    "secret_hosts_allowed",
    "secret_renamed",
    "vault_key_changed",
    "secret_removed",
  ]);
});

flow("what cannot be stored is said in a sentence, before a value is read", async (clambot) => {
  for (
    const [args, code, words] of [
      [["set", "bad name", "--host", "a.example"], 2, /letters, digits/],
      [["set", "providers.groq.apiKey", "--host", "a.example"], 2, /up to 64 letters/],
      [["set", "NEW"], 2, /Where may NEW be sent\?/],
      [["set", "NEW", "--host", "*.example"], 2, /"\*\.example" cannot be a host/],
      [["set", "NEW", "--host", "a.example", "--place", "cookie"], 2, /cannot be the place/],
      [["set", "NEW", VALUE, "--host", "a.example"], 2, /never stands on the command line/],
      [["remove", "NEW"], 1, /no secret "NEW"/],
      [["rename", "NEW", "bad name"], 2, /letters, digits/],
      [["rotate-key", "--passphrase"], 2, /at a terminal only/],
      [["rotate-key", "--credential"], 2, /No service offers a key/],
    ] as const
  ) {
    const ended = await clambot.here.run(["secrets", ...args]);
    assert.equal(ended.code, code, `${args.join(" ")}: ${ended.stderr}`);
    assert.match(ended.stderr, words);
    assert.ok(!ended.stderr.includes(VALUE));
  }
  const short = await clambot.here.run([...SET], { stdin: "no" });
  assert.equal(short.code, 1);
  assert.match(short.stderr, /fewer than 4 signs.* Nothing was stored\./);
  assert.ok(!(await walk(`${clambot.home}/secrets`)).some((path) => path.endsWith("vault")));
});

flow(
  "a damaged vault and a lost key are one sentence with exit code 1, and stay as they are (P101)",
  async (clambot) => {
    await clambot.here.run(SET, { stdin: VALUE });
    const secrets = `${clambot.home}/secrets`;
    const vault = await Deno.readTextFile(`${secrets}/vault`);
    const key = await Deno.readTextFile(`${secrets}/vault.key`);
    const refused = async (words: RegExp) => {
      const before = await Deno.readTextFile(`${secrets}/vault`);
      for (const args of [["list"], ["remove", "GITHUB"]]) {
        const { code, stderr } = await clambot.here.run(["secrets", ...args]);
        assert.equal(code, 1);
        assert.match(stderr, words);
        assert.doesNotMatch(stderr, /^\s+at /m);
      }
      assert.equal(await Deno.readTextFile(`${secrets}/vault`), before);
    };
    await Deno.writeTextFile(`${secrets}/vault`, vault.replace('"generation":1', '"generation":2'));
    await refused(/^clambot: The vault is damaged/);
    await Deno.writeTextFile(`${secrets}/vault`, vault);
    await Deno.remove(`${secrets}/vault.key`);
    await refused(/^clambot: The vault stays locked: its key is missing/);
    await Deno.writeTextFile(`${secrets}/vault.key`, "");
    await refused(/key file .* is empty/);
    await Deno.writeTextFile(`${secrets}/vault.key`, key);
    assert.equal((await list(clambot)).length, 1);
  },
);

flow(
  "a service's key opens the vault, in the program itself, and a second one nothing (P100)",
  async (clambot) => {
    const key = await clambot.write(
      "credentials/clambot.key",
      "0123456789abcdef0123456789abcdef\n",
    );
    const env = { CREDENTIALS_DIRECTORY: `${clambot.directory}/credentials` };
    const set = await clambot.here.run(SET, { stdin: VALUE, env });
    assert.equal(set.code, 0, set.stderr);
    assert.ok(!(await walk(`${clambot.home}/secrets`)).some((path) => path.endsWith("vault.key")));
    assert.match((await clambot.run(["secrets", "list"], { env })).stdout, /^GITHUB /m);
    const without = await clambot.here.run(["secrets", "list"]);
    assert.equal(without.code, 1);
    assert.match(without.stderr, /CREDENTIALS_DIRECTORY/);
    const rotated = await clambot.here.run(["secrets", "rotate-key"], { env });
    assert.equal(rotated.code, 0, rotated.stderr);
    const both = await clambot.here.run(["secrets", "list"], { env });
    assert.equal(both.code, 1);
    assert.ok(both.stderr.includes(key) && both.stderr.includes("vault.key"), both.stderr);
  },
);

flow(
  "no file of the vault, and no key of a service, can be read by the file tool (A141)",
  async (clambot) => {
    const key = await clambot.write(
      "credentials/clambot.key",
      "0123456789abcdef0123456789abcdef\n",
    );
    await clambot.here.run(SET, { stdin: VALUE });
    const config = {
      tools: { filesystem: { restrictToWorkspace: false } },
      agents: { approvals: { enabled: false } },
    };
    await clambot.write(".clambot/config.json", JSON.stringify(config));
    const vault = `${clambot.home}/secrets/vault`;
    await Deno.symlink(vault, `${clambot.home}/workspace/files/link`);
    await Deno.symlink(`${clambot.home}/secrets`, `${clambot.directory}/linked`);
    const paths = [
      vault,
      `${vault}.key`,
      `${clambot.home}/state/vault-seen.json`,
      "../../secrets/vault",
      "link",
      `${clambot.directory}/linked/vault.key`,
      key,
    ];
    const script = await clambot.write(
      "look.js",
      `const out = {};
    for (const path of ${JSON.stringify(paths)}) {
      out[path] = [
        await fs({operation: "read", path}).then(() => "read", ({code}) => code),
        await fs({operation: "write", path, content: "x"}).then(() => "written", ({code}) => code),
      ];
    }
    return out;`,
    );
    const env = { CREDENTIALS_DIRECTORY: `${clambot.directory}/credentials` };
    const before = await Deno.readTextFile(vault);
    const { object } = await clambot.json(["run", script, "--tools", "fs"], { env });
    for (const [path, codes] of Object.entries(object.value as Record<string, string[]>)) {
      for (const code of codes) assert.match(code, /^path_protected$/, path);
    }
    assert.equal(Object.keys(object.value as object).length, paths.length);
    assert.equal(await Deno.readTextFile(vault), before);
  },
);

testAtTerminal(
  "at a terminal the value is asked for and never shown; a passphrase is asked for per command",
  async () => {
    await using clambot = await Clambot.inEmptyHome();
    const set = new AtTerminal(clambot, SET);
    await set.see("Value of GITHUB");
    await set.answer(VALUE + KEYS.enter);
    const stored = await set.ended();
    assert.equal(stored.code, 0, stored.stdout);
    await assertUnseen(clambot, stored);

    const passphrase = "correct horse battery";
    const rotating = new AtTerminal(clambot, ["secrets", "rotate-key", "--passphrase"]);
    await rotating.see("New passphrase of the vault");
    await rotating.answer(passphrase + KEYS.enter);
    await rotating.see("The same again");
    await rotating.answer(passphrase + KEYS.enter);
    const rotated = await rotating.ended();
    assert.equal(rotated.code, 0, rotated.stdout);
    assert.ok(!rotated.stdout.includes(passphrase));

    const listing = new AtTerminal(clambot, ["secrets", "list"]);
    await listing.see("Passphrase of the vault");
    await listing.answer(`wrong${KEYS.enter}`);
    await listing.see("That is not the passphrase.");
    await listing.see("Passphrase of the vault");
    await listing.answer(passphrase + KEYS.enter);
    await listing.see("GITHUB");
    assert.equal((await listing.ended()).code, 0);

    const service = await clambot.here.run(["secrets", "list"]);
    assert.equal(service.code, 1);
    assert.match(service.stderr, /locked by a passphrase[^]*LoadCredential=clambot\.key/);
  },
);
