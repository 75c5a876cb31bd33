import assert from "node:assert/strict";
import type { JsonObject } from "../../src/domain/json.ts";
import type { ModelCall } from "../fakes/scripted_model.ts";
import { chatting, clam, existing, GENERATE, Pipeline, startSite, worded } from "./pipeline.ts";

const idIn = ({ text }: ModelCall) => /artefact (a[a-z2-7]{16})/.exec(text)?.[1] ?? "";

/** Saves an earlier answer; where the clam has its id from is the test's. */
function saving(read: string, more: JsonObject): JsonObject {
  return clam(
    `async function run({ id, path }) {
      const { text } = await ${read};
      await fs({ operation: "write", path, content: text });
      return "Saved to " + path + ".";
    }`,
    {
      declared_tools: ["artefact_read", "ask_model", "fs"],
      input_schema: { type: "object", properties: { path: { type: "string" } } },
      result_schema: worded("^Saved to \\w+\\.md\\.$"),
      templates: ["save the summary to {path:path}"],
      ...more,
    },
  );
}

const WAYS: Readonly<Record<string, (id: string) => JsonObject>> = {
  "in its inputs": (id) => saving("artefact_read({ id })", { inputs: { id, path: "whales.md" } }),
  "in its script": (id) =>
    saving(`artefact_read({ id: "${id}" })`, { inputs: { path: "whales.md" } }),
  "put together while it runs": (id) =>
    saving(`artefact_read({ id: "a" + "${id.slice(1)}" })`, { inputs: { path: "whales.md" } }),
  "as a part of what a model is asked": (id) =>
    saving(`ask_model({ instruction: "Copy", artefact: "a" + "${id.slice(1)}" })`, {
      inputs: { path: "whales.md" },
    }),
};

for (const [name, way] of Object.entries(WAYS)) {
  Deno.test(`a clam with an artefact ${name} is not kept for other conversations (R1)`, async () => {
    await using site = startSite({ "/": "<p>Whales are large.</p>" });
    const { approvals } = site.config.agents as { approvals: { alwaysGrants: [] } };
    const alwaysGrants = [...approvals.alwaysGrants, "fs:*"];
    await using pipeline = await Pipeline.open({
      ...site.config,
      agents: { approvals: { alwaysGrants } },
    });
    const { model, clambot } = pipeline;
    model.on("selection", GENERATE);
    model.on(
      "clam",
      clam(`async function run() { return (await web_fetch({ url: "${site.url}/" })).content; }`, {
        declared_tools: ["web_fetch"],
        result_schema: worded("Whales"),
      }),
      (call) => way(idIn(call)),
    );
    model.on("answer", "Whales are large.");
    const { stdout } = await pipeline.talk(["summarise the page", "save the summary to whales.md"]);
    assert.deepEqual(stdout.trim().split("\n").slice(-2), [
      "Whales are large.",
      "Saved to whales.md.",
    ]);
    assert.equal((await pipeline.kept()).length, 1, "the page's clam alone");

    model.reset();
    model.on("selection", chatting("Which summary?"));
    const other = await pipeline.ask("save the summary to dolphins.md");
    assert.equal(other.object.reply, "Which summary?");
    assert.equal(model.sequence(), "selection");
    const files = await Array.fromAsync(Deno.readDir(`${clambot.home}/workspace/files`));
    assert.deepEqual(files.map((file) => file.name), ["whales.md"]);
  });
}

Deno.test("a clam with an artefact that was kept before runs for no request and no selector (R1)", async () => {
  await using pipeline = await Pipeline.open({ agents: { approvals: { alwaysGrants: ["fs:*"] } } });
  const { model } = pipeline;
  const id = "aqwertyuiopasdfgh";
  await pipeline.put(
    `state/artefacts/${id}.json`,
    JSON.stringify({
      id,
      text: "Whales.",
      at: "2026-11-24T10:00:00.000Z",
      kind: "answer",
      from: "t",
    }),
  );
  const script = "async function run({ id }) { return (await artefact_read({ id })).text; }";
  await pipeline.put("workspace/clams/whales/v1/run.js", script);
  await pipeline.put(
    "workspace/clams/whales/v1/CLAM.md",
    `---\nname: Whales\ndescription: Saves the summary\ndeclared_tools: [artefact_read]\n` +
      `inputs: {id: ${id}}\nrequests: [save the summary]\nreusable: true\norigin: generated\n---\n`,
  );
  model.on("selection", existing("whales"));
  model.on("clam", clam("return 'written anew';", { result_schema: { const: "written anew" } }));
  const { object } = await pipeline.ask("save the summary");
  assert.equal(object.reply, "written anew");
  assert.equal(model.sequence(), "selection clam");
});
