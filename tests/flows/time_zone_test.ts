import assert from "node:assert/strict";
import { Clambot } from "./clambot.ts";

// S5: the zone of the environment, as it stands in files of services and containers.

const COMMANDS = [["agent", "-m", "what is 2+2"], ["sessions", "list"], ["usage"], ["status"]];

const DOUBT = /clambot: TZ=".*" names no time zone.*UTC\. Set agents\.defaults\.timezone\.\n/g;

for (const [number, TZ] of ["", "GMT+5", "Nowhere/Land"].entries()) {
  Deno.test(`with TZ="${TZ}" every command works, in UTC, and says so once`, async () => {
    await using clambot = await Clambot.inEmptyHome();
    for (const [at, command] of COMMANDS.entries()) {
      const one = at === number ? clambot : clambot.here; // each is started with one of the zones
      const { code, stdout, stderr } = await one.run(command, { env: { TZ } });
      assert.equal(code, 0, `${command.join(" ")}: ${stderr}${stdout}`);
      assert.equal(stderr.match(DOUBT)?.length, 1, stderr);
      assert.doesNotMatch(stderr, /Error|at file:/);
    }
    const { object } = await clambot.here.json(["doctor"], { env: { TZ } });
    const [first] = object.findings as { name: string; wrong: string[] }[];
    assert.deepEqual([first?.name, first?.wrong.length], ["configuration", 1]);
    assert.match(first?.wrong[0] ?? "", /agents\.defaults\.timezone/);
    const { stdout } = await clambot.here.run(["agent", "-m", "what time is it"], { env: { TZ } });
    assert.match(stdout, /UTC|GMT/);
  });
}

Deno.test("zones are taken with a colon, as a path and in any letters, and no time is wrong", async () => {
  await using clambot = await Clambot.inEmptyHome();
  await clambot.here.run(["agent", "-m", "what is 2+2"]);
  const listed = JSON.parse((await clambot.here.run(["sessions", "list", "--json"])).stdout);
  const minute = Math.floor((listed as { lastAt: number }[])[0]!.lastAt / 60_000);
  for (
    const TZ of [":Asia/Tokyo", "asia/tokyo", "/usr/share/zoneinfo/Asia/Tokyo", "posix/Asia/Tokyo"]
  ) {
    const { code, stdout, stderr } = await clambot.run(["sessions", "list"], { env: { TZ } });
    assert.deepEqual([code, stderr], [0, ""], TZ);
    const shown = /\d{4}-\d\d-\d\d \d\d:\d\d/.exec(stdout)?.[0].replace(" ", "T");
    assert.equal(Date.parse(`${shown}:00+09:00`) / 60_000, minute, TZ);
  }
});

Deno.test("the configured zone counts more than TZ, and is looked at before it is written", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const env = { TZ: "GMT+5" };
  for (const wrong of ["GMT+5", "Nowhere/Land", ":Europe/Vienna"]) {
    const { code, stderr } = await clambot.here.run(
      ["config", "set", "agents.defaults.timezone", wrong],
      { env },
    );
    assert.equal(code, 1, wrong);
    assert.match(
      stderr,
      /agents\.defaults\.timezone.*IANA time zone such as Europe\/Vienna/,
      wrong,
    );
  }
  const set = ["config", "set", "agents.defaults.timezone", "Asia/Tokyo"];
  assert.equal((await clambot.here.run(set, { env })).code, 0);
  const { code, stderr } = await clambot.run(["usage"], { env });
  assert.deepEqual([code, stderr], [0, ""]);
});
