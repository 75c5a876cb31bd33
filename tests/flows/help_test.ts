import assert from "node:assert/strict";
import { Clambot } from "./clambot.ts";

Deno.test("help is told without a home, and the same as by the core that has one", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const home = `${clambot.directory}/elsewhere`;
  for (const words of [[], ["agent"], ["clams", "list"], ["provider", "connect"]]) {
    const ready = await clambot.run([...words, "--help"]);
    const written = await clambot.run(["--home", home, ...words, "--help"]);
    assert.deepEqual([ready.code, ready.stdout, ready.stderr], [0, written.stdout, ""]);
    assert.deepEqual((await clambot.run(["help", ...words])).stdout, written.stdout);
  }
  await assert.rejects(Deno.stat(clambot.home), Deno.errors.NotFound);
});
