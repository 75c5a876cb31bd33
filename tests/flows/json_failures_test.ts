import assert from "node:assert/strict";
import { Clambot } from "./clambot.ts";

/** Every command that takes `--json`, made to fail, with the code of its failure. */
const FAILING: readonly (readonly [args: readonly string[], code: number, error: string])[] = [
  [["agent", "-m", "hi", "--session", "nobody"], 1, "session_not_found"],
  [["agent", "-m", "hi", "--grant", "nonsense"], 2, "usage"],
  [["agent", "-m", "hi", "--session", ""], 2, "usage"],
  [["run", "nothing.js"], 1, "file_not_found"],
  [["run", ""], 2, "usage"],
  [["run", "nothing.js", "--input", "{"], 2, "usage"], // before any file is looked for
  [["run", "nothing.js", "--tools", "fss"], 2, "usage"],
  [["agent", "-m", "hi", "--grant", "fss:workspace"], 2, "usage"],
  [["memory", "search", ""], 2, "usage"],
  [["config", "get", ""], 2, "usage"],
  [["clams", "show", "nothing"], 1, "clam_not_found"],
  [["clams", "history", "nothing"], 1, "clam_not_found"],
  [["clams", "run", "nothing"], 1, "clam_not_found"],
  [["sessions", "show", "nobody"], 1, "session_not_found"],
  [["undo"], 1, "change_not_found"],
  [["usage", "--days", "x"], 2, "usage"],
  [["models", "nobody"], 2, "usage"],
  [["status", "--bogus"], 2, "usage"],
];

for (const [args, code, error] of FAILING) {
  Deno.test(`${args.join(" ")} --json tells its failure as the one value on standard output`, async () => {
    await using clambot = await Clambot.inEmptyHome();
    const ended = await clambot.here.json(args);
    assert.deepEqual([ended.code, (ended.object.error as { code: string }).code], [code, error]);
    assert.equal(ended.object.status, "failed");
  });
}

Deno.test("what fails before the core starts is told as JSON too, to every command", async () => {
  await using clambot = await Clambot.inEmptyHome();
  await clambot.write(".clambot/config.json", "{");
  for (
    const args of [["status"], ["clams", "list"], ["approvals", "list"], ["agent", "-m", "hi"]]
  ) {
    const { code, object } = await clambot.here.json(args);
    assert.deepEqual([code, (object.error as { code: string }).code], [1, "config_invalid"]);
  }
  const { code, object } = await clambot.json(["run", "x.js", "--home="]);
  assert.deepEqual([code, (object.error as { code: string }).code], [2, "usage"]);
  assert.deepEqual(object.calls, []);
});
