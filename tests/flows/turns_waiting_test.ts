import assert from "node:assert/strict";
import { ACCEPT, clam, GENERATE, Pipeline, saying, worded } from "./pipeline.ts";

// Turns of a conversation that wait for a person, and go on in another process.

interface Waiting {
  readonly waits?: { readonly run: string; readonly question: string };
}

const WRITES = clam(
  `async function run() {
    await fs({operation: "append", path: "out.txt", content: "x"});
    return "It is written.";
  }`,
  { declared_tools: ["fs"], result_schema: worded("^It is written\\.$") },
);

/** Entries of the one conversation, as they lie on disk. */
async function entries(pipeline: Pipeline): Promise<[string, string][]> {
  const directory = `${pipeline.clambot.home}/workspace/sessions`;
  for await (const { name } of Deno.readDir(directory)) {
    if (!name.endsWith(".jsonl")) continue;
    const lines = (await Deno.readTextFile(`${directory}/${name}`)).trim().split("\n");
    return lines.map((line) => JSON.parse(line)).filter(({ role }) => role)
      .map(({ role, content }) => [role, content]);
  }
  return [];
}

const written = async (pipeline: Pipeline) =>
  await Deno.readTextFile(`${pipeline.clambot.home}/workspace/files/out.txt`).catch(() => "");

async function waitingTurn(pipeline: Pipeline) {
  pipeline.model.on("selection", GENERATE);
  pipeline.model.on("clam", WRITES);
  const { code, object } = await pipeline.ask("Write it down please");
  assert.equal(code, 3, JSON.stringify(object));
  const { waits } = object as unknown as Waiting;
  assert.ok(waits);
  pipeline.model.reset();
  return { ...waits, conversation: object.conversation };
}

Deno.test("A262: a turn that waited is answered later, as an entry of its own, with no model asked again", async () => {
  await using pipeline = await Pipeline.open();
  const { question, conversation } = await waitingTurn(pipeline);
  // the conversation is free meanwhile
  pipeline.model.on("selection", GENERATE);
  pipeline.model.on("clam", saying("Something else."));
  pipeline.model.on("verdict", ACCEPT);
  const between = await pipeline.ask("And another thing", "--session", conversation);
  assert.equal(between.object.reply, "Something else.");
  pipeline.model.reset();
  const before = await pipeline.kept();
  const late = await pipeline.clambot.here.json(["approvals", "answer", question, "--once"]);
  assert.equal(late.code, 0, late.stdout + late.stderr);
  assert.equal(late.object.reply, "It is written.");
  assert.equal(await written(pipeline), "x");
  for (const name of ["selection", "clam", "verdict"] as const) {
    assert.deepEqual(pipeline.model.named(name), [], `${name} is not asked again`);
  }
  assert.equal((await pipeline.kept()).length, before.length + 1, "the program is kept");
  const said = await entries(pipeline);
  assert.deepEqual(said.map(([role]) => role), [
    ...["user", "assistant", "user", "assistant", "assistant"],
  ]);
  assert.equal(said.at(-1)?.[1], "It is written.");
});

Deno.test("a kill between the entry of an answer and the end of its run adds no second entry", async () => {
  await using pipeline = await Pipeline.open();
  const { question, run } = await waitingTurn(pipeline);
  await pipeline.clambot.here.json(["approvals", "answer", question, "--once"]);
  const before = await entries(pipeline);
  const runs = `${pipeline.clambot.home}/runs`;
  for await (const { name } of Deno.readDir(runs)) {
    if (!name.includes(run)) continue;
    const lines = (await Deno.readTextFile(`${runs}/${name}`)).trim().split("\n");
    assert.match(lines.at(-1) ?? "", /"kind":"ended"/);
    await Deno.writeTextFile(`${runs}/${name}`, `${lines.slice(0, -1).join("\n")}\n`);
  }
  const again = await pipeline.clambot.here.json(["runs", "resume", run]);
  assert.equal(again.object.reply, "It is written.");
  assert.deepEqual(await entries(pipeline), before);
  assert.equal(await written(pipeline), "x");
  const ended = await pipeline.clambot.here.run(["runs", "show", run, "--json"]);
  assert.equal(JSON.parse(ended.stdout).state, "completed");
});
