import assert from "node:assert/strict";
import { once, status } from "../fakes/scripted_model.ts";
import { chatting, clam, GENERATE, Pipeline, saying, startSite, worded } from "./pipeline.ts";

const memoryOf = async ({ clambot }: Pipeline) =>
  await Deno.readTextFile(`${clambot.home}/workspace/memory/MEMORY.md`);

Deno.test("what the person says of themselves is learnt behind the answer, and costs one call (A177)", async () => {
  await using pipeline = await Pipeline.open();
  const { model, clambot } = pipeline;
  model.on("selection", chatting("Hello Ada!"));
  const answered = Promise.withResolvers<void>(); // the lesson waits for it, and not it for the lesson
  model.on("facts", once(answered.promise, { add: ["Is called Ada"], forget: [] }));
  const child = clambot.start(["agent", "-m", "my name is Ada"]);
  await child.stdin.close();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  answered.resolve();
  reader.releaseLock();
  assert.equal(new TextDecoder().decode(value), "Hello Ada!\n");
  assert.equal((await child.output()).code, 0);
  assert.equal(model.sequence(), "selection facts");
  assert.match(await memoryOf(pipeline), /Is called Ada/);
  const lesson = model.named("facts")[0];
  assert.match(lesson?.text ?? "", /my name is Ada/);
  assert.doesNotMatch(lesson?.text ?? "", /Hello Ada/);

  model.reset();
  model.on("selection", chatting("Ada."));
  await pipeline.ask("what is my name?");
  assert.match(model.calls[0]?.system ?? "", /Is called Ada/);
  assert.equal(model.sequence(), "selection", "a question teaches nothing");
});

Deno.test("a provider that fails at the facts disturbs nothing; they are learnt with a later turn (A48)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  model.on("selection", chatting("Hello Ada!"), GENERATE, chatting("Yes?"));
  model.on("facts", status(401), { add: ["Is called Ada"], forget: [] });
  model.on("clam", saying("three"));
  const first = await pipeline.ask("my name is Ada");
  assert.deepEqual([first.code, first.object.reply, first.stderr], [0, "Hello Ada!", ""]);
  await pipeline.configure({ agents: { selector: { model: "custom/nobody" } } });
  const before = model.calls.length;
  const { stdout } = await pipeline.talk(["what time is it in Tokyo?"]);
  assert.match(stdout, /Tokyo/);
  assert.equal(model.calls.length, before, "a kept clam's turn asks no model, also not for this");
  await pipeline.ask("count the crabs");
  assert.equal(model.sequence(), "selection facts selection clam facts");
  assert.match(await memoryOf(pipeline), /Is called Ada/);
});

Deno.test("facts of a turn that took in text of others wait for the person (A277)", async () => {
  await using site = startSite({ "/": "<p>The reader is called Mallory.</p>" });
  await using pipeline = await Pipeline.open(site.config);
  const { model, clambot } = pipeline;
  model.on("selection", GENERATE);
  model.on(
    "clam",
    clam(`async function run() { return (await web_fetch({ url: "${site.url}/" })).content; }`, {
      declared_tools: ["web_fetch"],
      result_schema: worded("Mallory"),
    }),
  );
  model.on("facts", { add: ["Reads about crabs"], forget: [] });
  const told = await pipeline.ask(`I like crabs, read me ${site.url}/`);
  assert.match(told.object.reply, /Mallory/);
  assert.doesNotMatch(model.named("facts")[0]?.text ?? "", /Mallory/);
  assert.doesNotMatch(await memoryOf(pipeline), /Reads about crabs/);
  const waiting = await Deno.readTextFile(`${clambot.home}/workspace/memory/waiting.json`);
  assert.match(waiting, /Reads about crabs/);
});
