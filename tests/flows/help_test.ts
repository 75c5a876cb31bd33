import assert from "node:assert/strict";
import { Clambot } from "./clambot.ts";

Deno.test("help is told without a home, and the same as by the core that has one", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const home = `${clambot.directory}/elsewhere`;
  // the core is started for one of them, and written help of the others is asked for here
  for (const [at, words] of [["clams", "list"], [], ["agent"], ["provider", "connect"]].entries()) {
    const core = at === 0 ? clambot : clambot.here;
    const written = await core.run(["--home", home, ...words, "--help"]);
    const ready = await clambot.run(at % 2 === 0 ? [...words, "--help"] : ["help", ...words]);
    assert.deepEqual([ready.code, ready.stdout, ready.stderr], [0, written.stdout, ""]);
  }
  await assert.rejects(Deno.stat(clambot.home), Deno.errors.NotFound);
});
