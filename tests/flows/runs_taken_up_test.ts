import assert from "node:assert/strict";
import { homeLayout } from "../../src/config/home.ts";
import type { Origin } from "../../src/domain/message.ts";
import { createClock, createRandom } from "../../src/platform/deno.ts";
import { openFiles } from "../../src/platform/files.ts";
import { sha256Hex } from "../../src/text/canonical_json.ts";
import { SOME_PROGRAM, SOME_TURN } from "../fakes/alone.ts";
import { openTestRuns } from "../fakes/runs.ts";
import { append, RunHome } from "./run_home.ts";

// What holds for a run as a whole, in whatever process and by whomever it is taken up.

Deno.test("the tool calls of a run are limited as one, in however many processes it goes on", async () => {
  await using home = await RunHome.empty();
  await home.clambot.write(
    ".clambot/config.json",
    JSON.stringify({ agents: { budgets: { perTurn: { toolCalls: 2 } } } }),
  );
  const body = `${append("a")}; ${append("b")}; ${append("c")}; return "done";`;
  const second = await home.answer(3, await home.start(3, body), "--once");
  const refused = await home.answer(1, second, "--once");
  assert.equal(refused.error?.code, "budget_exceeded");
  assert.deepEqual([await home.text("a"), await home.text("b"), await home.text("c")], [
    ...["a ", "b ", ""],
  ]);
});

/** What a process leaves that was killed before the first call of a program. */
async function leaveBegun({ clambot }: RunHome, origin: Origin): Promise<string> {
  const { runs, secrets } = homeLayout(clambot.home);
  const [clock, random] = [createClock(), createRandom()];
  const all = openTestRuns({ files: openFiles(runs), secrets: openFiles(secrets), clock, random });
  const run = all.open({
    ...SOME_TURN,
    ...{ origin, turn: random.id(), purpose: "script", conversation: "cli:run" },
  });
  const source = `async function run() { ${append("a")}; return "done"; }`;
  const sha256 = await sha256Hex(source);
  const program = { ...SOME_PROGRAM, source, sha256, declaredTools: ["fs"] };
  await run.beginAttempt(program, { kind: "script" });
  await run.close();
  return run.id;
}

for (const [origin, code] of [["cron", 3], ["heartbeat", 3], ["cli", 0]] as const) {
  Deno.test(`A270: whether a grant counts for a run of ${origin} is not up to who takes it up`, async () => {
    await using home = await RunHome.empty();
    const run = await leaveBegun(home, origin);
    await home.clambot.write(
      ".clambot/config.json",
      JSON.stringify({ agents: { approvals: { alwaysGrants: ["fs:workspace"] } } }),
    );
    await home.json(code, "runs", "resume", run);
    assert.equal(await home.text("a"), code === 0 ? "a " : "");
  });
}

Deno.test("while everything is stopped a run that waits is not taken up, by a yes or by itself; a no ends it", async () => {
  await using home = await RunHome.empty();
  const first = await home.start(3, `${append("a")}; return "done";`);
  const other = await home.start(3, `${append("b")}; return "done";`);
  await home.clambot.run(["stop"]);
  assert.equal((await home.answer(1, first, "--once")).error?.code, "stopped");
  const run = first.waits?.run ?? "";
  assert.equal((await home.json(1, "runs", "resume", run)).error?.code, "stopped");
  assert.equal((await home.answer(1, other, "--reject")).error?.code, "approval_denied");
  const standing = new Map((await home.runs()).map(({ run, state }) => [run, state]));
  assert.equal(standing.get(run), "waiting");
  assert.equal(standing.get(other.waits?.run ?? ""), "rejected");
  await home.clambot.run(["resume"]);
  await home.answer(0, first, "--once");
  assert.deepEqual([await home.text("a"), await home.text("b")], ["a ", ""]);
});
