import assert from "node:assert/strict";
import { AtTerminal, KEYS, testAtTerminal } from "./at_terminal.ts";
import { chatting, clam, GENERATE, Pipeline, walk } from "./pipeline.ts";

const KEY = `sk-${"ant"}-api03-${"aB3".repeat(20)}`;

async function assertNowhere(pipeline: Pipeline, value: string): Promise<void> {
  for (const { text } of pipeline.model.calls) assert.ok(!text.includes(value));
  for (const path of await walk(pipeline.clambot.home)) {
    assert.ok(!(await Deno.readTextFile(path)).includes(value), path);
  }
}

Deno.test("a key that is typed is taken out before anything is kept or sent, and the person is told", async () => {
  await using pipeline = await Pipeline.open();
  const { model, clambot } = pipeline;
  model.on("selection", chatting("Thank you."));
  const told = await pipeline.ask(`my key is ${KEY}, remember it`);
  assert.equal(told.code, 0, told.stderr);
  const { notes } = told.object as unknown as { readonly notes: readonly string[] };
  assert.match(notes.join(), /a key of Anthropic was taken out.*clambot provider connect/s);
  const { stderr, stdout } = await clambot.here.run(["agent", "-m", `use ${KEY}`]);
  assert.match(stdout + stderr, /was taken out of your message/);
  assert.match(model.calls[0]?.text ?? "", /my key is \[taken out: a key of Anthropic\], remember/);
  await assertNowhere(pipeline, KEY);
});

Deno.test("a kept secret that is typed is taken out by a process that has not used it yet", async () => {
  await using pipeline = await Pipeline.open();
  const { model, clambot } = pipeline;
  const value = "hush-0123456789";
  const set = ["secrets", "set", "HUSH", "--host", "api.example"];
  assert.equal((await clambot.here.run(set, { stdin: value })).code, 0);
  model.on("selection", GENERATE);
  const told = `async function run() { return "noted"; }`;
  model.on("clam", clam(told, { result_schema: { const: "noted" } }));
  assert.equal((await pipeline.ask(`note ${value} for me`)).object.reply, "noted");
  assert.equal((await pipeline.kept()).length, 1, "its request is kept");
  await assertNowhere(pipeline, value);
});

testAtTerminal("a line with a key or a kept secret is not remembered", async () => {
  await using pipeline = await Pipeline.open();
  const { model, clambot } = pipeline;
  const value = "hush-0123456789";
  const set = ["secrets", "set", "HUSH", "--host", "api.example"];
  assert.equal((await clambot.here.run(set, { stdin: value })).code, 0);
  model.on("selection", chatting("Fine."));
  const terminal = new AtTerminal(clambot, ["agent"]);
  await terminal.see("you> ");
  for (const line of [`first ${value}`, `then ${KEY}`, "what is 2+2"]) {
    await terminal.type(`${line}${KEYS.enter}`);
    await terminal.see(line.startsWith("what") ? "= 4" : "Fine.");
    await terminal.see("you> ");
  }
  await terminal.type(KEYS.ctrlD);
  await terminal.ended();
  const history = await Deno.readTextFile(`${clambot.home}/state/repl-history`);
  assert.equal(history, "what is 2+2\n");
  await assertNowhere(pipeline, value);
  await assertNowhere(pipeline, KEY);
});
