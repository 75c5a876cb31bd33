import assert from "node:assert/strict";
import { createClamHome } from "../../../tests/fakes/clam_home.ts";
import { readInputs } from "../inputs.ts";
import { parseManifest } from "../manifest.ts";
import { normalizeRequest } from "../request.ts";
import { parseTemplate } from "../template.ts";
import { needsConversation } from "../_conversation.ts";
import { sha256Hex } from "../../text/canonical_json.ts";
import { STARTERS } from "./catalog.ts";

const folder = (id: string) =>
  new URL(`./${id.replace("starter-", "").replaceAll("-", "_")}/`, import.meta.url);

Deno.test("at least 24 starters ship, and every folder is one (A250)", () => {
  const folders = [...Deno.readDirSync(new URL(".", import.meta.url))]
    .filter((entry) => entry.isDirectory).length;
  assert.ok(STARTERS.length >= 24);
  assert.equal(STARTERS.length, folders);
  assert.equal(new Set(STARTERS.map((one) => one.id)).size, folders);
});

for (const { id, manifest, script } of STARTERS) {
  Deno.test(`${id}: what is built in is what stands in its folder, script and manifest`, async () => {
    const bytes = await Deno.readFile(new URL("run.js", folder(id)));
    assert.equal(script, new TextDecoder().decode(bytes));
    assert.equal(manifest.sha256, await sha256Hex(bytes), "run scripts/pin_starters.ts");
    const read = parseManifest(await Deno.readTextFile(new URL("CLAM.md", folder(id))));
    assert.ok(read.ok);
    assert.deepEqual(manifest, read.manifest, "run scripts/pin_starters.ts");
  });

  Deno.test(`${id}: its manifest promises what a kept clam needs (A250)`, async () => {
    assert.equal(manifest.origin, "starter");
    assert.equal(manifest.reusable, true);
    assert.ok(manifest.templates.length + manifest.requests.length >= 3);
    for (const text of manifest.templates) assert.ok(parseTemplate(text), text);
    for (const text of [...manifest.requests, ...manifest.templates]) {
      const plain = text.replace(/\{[^}]*\}/g, "Rome");
      assert.equal(needsConversation(plain), false, text);
    }
    assert.equal(manifest.inputSchema.type, "object");
    assert.equal(manifest.inputSchema.additionalProperties, false);
    if (manifest.requests.length > 0) assert.ok((await readInputs(manifest, {})).ok);
    const slots = new Set(
      manifest.templates.flatMap((text) =>
        [...text.matchAll(/\{(\w+)/g)].map((slot) => slot[1] as string)
      ),
    );
    const known = Object.keys(manifest.inputSchema.properties as object);
    for (const slot of slots) assert.ok(known.includes(slot), slot);
  });

  Deno.test(`${id}: no rule without its tool, and no tool with effects without a rule`, () => {
    for (const { method } of manifest.capabilities) {
      assert.ok(manifest.declaredTools.includes(method), method);
    }
    for (const tool of manifest.declaredTools.filter((name) => name !== "time")) {
      assert.ok(manifest.capabilities.some((rule) => rule.method === tool), tool);
    }
  });
}

/** What stands in the other slots of a template. */
const FILLING: Readonly<Record<string, string>> = {
  path: "w.txt",
  duration: "5 minutes",
  time: "9:30 am",
  date: "tomorrow",
  integer: "9",
};

Deno.test("every text that a starter takes at the end arrives with every character (S2)", async () => {
  await using home = await createClamHome();
  const { matcher } = home.open(STARTERS);
  const contents = [
    "hello!",
    "Really?",
    "wait…",
    "a  b,",
    "oh “so”",
    "(call her again)",
    "完了。",
    "x²!",
    "rock 'n'",
  ];
  let tried = 0;
  for (const { id, manifest } of STARTERS) {
    for (const template of manifest.templates) {
      const [, before = "", name = "", end = ""] = /^(.*)\{(\w+):text\}(\??)$/.exec(template) ?? [];
      if (name === "") continue;
      const request = before.replace(/\{\w+:(\w+)\}/g, (_, type) => FILLING[type] ?? type);
      for (const content of contents) {
        const said = `${request}${content}${end}`;
        const match = await matcher.find(said);
        assert.deepEqual([match?.clam, match?.inputs[name]], [id, content], said);
        tried++;
      }
    }
  }
  assert.ok(tried > 400, `${tried}`);
});

Deno.test("no two starters answer the same request", () => {
  const owners = new Map<string, string>();
  for (const { id, manifest } of STARTERS) {
    for (const request of manifest.requests) {
      const key = normalizeRequest(request);
      assert.equal(owners.get(key) ?? id, id, request);
      owners.set(key, id);
    }
  }
});
