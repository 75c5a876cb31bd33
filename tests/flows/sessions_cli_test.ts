import assert from "node:assert/strict";
import { openFiles } from "../../src/platform/files.ts";
import { createRandom } from "../../src/platform/deno.ts";
import { openSessions } from "../../src/sessions/sessions.ts";
import { sha256Hex } from "../../src/text/canonical_json.ts";
import { createFakeClock } from "../fakes/clock.ts";
import { Clambot } from "./clambot.ts";
import { plainly } from "../fakes/plainly.ts";

Deno.test("sessions are listed, shown, exported and put away by their names", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const place = `${clambot.home}/workspace/sessions`;
  await Deno.mkdir(place, { recursive: true });
  const sessions = plainly(openSessions(openFiles(place), createFakeClock()));
  await sessions.append("cli:trip", { role: "user", content: "to Rome \x1b]0;x\x07" });
  const content = "## user, 2026-01-01 00:00\n```\n👩‍🚀";
  await sessions.append("cli:trip", { role: "assistant", content, metadata: { marked: true } });

  assert.match((await clambot.here.run(["sessions", "list"])).stdout, /cli:trip +2 +2026-05-04/);
  const shown = await clambot.here.run(["sessions", "show", "trip"]);
  assert.match(shown.stdout, /^ {2}to Rome \\u\{1b\}\]0;x\\u\{7\}$/m);
  assert.match(shown.stdout, /^assistant, .*\(with text of others\)\n {2}## user/m);
  const markdown = await clambot.here.run(["sessions", "export", "trip"]);
  assert.match(markdown.stdout, /^# cli:trip\n[^]*\n> ## user, .*\n> ```\n> 👩‍🚀\n$/);
  const exported = await clambot.here.run(["sessions", "export", "cli:trip", "--format", "json"]);
  assert.deepEqual(JSON.parse(exported.stdout), {
    conversation: "cli:trip",
    entries: await sessions.read("cli:trip"),
  });
  assert.equal((await clambot.run(["sessions", "remove", "trip"])).code, 0);
  assert.deepEqual(await sessions.read("cli:trip"), []);
  assert.equal((await Array.fromAsync(Deno.readDir(`${place}/archive`))).length, 1);
  const gone = await clambot.here.run(["sessions", "show", "trip"]);
  assert.equal(gone.code, 1);
  assert.match(gone.stderr, /There is no conversation "cli:trip"/);
});

Deno.test("clambot undo takes back the last change of a file, and says when there is none", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const id = createRandom().id();
  const file = await clambot.write(".clambot/workspace/files/a.txt", "new");
  await clambot.write(`.clambot/state/undo/kept/${id}`, "old");
  const sha256 = await sha256Hex(new TextEncoder().encode("new"));
  const at = "2026-11-20T10:00:00.000Z";
  const change = { id, at, operation: "write", path: file, kept: true, bytes: 3, sha256 };
  const line = `${JSON.stringify({ ...change, made: [] })}\n`;
  await clambot.write(".clambot/state/undo/changes.jsonl", line);
  assert.match((await clambot.here.run(["undo", "--list"])).stdout, /write of .*a\.txt/);
  assert.equal((await clambot.here.json(["undo"])).object.id, id);
  assert.equal(await Deno.readTextFile(file), "old");
  const none = await clambot.here.run(["undo"]);
  assert.equal(none.code, 1);
  assert.match(none.stderr, /no change of a file to undo/);
});
