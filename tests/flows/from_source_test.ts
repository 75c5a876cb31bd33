import assert from "node:assert/strict";
import { Clambot } from "./clambot.ts";

// All other flows start the bundle, or the binary. From source workers' scripts and what the core
// may read lie elsewhere.

Deno.test("from source a fresh machine answers what time it is in Tokyo (A25)", async () => {
  await using clambot = await Clambot.fromSource();
  const { object, code, stderr } = await clambot.json(["agent", "-m", "what time is it in Tokyo?"]);
  assert.equal(code, 0, stderr);
  assert.match(object.reply as string, /Tokyo/);
  assert.deepEqual((object.calls as { tool: string }[]).map(({ tool }) => tool), ["time"]);
});

Deno.test("from source the walls hold as they do in the bundle (A245, A264, A265)", async () => {
  await using clambot = await Clambot.fromSource();
  const { object, code } = await clambot.json(["status", "--permissions", "--try"]);
  assert.equal(code, 0);
  const trials = object.trials as { wall: string; tried: string; outcome: string }[];
  assert.ok(trials.filter(({ wall }) => wall === "clam").length >= 15);
  const possible = trials.filter(({ outcome }) => outcome === "possible");
  assert.deepEqual(possible.map(({ wall, tried }) => `${wall}: ${tried}`), [
    "core: connect to an address",
    "core: listen on a port",
  ]);
});
