import assert from "node:assert/strict";
import { Clambot } from "./clambot.ts";

/** What stands in the way of running a clam, by its files; both are to be put away all the same. */
const UNUSABLE: Readonly<Record<string, { manifest: string; code: string }>> = {
  "in another language": { manifest: "name: x\nlanguage: python", code: "incompatible_language" },
  "whose script was changed": {
    manifest: `name: x\nsha256: ${"0".repeat(64)}`,
    code: "clam_changed",
  },
  "whose manifest cannot be read": { manifest: "name: [", code: "clam_malformed" },
};

for (const [what, { manifest, code }] of Object.entries(UNUSABLE)) {
  Deno.test(`a clam ${what} is not run, and can be put away`, async () => {
    await using clambot = await Clambot.inEmptyHome();
    await clambot.write(".clambot/workspace/clams/x/CLAM.md", `---\n${manifest}\n---\n`);
    await clambot.write(".clambot/workspace/clams/x/run.js", "return 1");
    const ran = await clambot.json(["clams", "run", "x"]);
    assert.equal((ran.object.error as { code: string }).code, code);
    assert.equal(ran.code, 1);
    const removed = await clambot.run(["clams", "remove", "x"]);
    assert.deepEqual(
      [removed.code, removed.stdout.split(".")[0]],
      [0, "Put away x"],
      removed.stderr,
    );
    const gone = await clambot.json(["clams", "run", "x"]);
    assert.equal((gone.object.error as { code: string }).code, "clam_not_found");
  });
}
