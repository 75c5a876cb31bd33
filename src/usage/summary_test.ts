import assert from "node:assert/strict";
import { openFiles } from "../platform/files.ts";
import { createFakeClock } from "../../tests/fakes/clock.ts";
import type { CallLine, ReservedLine, TurnLine, UsageLine } from "./entry.ts";
import { openLedger } from "./ledger.ts";
import { summarizeUsage, sumUp } from "./summary.ts";

const base = {
  at: "2026-05-04T09:00:00.000Z",
  day: "2026-05-04",
  turn: "t1",
  origin: "cli",
} as const;

function call(id: string, changes: Partial<CallLine> = {}): CallLine {
  return {
    kind: "call",
    ...base,
    call: id,
    purpose: "clam",
    model: "openrouter/a",
    input: 100,
    cached: 40,
    output: 10,
    usd: 0.5,
    counted: 0.5,
    ms: 900,
    outcome: "ok",
    ...changes,
  };
}

function reserved(id: string): ReservedLine {
  const { purpose, model } = call(id);
  return { kind: "reserved", ...base, call: id, purpose, model, tokens: 1000, counted: 2 };
}

function turn(reused: boolean, savedCalls = 0): TurnLine {
  return { kind: "turn", ...base, reused, savedCalls };
}

Deno.test("tokens, calls and cost are summed by day, model and origin (A267)", () => {
  const sums = sumUp([
    call("1"),
    call("2", { model: "groq/b", usd: null, counted: 0, outcome: "provider_rate" }),
    call("3", { day: "2026-05-05", origin: "telegram" }),
  ]);
  assert.deepEqual(sums.total, {
    name: "total",
    calls: 3,
    failed: 1,
    inputTokens: 300,
    cachedTokens: 120,
    outputTokens: 30,
    usd: 1,
    unpriced: 1,
  });
  assert.deepEqual(sums.byDay.map(({ name, calls }) => [name, calls]), [
    ["2026-05-04", 2],
    ["2026-05-05", 1],
  ]);
  assert.deepEqual(sums.byModel.map(({ name }) => name), ["groq/b", "openrouter/a"]);
  assert.deepEqual(sums.byOrigin.map(({ name }) => name), ["cli", "telegram"]);
});

Deno.test("a request counts once, and with its reservation until it is settled", () => {
  const sums = sumUp([reserved("1"), call("1"), reserved("2")]);
  assert.equal(sums.total.calls, 2);
  assert.equal(sums.total.failed, 1);
  assert.equal(sums.total.inputTokens, 1100);
  assert.equal(sums.total.usd, 2.5);
});

Deno.test("turns answered by kept clams and the requests they saved are counted", () => {
  const sums = sumUp([turn(true, 3), turn(false), turn(true, 2)]);
  assert.deepEqual([sums.turns, sums.reused, sums.savedCalls], [3, 2, 5]);
});

Deno.test("nothing used is all zero", () => {
  const { total, byDay, turns } = sumUp([]);
  assert.deepEqual([total.calls, total.usd, byDay, turns], [0, 0, [], 0]);
});

Deno.test("the last days are read over months, and broken lines are told", async () => {
  const home = await Deno.makeTempDir();
  try {
    const write = (name: string, lines: readonly (UsageLine | string)[]) =>
      Deno.writeTextFile(
        `${home}/${name}`,
        lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join(""),
      );
    await write("2026-03.jsonl", [call("0", { day: "2026-03-31" })]);
    await write("2026-04.jsonl", [
      call("1", { day: "2026-04-27" }),
      call("2", { day: "2026-04-28" }),
    ]);
    await write("2026-05.jsonl", [call("3"), "torn {"]);
    const clock = createFakeClock(Date.parse("2026-05-04T12:00:00Z"));
    const ledger = openLedger(openFiles(home), clock);
    const summary = await summarizeUsage(ledger, 7, clock.now());
    assert.deepEqual([summary.from, summary.to], ["2026-04-28", "2026-05-04"]);
    assert.deepEqual([summary.total.calls, summary.broken], [2, 1]);
    assert.equal((await summarizeUsage(ledger, 1, clock.now())).total.calls, 1);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
});
