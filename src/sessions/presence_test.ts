import assert from "node:assert/strict";
import { openFiles } from "../platform/files.ts";
import { createClock } from "../platform/deno.ts";
import { openPresence } from "./presence.ts";

Deno.test("a conversation is open until it is left, or its process has given no sign for long", async () => {
  const home = await Deno.makeTempDir();
  try {
    const clock = createClock();
    let ahead = 0;
    const wound = { ...clock, now: () => clock.now() + ahead };
    const here = openPresence(openFiles(home), clock);
    const elsewhere = openPresence(openFiles(home), wound);
    assert.equal(await elsewhere.isOpen("cli:one"), false);
    const leave = here.enter("cli:one");
    while (!await elsewhere.isOpen("cli:one")) await clock.sleep(5);
    assert.equal(await elsewhere.isOpen("cli:two"), false);
    ahead = 3_600_000;
    assert.equal(await elsewhere.isOpen("cli:one"), false, "it was killed");
    ahead = 0;
    await leave();
    assert.equal(await elsewhere.isOpen("cli:one"), false);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
});
