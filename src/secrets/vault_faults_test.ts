import assert from "node:assert/strict";
import { createFakeClock } from "../../tests/fakes/clock.ts";
import { type Fault, MemoryDisk } from "../../tests/fakes/memory_disk.ts";
import { createRandom } from "../platform/deno.ts";
import { parseSecretHost } from "./secret_host.ts";
import { openVault, type Vault } from "./vault.ts";

const VALUE = "ghp_cAnArY0123456789";
const HOST = [parseSecretHost("api.example")];

function open({ disk }: { readonly disk: MemoryDisk }): Vault {
  return openVault({
    files: disk.openFiles("/home/secrets"),
    state: disk.openFiles("/home/state"),
    clock: createFakeClock(),
    random: createRandom(),
  });
}

async function withOne(): Promise<{ readonly disk: MemoryDisk }> {
  const bench = { disk: new MemoryDisk() };
  await open(bench).put({ name: "GITHUB", value: VALUE, hosts: HOST });
  return bench;
}

/** Does something on a disk that fails at each of its writes in turn. */
async function failingAtEach(
  kinds: readonly Fault["kind"][],
  start: () => Promise<MemoryDisk>,
  work: (vault: Vault) => Promise<unknown>,
  look: (after: MemoryDisk, failed: boolean, fault: Fault) => Promise<void>,
): Promise<void> {
  for (const kind of kinds) {
    for (let at = 1; at < 20; at++) {
      const fault = { kind, at };
      const disk = (await start()).restarted(fault);
      const done = work(open({ disk })).then(() => false, () => true);
      const failed = await Promise.race([done, disk.killed.then(() => true)]);
      await look(disk.restarted(), failed, fault);
      if (disk.writes.length < at) break;
    }
  }
}

const EVERY_FAULT = ["error", "full", "killed", "killed_after"] as const;

Deno.test("whatever write fails while a secret is stored, the old ones are there, and the new one is when that was said", async () => {
  await failingAtEach(
    EVERY_FAULT,
    async () => (await withOne()).disk,
    (vault) => vault.put({ name: "NEW", value: "another-value", hosts: HOST }),
    async (disk, failed, { kind, at }) => {
      const vault = open({ disk });
      const names = (await vault.list()).map(({ name }) => name);
      assert.equal(await vault.reveal("GITHUB"), VALUE, `${kind} ${at}`);
      if (!failed) assert.deepEqual(names, ["GITHUB", "NEW"], `${kind} ${at}`);
    },
  );
});

Deno.test("whatever write fails with the first secret, the next try works", async () => {
  await failingAtEach(
    EVERY_FAULT,
    () => Promise.resolve(new MemoryDisk()),
    (vault) => vault.put({ name: "NEW", value: "another-value", hosts: HOST }),
    async (disk) => {
      await open({ disk }).put({ name: "GITHUB", value: VALUE, hosts: HOST });
      assert.equal(await open({ disk }).reveal("GITHUB"), VALUE);
    },
  );
});

Deno.test("whatever write fails while the key is changed, the vault can be opened", async () => {
  await failingAtEach(
    EVERY_FAULT,
    async () => (await withOne()).disk,
    (vault) => vault.rotateKey({ by: "file" }),
    async (disk, _, { kind, at }) => {
      assert.equal(await open({ disk }).reveal("GITHUB"), VALUE, `${kind} ${at}`);
    },
  );
});
