import assert from "node:assert/strict";
import { Clambot } from "./clambot.ts";

// `clambot cron` without a gateway: jobs are kept by the command itself.

Deno.test("cron: added as the original does, listed, shown, run, switched and removed (A38, A39, A41)", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const { here } = clambot;
  const cron = (...args: readonly string[]) => here.run(["cron", ...args]);
  const added = await cron(
    ...["add", "--name", "daily", "--message", "Hello", "--cron", "0 9 * * *"],
  );
  assert.equal(added.code, 0);
  assert.match(added.stdout, /"daily": 0 9 \* \* \* \(.+\)\n {2}does: asks "Hello"\n {2}next: /);
  assert.equal(added.stdout.match(/\d{4}-\d\d-\d\d 09:00/g)?.length, 3, "the next three times");
  assert.match(added.stderr, /No gateway runs/);
  const tea = await cron(
    "add",
    "--name",
    "tea",
    "--text",
    "Time for tea",
    "--every",
    "1h",
    "--json",
  );
  const { id, schedule, running } = JSON.parse(tea.stdout);
  assert.deepEqual([schedule, running], [{ kind: "every", everySeconds: 3600 }, false]);
  assert.match((await cron("list")).stdout, /tea .*every 1h[^]*daily/);
  const run = await cron("run", "tea");
  assert.deepEqual([run.code, run.stdout], [0, "Time for tea\n"]);
  const [done] = JSON.parse((await cron("history", id, "--json")).stdout);
  assert.deepEqual([done.job, done.state, done.tries], [id, "done", 1]);
  assert.match((await cron("disable", id)).stdout, /is disabled/);
  assert.match((await cron("list")).stdout, /tea .*disabled/);
  assert.match((await cron("enable", id)).stdout, /is enabled\.[^]*next: \d/);
  assert.match((await cron("remove", "tea")).stdout, /is removed/);
  assert.doesNotMatch((await cron("list")).stdout, /tea/);
});

Deno.test("cron: what cannot be meant is one sentence, and changes nothing (A41, A222, P136)", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const { here } = clambot;
  const text = ["add", "--text", "Tea"];
  for (
    const [args, code, sentence] of [
      [[...text, "--cron", "61 0 * * *"], 1, /no cron expression.*minute: 61/s],
      [[...text, "--cron", "0 0 30 2 *"], 1, /never comes/],
      [[...text, "--cron", "* * * * * *"], 1, /five fields/],
      [[...text, "--at", "2027-02-30T10:00"], 1, /no time that exists/],
      [[...text, "--at", "2020-01-01T10:00"], 1, /has passed/],
      [[...text, "--every", "5x"], 1, /no interval/],
      [[...text, "--every", "1s"], 1, /too short/],
      [[...text, "--cron", "0 9 * * *", "--timezone", ""], 1, /zone is empty/],
      [[...text, "--cron", "0 9 * * *", "--timezone", "America/New York"], 1, /no time zone/],
      [[...text, "--cron", "0 9 * * *", "--every", "1h"], 2, /exactly one/],
      [[...text, "--message", "Tea", "--every", "1h"], 2, /exactly one/],
      [[...text, "--every", "1h", "--missed", "never"], 2, /once, skip, all/],
      [[...text, "--every", "1h", "--channel", "fax"], 2, /no channel "fax"/],
      [["add", "--clam", "nope", "--every", "1h"], 1, /no clam "nope"/],
      [["show", "nope"], 1, /no job "nope"/],
      [["remove", "nope"], 1, /no job "nope"/],
      [["enable", "nope"], 1, /no job "nope"/],
      [["disable", "nope"], 1, /no job "nope"/],
      [["run", "nope"], 1, /no job "nope"/],
      [["history", "nope"], 1, /no job "nope"/],
    ] as const
  ) {
    const ended = await here.run(["cron", ...args]);
    assert.deepEqual([ended.code, ended.stdout], [code, ""], args.join(" "));
    assert.match(ended.stderr, sentence);
    assert.doesNotMatch(ended.stderr, /\n {4}at /);
  }
  assert.equal((await here.run(["cron", "list"])).stdout, "There are no jobs.\n");
});

Deno.test("cron: both day fields are warned about when the job is made (P112, P113)", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const add = (cron: string) =>
    clambot.here.run(["cron", "add", "--text", "Tea", "--cron", cron, "--timezone", "UTC"]);
  assert.match((await add("0 9 1-31 * 4")).stdout, /weekday has no effect/);
  assert.match((await add("0 11 1-7 * FRI")).stdout, /either of them/);
  assert.doesNotMatch((await add("0 9 1-7 * +MON")).stdout, /note:/);
});

Deno.test("cron: a damaged store stays as it is, and nothing is changed (P129)", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const { here, home } = clambot;
  await here.run(["cron", "add", "--text", "Tea", "--every", "1h"]);
  const path = `${home}/state/gateway.sqlite`;
  const bytes = await Deno.readFile(path);
  bytes.fill(0, 0, 100);
  await Deno.writeFile(path, bytes);
  const ended = await here.run(["cron", "add", "--text", "Tea", "--every", "1h"]);
  assert.equal(ended.code, 1);
  assert.match(ended.stderr, /is no store of the gateway, or it is damaged/);
  assert.deepEqual(await Deno.readFile(path), bytes);
});
