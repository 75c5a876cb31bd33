import assert from "node:assert/strict";
import { cut, pieces, status } from "../fakes/scripted_model.ts";
import { chatting, GENERATE, Pipeline, saying } from "./pipeline.ts";

Deno.test("an unreadable choice goes back once with its text, then a clam is written (A54)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  model.on("selection", "I would rather BADTEXT than choose.");
  model.on("clam", saying("made all the same"));
  const { object } = await pipeline.ask("count the crabs");
  assert.equal(object.reply, "made all the same");
  assert.equal(model.sequence(), "selection selection clam");
  const [first, repair] = model.named("selection");
  assert.doesNotMatch(first?.text ?? "", /BADTEXT/);
  assert.deepEqual(
    repair?.messages.slice(-2).map(({ role, content }) => [role, /BADTEXT/.test(content)]),
    [["assistant", true], ["user", false]],
  );

  const broken: [string, string][] = [
    ["another form", '{"decision": "maybe"}'],
    ["half an object", '{"decision": "chat", "chat_response": "hel'],
    ["a list", '["chat"]'],
  ];
  for (const [kind, reply] of broken) {
    model.reset();
    model.on("selection", reply, chatting(`mended ${kind}`));
    const { object } = await pipeline.ask(`say something on ${kind}`);
    assert.equal(object.reply, `mended ${kind}`, kind);
    assert.equal(model.sequence(), "selection selection", kind);
  }
});

Deno.test("no repair when agents.selector.retries is 0", async () => {
  await using pipeline = await Pipeline.open({ agents: { selector: { retries: 0 } } });
  const { model } = pipeline;
  model.on("selection", "nothing to read");
  model.on("clam", saying("made"));
  await pipeline.ask("count the crabs");
  assert.equal(model.sequence(), "selection clam");
});

Deno.test("a choice in a fence, in prose or with optional fields missing is read (A55, A67)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  const fence = '```json\n{"decision": "chat", "chat_response": "fenced"}\n```';
  const prose =
    'Sure. {"chat_response": "in {prose}", "inputs": {"a": {}}, "decision": "chat"} Ok?';
  const bare = '{"decision":"chat","chat_response":"bare"}';
  model.on("selection", fence, prose, bare);
  const { stdout } = await pipeline.talk(["say one", "say two", "say three"]);
  assert.deepEqual(stdout.trim().split("\n").slice(1), ["fenced", "in {prose}", "bare"]);
  assert.equal(model.calls.length, 3);
});

Deno.test("a clam in a fence or in prose is read; prose alone goes back with the reason (A67, A68)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  model.on("selection", GENERATE);
  const fenced = `Here you are:\n\`\`\`json\n${
    JSON.stringify(saying("fenced {x}"), null, 2)
  }\n\`\`\`\n`;
  model.on("clam", fenced, "I cannot write PROSE today.", saying("at last"));
  const { stdout } = await pipeline.talk(["count the crabs", "count the shrimps"]);
  assert.deepEqual(stdout.trim().split("\n").slice(1), ["fenced {x}", "at last"]);
  const retry = model.named("clam").at(-1)?.text ?? "";
  assert.match(retry, /PROSE/);
  assert.match(retry, /no JSON object/);
});

Deno.test("chat takes one call, with memory, and streams when the choice has no reply (A59, A60, A268)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  const memory = "workspace/memory/MEMORY.md";
  await pipeline.put(memory, "# Memory\n\n- Is called Ada\n- MARKED <!-- marked -->\n");
  model.on("selection", chatting("You are Ada."));
  const name = await pipeline.ask("what is my name?");
  assert.equal(name.object.status, "chat");
  assert.equal(name.object.reply, "You are Ada.");
  assert.equal(name.object.modelCalls, 1);
  assert.equal(model.sequence(), "selection");
  assert.match(model.calls[0]?.system ?? "", /Is called Ada/);
  assert.doesNotMatch(model.calls[0]?.text ?? "", /MARKED/);

  model.reset();
  model.on("selection", chatting(null));
  model.on("chat", pieces("Once ", "upon ", "a crab."));
  const { stdout } = await pipeline.talk(["tell a long story"]);
  assert.equal(stdout.trim().split("\n").at(-1), "Once upon a crab.");
  assert.equal(model.sequence(), "selection chat");
  const chat = model.named("chat")[0];
  assert.equal(chat?.body.stream, true);
  assert.doesNotMatch(chat?.system ?? "", /MARKED/, "marked notes are no part of the rules");
  assert.match(chat?.text ?? "", /<untrusted \w+>[^]*MARKED[^]*<\/untrusted/);
});

Deno.test("a stream that is cut is a failure after what was shown (A195)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  model.on("selection", chatting(null));
  model.on("chat", "Hello.", cut("Once ", "upon "));
  // the first answer of a server of one's own comes as a whole, see docs/models.md
  const { stdout, stderr } = await pipeline.talk(["greet me at length", "tell a story"]);
  assert.match(stdout, /Hello\.\n[^]*Once (?:upon )?\n/);
  assert.match(stderr, /clambot: The custom server .*\n {2}\S/);
  assert.equal(model.named("chat").length, 2, "what was shown is not begun again");
});

Deno.test("a stream that is cut before anything was shown is asked for again, then a failure (A195)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  model.on("selection", chatting(null));
  model.on("chat", cut("Once ", "upon "));
  const { code, stdout, stderr } = await pipeline.clambot.run(["agent", "-m", "tell a story"]);
  assert.deepEqual([code, stdout.trim()], [1, ""]);
  assert.match(stderr, /^clambot: The custom server .*\n {2}\S/);
  assert.equal(model.named("chat").length, 4);
});

Deno.test("a provider that fails at the choice ends the turn: nothing is generated (A58)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  const failures: [number, string, RegExp][] = [
    [401, "provider_auth", /does not accept the key/],
    [402, "provider_quota", /nothing left/],
    [500, "provider_broken", /failed with status 500/],
  ];
  for (const [code, name, sentence] of failures) {
    model.reset();
    model.on("selection", status(code));
    model.on("clam", saying("never"));
    const told = await pipeline.ask("my favourite crab is red, count it");
    assert.equal(told.code, 1);
    assert.equal(told.object.error?.code, name);
    assert.match(told.object.error?.message ?? "", sentence);
    assert.ok(told.object.error?.hint);
    assert.equal(model.named("clam").length + model.named("facts").length, 0);
    assert.equal(model.calls.length, code === 500 ? 4 : 1);
  }
  const { here } = pipeline.clambot;
  const { stdout, stderr } = await here.run(["agent", "-m", "count the crabs"]);
  assert.equal(stdout, "");
  assert.equal(stderr.split("\n").length, 3, "one sentence and one next step");
});
