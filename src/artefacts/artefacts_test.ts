import assert from "node:assert/strict";
import { CodedError } from "../domain/failure.ts";
import { createClock, createRandom } from "../platform/deno.ts";
import { openFiles } from "../platform/files.ts";
import { type Artefacts, findArtefactIds, LARGEST_ARTEFACT, openArtefacts } from "./artefacts.ts";
import { type Plainly, plainly } from "../../tests/fakes/plainly.ts";

async function withArtefacts(test: (artefacts: Plainly<Artefacts>, path: string) => Promise<void>) {
  const path = await Deno.makeTempDir();
  try {
    await test(plainly(openArtefacts(openFiles(path), createClock(), createRandom())), path);
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

function coded(code: string) {
  return (error: unknown) => error instanceof CodedError && error.code === code;
}

Deno.test("a kept text comes back with its label, from a file of its owner alone", async () => {
  await withArtefacts(async (artefacts, path) => {
    const text = "Ünïcode \u0000 \n🎉";
    const before = Date.now();
    const id = await artefacts.keep(text, { kind: "answer", from: "t1", private: true });
    const { at, ...artefact } = await artefacts.read(id);
    assert.deepEqual(artefact, { id, text, kind: "answer", from: "t1", private: true });
    assert.ok(before <= Date.parse(at) && Date.parse(at) <= Date.now());
    assert.equal((await Deno.stat(`${path}/${id}.json`)).mode! & 0o777, 0o600);
  });
});

Deno.test("ids are random, and equal texts have different ones", async () => {
  await withArtefacts(async (artefacts) => {
    const label = { kind: "answer", from: "t1" };
    const ids = [await artefacts.keep("x", label), await artefacts.keep("x", label)];
    assert.notEqual(ids[0], ids[1]);
    for (const id of ids) assert.match(id, /^a[a-z2-7]{16}$/);
  });
});

Deno.test("what is no id reads no file", async () => {
  await withArtefacts(async (artefacts, path) => {
    await Deno.writeTextFile(`${path}/a.json`, "{}");
    for (const id of ["a", "../a", "", "aaaaaaaaaaaaaaaaa", "a/../a", `a${"A".repeat(16)}`]) {
      await assert.rejects(artefacts.read(id), coded("file_not_found"));
    }
  });
});

Deno.test("a text over the limit is refused", async () => {
  await withArtefacts(async (artefacts) => {
    const text = "x".repeat(LARGEST_ARTEFACT + 1);
    await assert.rejects(artefacts.keep(text, { kind: "a", from: "b" }), coded("file_too_large"));
  });
});

Deno.test("ids are found in a text, and whether there is such an artefact", async () => {
  await withArtefacts(async (artefacts) => {
    const id = await artefacts.keep("x", { kind: "answer", from: "t1" });
    const word = "authoritativeness";
    const text = `read({id: "${id}"}) of ${word}, not ${id}a or B${id}`;
    assert.deepEqual(findArtefactIds(text), [id, word]);
    assert.deepEqual([await artefacts.has(id), await artefacts.has(word)], [true, false]);
    assert.equal(await artefacts.has("../a"), false);
  });
});
