import assert from "node:assert/strict";
import { chatting, Pipeline, walk } from "./pipeline.ts";

const KEY = `sk-${"ant"}-api03-${"aB3".repeat(20)}`;

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
  for (const { text } of model.calls) assert.ok(!text.includes(KEY));
  assert.match(model.calls[0]?.text ?? "", /my key is \[taken out: a key of Anthropic\], remember/);
  for (const path of await walk(clambot.home)) {
    assert.ok(!(await Deno.readTextFile(path)).includes(KEY), path);
  }
});
