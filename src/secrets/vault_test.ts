import assert from "node:assert/strict";
import fc from "fast-check";
import { createFakeClock } from "../../tests/fakes/clock.ts";
import { MemoryDisk } from "../../tests/fakes/memory_disk.ts";
import type { CodedError } from "../domain/failure.ts";
import { createRandom } from "../platform/deno.ts";
import { openFiles } from "../platform/files.ts";
import { parsePlace } from "./secret_place.ts";
import { formatSecretHost, parseSecretHost } from "./secret_host.ts";
import { type Credential, openVault, type Vault } from "./vault.ts";

const VALUE = "ghp_cAnArY0123456789";
const HOST = [parseSecretHost("api.example")];
const SECRETS = "/home/secrets";
const VAULT = `${SECRETS}/vault`;
const KEY_FILE = `${SECRETS}/vault.key`;

interface Bench {
  readonly disk: MemoryDisk;
  readonly credential?: Credential;
}

/** The vault as a process finds it. */
function open({ disk, credential }: Bench, clock = createFakeClock()): Vault {
  return openVault({
    files: disk.openFiles(SECRETS),
    state: disk.openFiles("/home/state"),
    clock,
    random: createRandom(),
    credential,
  });
}

async function withOne(name = "GITHUB", credential?: Credential): Promise<Bench> {
  const bench = credential ? { disk: new MemoryDisk(), credential } : { disk: new MemoryDisk() };
  await open(bench).put({ name, value: VALUE, hosts: HOST });
  return bench;
}

/** The disk with one file as it is told; `undefined` takes it away. */
async function changed(disk: MemoryDisk, path: string, text: string | undefined) {
  const after = disk.restarted();
  const files = after.openFiles("/");
  if (text === undefined) await files.remove(path.slice(1));
  else await files.replace(path.slice(1), text);
  return after;
}

/** What refuses to open it, with nothing having been written. */
async function refusal(bench: Bench): Promise<CodedError> {
  const before = bench.disk.texts();
  const vault = open(bench);
  const errors = await Promise.all([
    vault.list(),
    vault.reveal("GITHUB"),
    vault.put({ name: "NEW", value: "another-value", hosts: HOST }),
    vault.remove("GITHUB"),
  ].map((work) => work.then(() => undefined, (error) => error as CodedError)));
  const messages = new Set(errors.map((error) => error?.message));
  assert.equal(messages.size, 1, [...messages].join("\n"));
  assert.deepEqual(bench.disk.texts(), before);
  const [error] = errors;
  assert.ok(error, "it was opened");
  return error;
}

function credentialOf(text: string): Credential {
  return {
    directory: "/run/credentials/clambot",
    path: "/run/credentials/clambot/clambot.key",
    bytes: new TextEncoder().encode(text),
  };
}

const CREDENTIAL = credentialOf("0123456789abcdef0123456789abcdef\n");

Deno.test("a vault gives back what was put into it, in another process too, and shows no value on disk", async () => {
  const bench = await withOne();
  const vault = open(bench);
  assert.equal(await vault.reveal("GITHUB"), VALUE);
  const [secret] = await vault.list();
  assert.deepEqual(secret?.hosts.map(formatSecretHost), ["https://api.example"]);
  assert.ok(!("value" in (secret ?? {})));
  for (const [path, text] of bench.disk.texts()) {
    for (const form of [VALUE, btoa(VALUE), "GITHUB", "api.example"]) {
      assert.ok(!text.includes(form), `${form} in ${path}`);
    }
  }
});

Deno.test("an overwritten secret keeps its hosts and its first date, and has a new one (A165)", async () => {
  const clock = createFakeClock();
  const bench = await withOne();
  const vault = open(bench, clock);
  const before = (await vault.list())[0];
  clock.advance(60_000);
  assert.equal(await vault.put({ name: "GITHUB", value: "another-value" }), "replaced");
  const after = (await vault.list())[0];
  assert.equal(after?.createdAt, before?.createdAt);
  assert.equal(after?.updatedAt, (before?.updatedAt ?? 0) + 60_000);
  assert.deepEqual(after?.hosts, HOST);
  assert.equal(await vault.reveal("GITHUB"), "another-value");
});

Deno.test("any secret comes back as it was", async () => {
  const value = fc.string({ unit: "binary", minLength: 4, maxLength: 40 })
    // deno-lint-ignore no-control-regex
    .filter((text) => text.trim() === text && !/[\u0000-\u001f\u007f]/.test(text))
    .filter((text) => text.isWellFormed() && !/^[x*.<[]|^\ufeff/i.test(text));
  await fc.assert(
    fc.asyncProperty(fc.array(value, { maxLength: 4 }), async (values) => {
      const bench = { disk: new MemoryDisk() };
      for (const [index, one] of values.entries()) {
        await open(bench).put({ name: `S${index}`, value: one, hosts: HOST });
      }
      const vault = open(bench);
      const found = await Promise.all(values.map((_, index) => vault.reveal(`S${index}`)));
      assert.deepEqual(found, values);
      for (const one of values) assert.ok(vault.values().includes(one));
    }),
    { numRuns: 10 },
  );
});

Deno.test("a vault in which any one sign was changed is damaged, and stays as it is", async () => {
  const { disk } = await withOne();
  const text = disk.texts().get(VAULT) ?? "";
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: text.length - 2 }),
      fc.constantFrom("A", "0", "}", "é", ""),
      async (at, sign) => {
        const other = text.slice(0, at) + sign + text.slice(at + 1);
        fc.pre(other !== text);
        const error = await refusal({ disk: await changed(disk, VAULT, other) });
        assert.match(error.code, /^vault_(?:damaged|locked)$/);
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("a vault to which anything was added is damaged", async () => {
  const { disk } = await withOne();
  const text = disk.texts().get(VAULT) ?? "";
  const [line = "", body = ""] = text.split("\n");
  for (
    const other of [
      `${text}garbage`,
      `${text}\n`,
      `${text} `,
      `${line}\n${body} \n`,
      `${line}\n ${body}\n`,
      `${line}\n${body.slice(0, 8)}\t${body.slice(8)}\n`,
      `${line}\n\n${body}\n`,
      `${line}\n${body}`,
    ]
  ) {
    const error = await refusal({ disk: await changed(disk, VAULT, other) });
    assert.equal(error.code, "vault_damaged", JSON.stringify(other.slice(-40)));
  }
});

Deno.test("what is no vault at all is damaged: empty, cut off, foreign, of a newer version", async () => {
  const { disk } = await withOne();
  const text = disk.texts().get(VAULT) ?? "";
  const newer = text.replace('"version":1', '"version":2');
  for (const other of ["", "{}", "null\n", text.slice(0, text.length / 2), `${newer}`]) {
    const error = await refusal({ disk: await changed(disk, VAULT, other) });
    assert.equal(error.code, "vault_damaged", other);
  }
  const { message } = await refusal({ disk: await changed(disk, VAULT, newer) });
  assert.match(message, /newer ClamBot/);
});

Deno.test("without its key file, or with an empty or broken one, nothing is written (P101)", async () => {
  const { disk } = await withOne();
  for (
    const [text, words] of [
      [undefined, /its key is missing: there is no key file/],
      ["", /key file .* is empty/],
      ["# only a note\n", /key file .* is empty/],
      ["short", /key file .* is damaged/],
      [`${new Uint8Array(32).toBase64()}\n`, /locked with another key/],
    ] as const
  ) {
    const error = await refusal({ disk: await changed(disk, KEY_FILE, text) });
    assert.equal(error.code, "vault_locked");
    assert.match(error.message, words);
    assert.match(error.failure.hint ?? "", /backup/);
  }
});

Deno.test("two different keys open nothing, and one sentence names both (P100)", async () => {
  const byFile = await withOne();
  for (const disk of [byFile.disk, await changed(byFile.disk, KEY_FILE, undefined)]) {
    const { code, message } = await refusal({ disk, credential: CREDENTIAL });
    assert.equal(code, "vault_locked");
    assert.ok(message.includes("key file"), message);
    assert.ok(message.includes(CREDENTIAL.path), message);
  }
});

Deno.test("a service's key locks the vault without any key file, and only it opens it", async () => {
  const bench = await withOne("GITHUB", CREDENTIAL);
  assert.ok(!bench.disk.texts().has(KEY_FILE));
  assert.equal(await open(bench).reveal("GITHUB"), VALUE);
  assert.match((await refusal({ disk: bench.disk })).message, /CREDENTIALS_DIRECTORY/);
  const other = credentialOf("another key that is just as long as the first");
  const { message } = await refusal({ disk: bench.disk, credential: other });
  assert.match(message, /is another key/);
});

Deno.test("a service's key that is too short is refused; a copy of the key file is the same key", async () => {
  const short = open({ disk: new MemoryDisk(), credential: credentialOf("short") });
  await assert.rejects(short.put({ name: "GITHUB", value: VALUE, hosts: HOST }), {
    code: "vault_locked",
    message: /has 5 bytes, and 32 are needed/,
  });
  const { disk } = await withOne();
  const copy = credentialOf(disk.texts().get(KEY_FILE) ?? "");
  assert.equal(await open({ disk, credential: copy }).reveal("GITHUB"), VALUE);
});

Deno.test("a vault that was put back, or is gone, is told and not begun anew", async () => {
  const { disk } = await withOne();
  const first = disk.texts().get(VAULT);
  await open({ disk }).put({ name: "OTHER", value: "another-value", hosts: HOST });
  const older = await refusal({ disk: await changed(disk, VAULT, first) });
  assert.equal(older.code, "vault_damaged");
  assert.match(older.message, /older than the one last written \(change 1 of 2\)/);
  const gone = await refusal({ disk: await changed(disk, VAULT, undefined) });
  assert.match(gone.message, /is gone/);
  const forgotten = await changed(disk, "/home/state/vault-seen.json", undefined);
  assert.equal(await open({ disk: forgotten }).reveal("OTHER"), "another-value");
});

Deno.test("a passphrase locks the vault: it is asked for, and a wrong one opens nothing", async () => {
  const { disk } = await withOne();
  const passphrase = "correct horse battery staple";
  await open({ disk }).rotateKey({ by: "passphrase", passphrase });
  assert.ok(!disk.texts().has(KEY_FILE));
  const locked = await refusal({ disk });
  assert.equal(locked.code, "vault_locked");
  assert.match(locked.failure.hint ?? "", /LoadCredential=clambot\.key/);
  const vault = open({ disk });
  assert.ok(await vault.wantsPassphrase());
  assert.ok(!await vault.unlock("correct horse"));
  await assert.rejects(vault.reveal("GITHUB"), { code: "vault_locked" });
  assert.ok(await vault.unlock(passphrase));
  assert.ok(!await vault.wantsPassphrase());
  assert.equal(await vault.reveal("GITHUB"), VALUE);
  assert.match(
    (await refusal({ disk, credential: CREDENTIAL })).message,
    /two different keys for it, a passphrase and/,
  );
});

Deno.test("the key can be changed to every kind and back; the old one opens nothing more", async () => {
  const { disk } = await withOne();
  const oldKey = disk.texts().get(KEY_FILE);
  await open({ disk }).rotateKey({ by: "file" });
  assert.equal(await open({ disk }).reveal("GITHUB"), VALUE);
  assert.match((await refusal({ disk: await changed(disk, KEY_FILE, oldKey) })).code, /locked/);
  await open({ disk, credential: CREDENTIAL }).rotateKey({ by: "credential" });
  assert.ok(!disk.texts().has(KEY_FILE));
  assert.equal(await open({ disk, credential: CREDENTIAL }).reveal("GITHUB"), VALUE);
  await open({ disk, credential: CREDENTIAL }).rotateKey({ by: "file" });
  assert.equal(await open({ disk }).reveal("GITHUB"), VALUE);
  await assert.rejects(open({ disk }).rotateKey({ by: "credential" }), { code: "usage" });
});

Deno.test("two processes that store at once lose nothing", async () => {
  const directory = await Deno.makeTempDir();
  const process = () =>
    openVault({
      files: openFiles(`${directory}/secrets`),
      state: openFiles(`${directory}/state`),
      clock: createFakeClock(),
      random: createRandom(),
    });
  try {
    const names = Array.from({ length: 12 }, (_, index) => `S${index}`);
    await Promise.all(
      names.map((name) => process().put({ name, value: `value-of-${name}`, hosts: HOST })),
    );
    const vault = process();
    assert.deepEqual((await vault.list()).map(({ name }) => name).toSorted(), names.toSorted());
    for (const name of names) assert.equal(await vault.reveal(name), `value-of-${name}`);
    for (const file of ["vault", "vault.key"]) {
      assert.equal((await Deno.stat(`${directory}/secrets/${file}`)).mode! & 0o777, 0o600);
    }
    assert.equal((await Deno.stat(`${directory}/secrets`)).mode! & 0o777, 0o700);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("a change of another process is seen at once, by the list of what must not be shown too", async () => {
  const bench = await withOne();
  const vault = open(bench);
  await vault.refresh();
  assert.deepEqual(vault.values(), [VALUE]);
  await open(bench).put({
    name: "OTHER",
    value: "another-value",
    hosts: HOST,
    places: [parsePlace("basic:me")],
  });
  await vault.refresh();
  assert.deepEqual(vault.values(), [VALUE, "another-value", "me:another-value"]);
  await open(bench).remove("GITHUB");
  await vault.refresh();
  assert.ok(vault.values().includes(VALUE), "what was seen once stays hidden");
});

Deno.test("rename, allow and remove name what is not there, and never overwrite", async () => {
  const vault = open(await withOne());
  await assert.rejects(vault.remove("GITHUBB"), {
    code: "secret_not_found",
    failure: {
      code: "secret_not_found",
      message: 'There is no secret "GITHUBB" in the vault.',
      hint: "Did you mean GITHUB?",
    },
  });
  await vault.put({ name: "OTHER", value: "another-value", hosts: HOST });
  await assert.rejects(vault.rename("GITHUB", "OTHER"), { code: "usage" });
  await vault.rename("GITHUB", "HUB");
  assert.equal(await vault.reveal("HUB"), VALUE);
  const { hosts } = await vault.allow("HUB", [
    ...HOST,
    parseSecretHost("http://nas.local:8080/api"),
  ]);
  assert.deepEqual(hosts.map(formatSecretHost), [
    "https://api.example",
    "http://nas.local:8080/api/",
  ]);
});

Deno.test("values that are no secret are refused with a reason that does not repeat them (P105)", async () => {
  const vault = open({ disk: new MemoryDisk() });
  for (
    const [value, reason] of [
      ["", /is empty/],
      ["no", /fewer than 4 signs/],
      ["a".repeat(20_000), /more than 16384 signs/],
      ["line\nbreak-here", /line break/],
      ["half\ud800character", /half a character/],
      ["YOUR_API_KEY", /placeholder/],
      ["your-bot-token", /placeholder/],
      ["<token>", /placeholder/],
      ["changeme", /placeholder/],
      ["xxxxxxxx", /placeholder/],
    ] as const
  ) {
    const error = await vault.put({ name: "PIN", value, hosts: HOST }).then(
      () => undefined,
      (error) => error as CodedError,
    );
    assert.equal(error?.code, "secret_refused", value);
    assert.match(error.message, reason);
    if (value.length > 2) assert.ok(!error.message.includes(value), error.message);
  }
  await vault.put({ name: "PIN", value: " 1234\r\n", hosts: HOST });
  assert.equal(await vault.reveal("PIN"), "1234");
});
