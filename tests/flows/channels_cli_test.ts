import assert from "node:assert/strict";
import { Clambot } from "./clambot.ts";

// `clambot channels`: who may talk to the program, said by its owner at the command line.

const CODE = /[A-HJ-NP-Z2-9]{8}/;

Deno.test("channels: an owner by id, one by code, both listed; a removed one is gone (A279)", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const { here } = clambot;
  assert.equal((await here.run(["channels", "list"])).stdout, "Nobody was let in yet.\n");
  // the program itself once, with its walls: the core may write the list and the log
  const owner = await clambot.run(["channels", "owner", "telegram", "123"]);
  assert.deepEqual([owner.code, owner.stdout], [0, "telegram 123 is an owner now.\n"]);
  const code = await here.run(["channels", "owner", "telegram"]);
  const [written = ""] = CODE.exec(code.stdout.split("/start ")[1] ?? "") ?? [];
  const pending = await here.run(["channels", "pending", "--json"]);
  const [listed] = JSON.parse(pending.stdout);
  assert.deepEqual([listed.code, listed.role, listed.id], [written, "owner", null]);
  const people = JSON.parse((await here.run(["channels", "list", "--json"])).stdout);
  assert.deepEqual(people.map(({ id, role, by }: Record<string, string>) => [id, role, by]), [
    ["123", "owner", "cli"],
  ]);
  const removed = await here.run(["channels", "remove", "telegram", "123"]);
  assert.match(removed.stdout, /is an owner no more/);
  assert.equal((await here.run(["channels", "remove", "telegram", "123"])).code, 1);
});

Deno.test("channels: what cannot be meant is one sentence", async () => {
  await using clambot = await Clambot.inEmptyHome();
  for (
    const [args, code, sentence] of [
      [["owner", "telegrm", "1"], 2, /no channel "telegrm".*telegram or loopback/s],
      [["owner", "telegram", "@ann"], 2, /"@ann" is no id.*a number/s],
      [["remove", "telegram", "0x1"], 2, /is no id/],
      [["approve", "telegram", "WRONGONE"], 1, /no open code/],
      [["remove", "loopback", "me"], 1, /was not admitted/],
    ] as const
  ) {
    const ended = await clambot.here.run(["channels", ...args]);
    assert.equal(ended.code, code, ended.stderr);
    assert.match(ended.stderr, sentence);
    assert.doesNotMatch(ended.stderr, /^\s+at /m);
  }
});

Deno.test("channels: a damaged list is refused and left as it is", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const path = await clambot.write(".clambot/state/people.json", '{"people": [');
  for (const args of [["list"], ["owner", "telegram", "1"], ["pending"]]) {
    const { code, stderr } = await clambot.here.run(["channels", ...args]);
    assert.equal(code, 1);
    assert.match(stderr, /people\.json is damaged, so nobody is admitted/);
  }
  assert.equal(await Deno.readTextFile(path), '{"people": [');
});

Deno.test("channels: the ids of allowFrom are owners until one is named, and that is told", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const channels = { telegram: { allowFrom: [123456, "77"] } };
  await clambot.write(".clambot/config.json", JSON.stringify({ channels }));
  const before = await clambot.here.run(["channels", "list"]);
  assert.match(before.stdout, /123456 +owner/);
  assert.match(before.stdout, /No owner of telegram is named yet.*123456, 77/);
  const named = await clambot.here.run(["channels", "owner", "telegram", "77"]);
  assert.match(named.stdout, /allowFrom are guests from now on/);
  const after = await clambot.here.run(["channels", "list"]);
  assert.match(after.stdout, /77 +owner/);
  assert.match(after.stdout, /123456 +guest/);
  assert.doesNotMatch(after.stdout, /named yet/);
  const removed = await clambot.here.run(["channels", "remove", "telegram", "77"]);
  assert.match(removed.stdout, /allowFrom still lets them in, as an owner/);
});

Deno.test("A202: doctor tells of an empty allowFrom and of a list of people that is damaged", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const channels = { telegram: { allowFrom: [] } };
  await clambot.write(".clambot/config.json", JSON.stringify({ channels }));
  const open = await clambot.here.run(["doctor"]);
  assert.match(open.stdout, /^people: in order\n {2}channels\.telegram\.allowFrom is an empty/m);
  await clambot.write(".clambot/state/people.json", "[]");
  const damaged = await clambot.here.run(["doctor"]);
  assert.equal(damaged.code, 1);
  assert.match(damaged.stdout, /^people: The list of people in .* is damaged/m);
});
