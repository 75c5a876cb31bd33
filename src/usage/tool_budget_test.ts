import assert from "node:assert/strict";
import fc from "fast-check";
import { createFakeClock } from "../../tests/fakes/clock.ts";
import { createRandom } from "../platform/deno.ts";
import { openFiles } from "../platform/files.ts";
import type { Origin } from "../domain/message.ts";
import { type Ledger, openLedger } from "./ledger.ts";
import type { SpanLimits } from "./limits.ts";
import { openToolBudget, type ToolBudget } from "./tool_budget.ts";

interface Bench {
  readonly home: string;
  readonly ledger: Ledger;
  /** Lines that were written. */
  lines(): Promise<number>;
  open(limits: Partial<SpanLimits>, turn?: string, origin?: Origin): ToolBudget;
  nextDay(): void;
}

async function withBench(test: (bench: Bench) => Promise<void>): Promise<void> {
  const home = await Deno.makeTempDir();
  const clock = createFakeClock();
  const ledger = openLedger(openFiles(home), clock);
  try {
    await test({
      home,
      ledger,
      lines: async () => (await ledger.read("2026-01-01")).lines.length,
      open: (limits, turn = "t", origin = "cli") =>
        openToolBudget({ turn, origin }, {
          limits: { perTurn: {}, perDay: {}, ...limits },
          ledger,
          random: createRandom(),
        }),
      nextDay: () => clock.advance(24 * 60 * 60 * 1000),
    });
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

/** Calls that were allowed of so many. */
async function callsOf(budget: ToolBudget, wanted: number): Promise<number> {
  const answers = await Promise.all(Array.from({ length: wanted }, () => budget.count()));
  return answers.filter((failure) => failure === undefined).length;
}

Deno.test("without a limit nothing is counted, and with one for the turn nothing is written", () =>
  withBench(async ({ open, lines }) => {
    assert.equal(await callsOf(open({}), 100), 100);
    const budget = open({ perTurn: { toolCalls: 3 } });
    assert.equal(await callsOf(budget, 5), 3);
    const failure = await budget.count();
    assert.equal(failure?.code, "budget_exceeded");
    assert.match(failure?.message ?? "", /budget of 3 tool calls for one request/);
    await budget.end();
    assert.equal(await lines(), 0);
  }));

Deno.test("a limit of the day counts what other turns used, not what they gave back (A274)", () =>
  withBench(async ({ open, nextDay }) => {
    const limits = { perDay: { toolCalls: 40 } };
    const first = open(limits, "first");
    assert.equal(await callsOf(first, 5), 5);
    await first.end();
    const second = open(limits, "second");
    assert.equal(await callsOf(second, 50), 35);
    await second.end();
    assert.match(
      (await open(limits, "third").count())?.hint ?? "",
      /agents\.budgets\.perDay\.toolCalls/,
    );
    nextDay();
    assert.equal(await callsOf(open(limits, "fourth"), 50), 40);
  }));

Deno.test("what a killed turn reserved stays counted", () =>
  withBench(async ({ open }) => {
    const limits = { perDay: { toolCalls: 40 } };
    await open(limits, "killed").count();
    const left = await callsOf(open(limits, "next"), 50);
    assert.ok(left < 39 && left >= 24, `${left}`);
  }));

Deno.test("over midnight each day has what was reserved on it, and no call counts on both", () =>
  withBench(async ({ ledger, open, nextDay }) => {
    const limits = { perDay: { toolCalls: 40 } };
    const long = open(limits, "long");
    assert.equal(await callsOf(long, 10), 10);
    nextDay();
    assert.equal(await callsOf(long, 3), 3);
    await long.end();
    assert.equal(await callsOf(open(limits, "next"), 50), 37);
    const counts = new Map<string, number>();
    for (const line of (await ledger.read("2026-01-01")).lines) {
      if (line.kind === "tools" && line.turn === "long") counts.set(line.day, line.count);
    }
    assert.deepEqual([...counts], [["2026-05-04", 10], ["2026-05-05", 3]]);
  }));

Deno.test("many calls share a write", () =>
  withBench(async ({ open, lines }) => {
    const budget = open({ perDay: { toolCalls: 1000 } });
    assert.equal(await callsOf(budget, 64), 64);
    await budget.end();
    assert.equal(await lines(), 4);
  }));

Deno.test("each origin has limits of its own", () =>
  withBench(async ({ open }) => {
    const limits = { perOrigin: { cron: { toolCalls: 2 } } };
    assert.equal(await callsOf(open(limits, "job", "cron"), 5), 2);
    const failure = await open(limits, "job-2", "cron").count();
    assert.match(failure?.hint ?? "", /agents\.budgets\.perOrigin\.cron\.toolCalls/);
    assert.equal(await callsOf(open(limits, "person"), 5), 5);
  }));

Deno.test("a ledger that cannot be written allows nothing, and no longer than it cannot", () =>
  withBench(async ({ home, open }) => {
    const budget = open({ perDay: { toolCalls: 10 } });
    await Deno.mkdir(`${home}/2026-05.jsonl`);
    assert.match((await budget.count())?.message ?? "", /ledger .* cannot be used/);
    await Deno.remove(`${home}/2026-05.jsonl`);
    assert.equal(await budget.count(), undefined);
  }));

Deno.test("turns at the same time never use more than the limit together", () =>
  fc.assert(
    fc.asyncProperty(
      fc.nat(30),
      fc.array(fc.nat(25), { maxLength: 6 }),
      (limit, wanted) =>
        withBench(async ({ open }) => {
          const limits = { perDay: { toolCalls: limit } };
          const used = await Promise.all(wanted.map(async (calls, turn) => {
            const budget = open(limits, `t${turn}`);
            const allowed = await callsOf(budget, calls);
            await budget.end();
            return allowed;
          }));
          const sum = used.reduce((all, one) => all + one, 0);
          assert.ok(sum <= limit);
          const left = await callsOf(open(limits, "last"), limit);
          assert.equal(sum + left, limit, "nothing that was given back is lost");
        }),
    ),
    { numRuns: 20 },
  ));
