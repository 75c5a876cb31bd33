import assert from "node:assert/strict";
import fc from "fast-check";
import { createClamHome, draftOf } from "../../tests/fakes/clam_home.ts";
import { createFakeClock } from "../../tests/fakes/clock.ts";
import type { ClamManifest } from "../domain/clam.ts";
import type { Json } from "../domain/json.ts";
import { createRandom } from "../platform/deno.ts";
import { openFiles } from "../platform/files.ts";
import { sha256Hex } from "../text/canonical_json.ts";
import { findLease, hashManifest } from "./lease.ts";
import { openLeases } from "./leases.ts";

const pinOf = () => "built-in";
const TERMS = { forMs: 1, callsPerRun: 1, person: "cli", source: "question" } as const;

Deno.test("A258: what a draft was allowed as a whole, the clam that is made of it may do, and no later version", async () => {
  await using home = await createClamHome();
  const clock = createFakeClock();
  const leases = openLeases(openFiles(`${home.path}/approvals`), clock, createRandom());
  const plain = draftOf("return 'ü\\u2028'");
  const draft = {
    ...plain,
    manifest: {
      ...plain.manifest,
      ...{ declaredTools: ["fs"], inputs: { name: "ü", n: 1.5 }, templates: ["write {name:word}"] },
      capabilities: [{ method: "fs", constraints: [{ param: "path", starts_with: "out" }] }],
    },
  };
  const sha256 = await sha256Hex(draft.script);
  const lease = await leases.give({ name: "x", sha256, manifest: draft.manifest }, TERMS, pinOf);
  const { library } = home.open();
  const kept = await library.add(draft, "generated");
  const means = { pinOf, now: clock.now() };
  const find = async () => {
    const { id, manifest, script } = await library.get(kept.id);
    const program = { id, name: manifest.name, sha256: await sha256Hex(script), manifest };
    assert.equal(program.sha256, manifest.sha256);
    return await findLease(program, await leases.list(), means);
  };
  assert.deepEqual(await find(), lease);
  await library.replace(kept.id, { ...draft, script: "return 2" });
  assert.equal(await find(), "the program has no lease");
});

const BOUND = [
  "declaredTools",
  "capabilities",
  "inputs",
  "templates",
  "secrets",
  "limits",
] as const;
const MANIFEST = { ...draftOf("return 1").manifest } as unknown as ClamManifest;

Deno.test("A258: any change of a bound part is another manifest; the order of keys and all else is none", () =>
  fc.assert(
    fc.asyncProperty(fc.constantFrom(...BOUND), fc.jsonValue(), async (part, value) => {
      const plain = JSON.parse(JSON.stringify(value)) as Json;
      const changed = { ...MANIFEST, [part]: plain } as unknown as ClamManifest;
      const isSame = JSON.stringify(plain) === JSON.stringify(MANIFEST[part]);
      assert.equal(await hashManifest(changed) === await hashManifest(MANIFEST), isSame);
      const turned = Object.fromEntries(
        Object.entries(changed).reverse(),
      ) as unknown as ClamManifest;
      const renamed = { ...turned, description: "other", requests: ["other"], version: 9 };
      assert.equal(await hashManifest(renamed), await hashManifest(changed));
    }),
  ));
