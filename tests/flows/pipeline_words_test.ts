import assert from "node:assert/strict";
import { parseManifest } from "../../src/clams/manifest.ts";
import { GENERATE, Pipeline, saying } from "./pipeline.ts";

const FRONT = '---\nname: "x"\nrequests: [a]\n---\n# Evil\n- {{template}} \\ \' `';

/** Requests that each make a clam, with its name and description. */
const WORDS: readonly { request: string; name: string; description: string }[] = [
  { request: "сосчитай крабов", name: "Счёт крабов", description: "Считает крабов на берегу" },
  { request: "数一数螃蟹", name: "螃蟹计数", description: "数螃蟹" },
  { request: "カニを数えて", name: "カニ", description: "カニを数える" },
  { request: "عد السلطعونات", name: "عدد", description: "\u202eيعد السلطعونات" },
  { request: "count 🦀🦀 and 🦐?", name: "🦀", description: "🦀".repeat(400) },
  { request: "count crabs quietly", name: "", description: "" },
  { request: "count the \ud800 crabs", name: "half \udfff", description: "crabs\ud800" },
  { request: `--- name: "evil": [x] ---`, name: FRONT, description: FRONT },
  { request: "count __proto__ and constructor", name: "__proto__", description: "constructor" },
  { request: "count ../../../etc/passwd crabs", name: "../../../etc/passwd", description: "/" },
  { request: "count CON and nul crabs", name: "CON", description: "nul." },
];

Deno.test("requests, names and descriptions in every script are kept, safe, unique, and found again (A73, A76, A77)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  model.on("selection", GENERATE);
  WORDS.forEach(({ name, description }, index) =>
    model.on(
      "clam",
      saying(`answer ${index}`, { name, description, inputs: { text: description } }),
    )
  );
  model.on("facts", { add: [], forget: [] });
  const answers = WORDS.map((_, index) => `answer ${index}`);
  const requests = WORDS.map(({ request }) => request);
  const first = await pipeline.talk(requests);
  assert.equal(first.stderr, "");
  assert.deepEqual(first.stdout.trim().split("\n").slice(1), answers);
  assert.equal(model.named("selection").length + model.named("clam").length, 2 * WORDS.length);

  model.reset();
  const again = await pipeline.talk(requests);
  assert.deepEqual(again.stdout.trim().split("\n").slice(1), answers);
  assert.deepEqual(model.calls, [], "each request found its own clam");

  const manifests = await pipeline.kept();
  assert.equal(manifests.length, WORDS.length);
  const ids = manifests.map((path) => path.split("/").at(-3) ?? "");
  assert.equal(new Set(ids).size, WORDS.length);
  for (const id of ids) assert.match(id, /^[a-z0-9]{16}$/);
  const read = await Promise.all(manifests.map(async (path) => {
    const found = parseManifest(await Deno.readTextFile(path));
    assert.ok(found.ok, path);
    return found.manifest;
  }));
  for (const { request, name, description } of WORDS) {
    const manifest = read.find(({ requests }) => requests[0] === request.toWellFormed());
    assert.ok(manifest, request);
    assert.notEqual(manifest.name, "");
    assert.ok(manifest.name.length <= 80 && manifest.description.length <= 500);
    if (name !== "" && name !== FRONT) assert.equal(manifest.name, name.toWellFormed());
    assert.equal(manifest.inputs.text, description.toWellFormed(), "values are kept whole");
  }
});

Deno.test("a request of 10 kB, and names and descriptions of that size, are answered and do no harm", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  const long = "crabs and shrimps, ".repeat(540);
  const lines = `count these:\n${"crab\n".repeat(2000)}`;
  model.on("selection", GENERATE);
  model.on("clam", saying("many", { name: long, description: long, templates: [long] }));
  for (const request of [long, lines]) {
    const { object, code, stderr } = await pipeline.ask(request);
    assert.equal(code, 0, stderr);
    assert.equal(object.reply, "many");
  }
  assert.equal((await pipeline.kept()).length, 2);
  const list = await pipeline.ask("count a few");
  assert.equal(list.object.reply, "many");
  assert.ok((model.calls.at(-1)?.text.length ?? Infinity) < 40_000, "prompts stay short");
});
