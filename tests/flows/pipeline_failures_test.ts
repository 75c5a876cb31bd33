import assert from "node:assert/strict";
import { status } from "../fakes/scripted_model.ts";
import { chatting, clam, GENERATE, Pipeline, saying, startSite, type Told } from "./pipeline.ts";

/** One clear sentence, a next step, exit code 1, nothing kept. */
async function assertTold(told: Told, code: string, pipeline: Pipeline): Promise<void> {
  assert.equal(told.code, 1);
  assert.equal(told.object.status, "failed");
  assert.equal(told.object.reply, "");
  assert.equal(told.object.error?.code, code);
  assert.match(told.object.error?.message ?? "", /^[A-Z"][^\n]*[.\w"]$/);
  assert.match(told.object.error?.hint ?? "", /^[A-Z][^\n]*[.\w]$/);
  assert.deepEqual(await pipeline.kept(), []);
}

Deno.test("a provider that fails at the writing, at the mending or at the chat ends the turn there (A58, A87, A94)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  model.on("selection", GENERATE);
  model.on("clam", status(402));
  await assertTold(await pipeline.ask("count the crabs"), "provider_quota", pipeline);
  assert.equal(model.sequence(), "selection clam");

  model.reset();
  model.on("selection", GENERATE);
  model.on("clam", clam("async function run() { throw new Error('mend me'); }"), status(401));
  await assertTold(await pipeline.ask("count the crabs"), "provider_auth", pipeline);
  assert.equal(model.sequence(), "selection clam clam");

  model.reset();
  model.on("selection", chatting(null));
  model.on("chat", status(404, '{"error":{"message":"The model test does not exist"}}'));
  await assertTold(await pipeline.ask("tell a story"), "model_unknown", pipeline);
});

Deno.test("a provider that fails inside a program is never mended, caught or not (A87)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  const bodies = [
    'return (await ask_model({ instruction: "x", text: "y" })).text;',
    `try {
      return (await ask_model({ instruction: "x", text: "y" })).text;
    } catch (error) {
      throw new Error("could not be digested");
    }`,
  ];
  for (const body of bodies) {
    model.reset();
    model.on("selection", GENERATE);
    model.on("clam", clam(`async function run() { ${body} }`, { declared_tools: ["ask_model"] }));
    model.on("answer", status(401));
    await assertTold(await pipeline.ask("digest the letters"), "provider_auth", pipeline);
    assert.equal(model.sequence(), "selection clam answer");
  }
});

Deno.test("what the world refuses is told at once: no program could do better", async () => {
  await using site = startSite();
  await using pipeline = await Pipeline.open({
    agents: { approvals: { alwaysGrants: ["web_fetch:*", "fs:*"] } },
  });
  const { model } = pipeline;
  const calls: [string, string, string][] = [
    ["web_fetch", `web_fetch({ url: "${site.url}/" })`, "network_blocked"],
    ["fs", 'fs({ operation: "read", path: "../../config.json" })', "path_outside_workspace"],
  ];
  for (const [tool, call, code] of calls) {
    model.reset();
    model.on("selection", GENERATE);
    const more = { declared_tools: [tool] };
    model.on("clam", clam(`async function run() { return String(await ${call}); }`, more));
    await assertTold(await pipeline.ask(`try the ${tool} of crabs`), code, pipeline);
    assert.equal(model.sequence(), "selection clam");
  }
  assert.deepEqual(site.seen, []);
});

Deno.test("no model at that address, and a name that leads nowhere, are told; kept clams go on (A48, A94)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  model.on("selection", GENERATE);
  model.on("clam", saying("seven"));
  const { object } = await pipeline.ask("count the crabs");
  assert.equal(object.reply, "seven");
  await model[Symbol.asyncDispose]();
  const down = await pipeline.ask("count the shrimps");
  assert.equal(down.object.error?.code, "provider_unreachable");
  assert.match(down.object.error?.message ?? "", /^Cannot reach the custom server at http:\/\/127/);
  await pipeline.configure({ agents: { defaults: { model: "opnrouter/crab" } } });
  const unknown = await pipeline.ask("count the shrimps");
  assert.equal(unknown.code, 1);
  assert.equal(unknown.object.error?.code, "model_unknown");
  assert.ok(unknown.object.error?.hint);
  const kept = await pipeline.ask("count the crabs");
  assert.deepEqual([kept.code, kept.object.reply], [0, "seven"]);
});
