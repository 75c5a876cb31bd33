import assert from "node:assert/strict";
import fc from "fast-check";
import type { CodedError } from "../domain/failure.ts";
import { createRandom } from "../platform/deno.ts";
import { openFiles } from "../platform/files.ts";
import { createFakeClock, type FakeClock } from "../../tests/fakes/clock.ts";
import { type Budget, type BudgetLimits, createBudget, type Wanted } from "./budget.ts";
import { type Ledger, openLedger } from "./ledger.ts";

interface Bench {
  readonly home: string;
  readonly clock: FakeClock;
  readonly ledger: Ledger;
  open(limits: Partial<BudgetLimits>, ledger?: Ledger): Budget;
}

async function withBench(test: (bench: Bench) => Promise<void>): Promise<void> {
  const home = await Deno.makeTempDir();
  const clock = createFakeClock(Date.parse("2026-05-04T09:30:00Z"));
  const ledger = openLedger(openFiles(home), clock);
  const open: Bench["open"] = (limits, own = ledger) =>
    createBudget({
      limits: { perTurn: {}, perDay: {}, ...limits },
      ledger: own,
      clock,
      random: createRandom(),
    });
  try {
    await test({ home, clock, ledger, open });
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

const WANTED: Wanted = {
  turn: "turn-1",
  origin: "cli",
  purpose: "clam",
  model: "openrouter/x",
  inputTokens: 1000,
  maxOutputTokens: 500,
  price: { inputPerMillion: 2, outputPerMillion: 10 }, // 0.002 + 0.005 dollars
};

const usage = { inputTokens: 900, outputTokens: 50, cachedInputTokens: 0, costUsd: 0.0023 };
const over = { code: "budget_exceeded" };

Deno.test("requests of one turn are limited in number, whatever came of them (A92)", () =>
  withBench(async ({ open }) => {
    const budget = open({ perTurn: { calls: 2 } });
    await (await budget.reserve(WANTED)).settle({ outcome: "ok", usage });
    await (await budget.reserve(WANTED)).settle({ outcome: "provider_broken" });
    await assert.rejects(budget.reserve(WANTED), (error: Error) => {
      assert.match(error.message, /budget of 2 requests to models for one request/);
      return true;
    });
    await budget.reserve({ ...WANTED, turn: "turn-2" });
  }));

Deno.test("what is under way counts with all that it may use (A274)", () =>
  withBench(async ({ open }) => {
    const budget = open({ perDay: { tokens: 3000 } });
    const first = await budget.reserve(WANTED);
    await budget.reserve({ ...WANTED, turn: "turn-2" });
    await assert.rejects(budget.reserve(WANTED), over);
    await first.settle({ outcome: "ok", usage }); // 950 of 1500
    await assert.rejects(budget.reserve(WANTED), over);
    await budget.reserve({ ...WANTED, inputTokens: 550, maxOutputTokens: 0 });
  }));

Deno.test("money is limited in one turn and in one day", () =>
  withBench(async ({ open, clock }) => {
    const budget = open({ perTurn: { usd: 0.01 }, perDay: { usd: 0.015 } });
    await budget.reserve(WANTED);
    await assert.rejects(budget.reserve(WANTED), /0.01 dollars for one request/);
    await budget.reserve({ ...WANTED, turn: "turn-2" });
    await assert.rejects(
      budget.reserve({ ...WANTED, turn: "turn-3" }),
      /0.015 dollars for one day/,
    );
    clock.advance(24 * 60 * 60 * 1000);
    await budget.reserve({ ...WANTED, turn: "turn-3" });
  }));

Deno.test("a limit of nothing allows nothing", () =>
  withBench(async ({ open }) => {
    for (const limit of [{ calls: 0 }, { tokens: 0 }, { usd: 0 }]) {
      await assert.rejects(open({ perTurn: limit }).reserve(WANTED), over);
    }
    const free = { ...WANTED, price: { inputPerMillion: 0, outputPerMillion: 0 } };
    await open({ perDay: { usd: 0 } }).reserve(free);
  }));

Deno.test("an unknown price is refused where money is limited, or counts as configured (A274)", () =>
  withBench(async ({ open }) => {
    const unknown = { ...WANTED, price: undefined };
    await assert.rejects(open({ perDay: { usd: 100 } }).reserve(unknown), (error: Error) => {
      assert.match(error.message, /Nobody knows what openrouter\/x costs/);
      return true;
    });
    const half = { perDay: { usd: 100 }, unknownPrice: { inputPerMillion: 1 } };
    await assert.rejects(open(half).reserve(unknown), over);
    await open({ perDay: { calls: 9 } }).reserve(unknown);
    const unknownPrice = { inputPerMillion: 1000, outputPerMillion: 1000 }; // 1.5 dollars
    const assuming = open({ perDay: { usd: 2 }, unknownPrice });
    const first = await assuming.reserve(unknown);
    await assert.rejects(assuming.reserve(unknown), over);
    await first.settle({ outcome: "ok", usage: { ...usage, costUsd: undefined } }); // 0.95
    await assert.rejects(assuming.reserve({ ...unknown, turn: "turn-2" }), over);
  }));

Deno.test("numbers that are none are refused, not allowed", () =>
  withBench(async ({ open }) => {
    const budget = open({ perTurn: { tokens: 1000, usd: 1 } });
    await assert.rejects(budget.reserve({ ...WANTED, inputTokens: NaN }), over);
    await assert.rejects(budget.reserve({ ...WANTED, inputTokens: Infinity }), over);
  }));

Deno.test("a request whose end nobody knows has used all that was reserved", () =>
  withBench(async ({ open, ledger }) => {
    const budget = open({ perDay: { tokens: 2000 } });
    await (await budget.reserve(WANTED)).settle({ outcome: "provider_timeout" });
    await assert.rejects(budget.reserve(WANTED), over);
    const { lines } = await ledger.read("2026-05-04");
    const call = lines.find(({ kind }) => kind === "call");
    assert.ok(call?.kind === "call");
    assert.deepEqual([call.input, call.output, call.outcome], [1000, 500, "provider_timeout"]);
  }));

Deno.test("a process that died while a request was under way leaves it counted", () =>
  withBench(async ({ home, clock, open }) => {
    await open({}).reserve(WANTED);
    const later = open({ perDay: { calls: 1 } }, openLedger(openFiles(home), clock));
    await assert.rejects(later.reserve({ ...WANTED, turn: "other" }), over);
  }));

Deno.test("processes at the same time never use more than the limit together", () =>
  withBench(async ({ home, clock, open }) => {
    const budgets = Array.from(
      { length: 4 },
      () => open({ perDay: { calls: 10 } }, openLedger(openFiles(home), clock)),
    );
    const results = await Promise.allSettled(
      Array.from({ length: 40 }, (_, index) => budgets[index % 4]!.reserve(WANTED)),
    );
    assert.equal(results.filter(({ status }) => status === "fulfilled").length, 10);
  }));

Deno.test("whatever is asked and used, no limit is ever exceeded", () =>
  withBench(async ({ home, open }) => {
    const step = fc.record({
      turn: fc.constantFrom("a", "b"),
      input: fc.nat(400),
      output: fc.nat(400),
      used: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const files = openFiles(home).under(crypto.randomUUID());
        const own = openLedger(files, createFakeClock());
        const budget = open({ perTurn: { tokens: 900 }, perDay: { tokens: 1500, calls: 8 } }, own);
        for (const { turn, input, output, used } of steps) {
          const wanted = { ...WANTED, turn, inputTokens: input, maxOutputTokens: output };
          const reservation = await budget.reserve(wanted).catch(() => undefined);
          if (used === null) continue;
          const outputTokens = Math.floor(output * used);
          await reservation?.settle({
            outcome: "ok",
            usage: { ...usage, inputTokens: input, outputTokens },
          });
        }
        const { lines } = await own.read("2000-01-01");
        const ended = new Set(lines.flatMap((line) => line.kind === "call" ? [line.call] : []));
        const sum = (turn?: string) =>
          lines.filter((line) => turn === undefined || line.turn === turn).reduce((all, line) => {
            if (line.kind === "call") return all + line.input + line.output;
            return line.kind === "reserved" && !ended.has(line.call) ? all + line.tokens : all;
          }, 0);
        assert.ok(sum() <= 1500 && sum("a") <= 900 && sum("b") <= 900);
        assert.ok(lines.filter(({ kind }) => kind === "reserved").length <= 8);
      }),
      { numRuns: 25 },
    );
  }));

for (
  const [what, damage] of [
    ["a line that is no JSON", "{broken\n"],
    ["a line of another form", '{"kind":"call"}\n'],
    [
      "a negative number",
      '{"kind":"turn","at":"x","day":"2026-05-04","turn":"t","origin":"cli","savedCalls":-1}\n',
    ],
    ["no finite number", callLine({ input: "1e999" })],
    ["more than there is", callLine({ counted: "1e300" })],
    ["a cost in words", callLine({ usd: '"0.5"' })],
    ["a list", "[1]\n"],
    ["null", "null\n"],
    ["text that is none", "\u0000\ufffd\n"],
  ] as const
) {
  Deno.test(`a ledger with ${what} loses that line only, and says where it is (A274)`, () =>
    withBench(async ({ home, clock, ledger, open }) => {
      const budget = open({ perDay: { calls: 3, usd: 100 } });
      await budget.reserve(WANTED);
      await Deno.writeTextFile(`${home}/2026-05.jsonl`, `\n${damage}`, { append: true });
      await budget.reserve(WANTED);
      const later = open({ perDay: { calls: 3 } }, openLedger(openFiles(home), clock));
      await later.reserve(WANTED);
      await assert.rejects(later.reserve(WANTED), over); // the others count as before
      await assert.rejects(budget.reserve(WANTED), over);
      assert.deepEqual(await ledger.problems(), [{ file: "2026-05.jsonl", line: 3 }]);
      assert.equal((await ledger.read("2026-05-04")).broken, 1);
    }));
}

/** A whole line with one field in other words. */
function callLine(fields: Readonly<Record<string, string>>): string {
  const line = {
    ...{ kind: '"call"', at: '"x"', day: '"2026-05-04"', turn: '"t"', origin: '"cli"' },
    ...{ call: '"c"', purpose: '"text"', model: '"m"', input: "1", cached: "0", output: "1" },
    ...{ usd: "null", counted: "0", ms: "1", outcome: '"ok"' },
    ...fields,
  };
  return `{${Object.entries(line).map(([name, value]) => `"${name}":${value}`).join()}}\n`;
}

Deno.test("a whole line is read, so that those above are refused for what they change", () =>
  withBench(async ({ home, ledger }) => {
    await Deno.writeTextFile(`${home}/2026-05.jsonl`, callLine({}) + callLine({ usd: "0.5" }));
    assert.deepEqual(await ledger.problems(), []);
    assert.equal((await ledger.read("2026-05-04")).lines.length, 2);
  }));

Deno.test("a ledger that cannot be written refuses what cannot be reserved, and that only", () =>
  withBench(async ({ home, open }) => {
    const budget = open({ perDay: { tokens: 4000 } });
    await (await budget.reserve(WANTED)).settle({ outcome: "ok", usage }); // 950
    const reservation = await budget.reserve(WANTED);
    await Deno.rename(`${home}/2026-05.jsonl`, `${home}/away`);
    await Deno.mkdir(`${home}/2026-05.jsonl`);
    await reservation.settle({ outcome: "ok", usage });
    await assert.rejects(budget.reserve(WANTED), /cannot be used/);
    await Deno.remove(`${home}/2026-05.jsonl`);
    await Deno.rename(`${home}/away`, `${home}/2026-05.jsonl`);
    await budget.reserve(WANTED);
    // what could not be written down counts as reserved: 950 + 1500 + 1500
    await assert.rejects(budget.reserve({ ...WANTED, inputTokens: 51, maxOutputTokens: 0 }), over);
    await budget.reserve({ ...WANTED, inputTokens: 50, maxOutputTokens: 0 });
  }));

Deno.test("nothing is written that would not be read again", () =>
  withBench(async ({ open, ledger }) => {
    const budget = open({});
    const wrong = [NaN, Infinity, -10_000, 1e300, "12", {}, null, undefined] as number[];
    for (const inputTokens of wrong.slice(0, 4)) {
      await assert.rejects(budget.reserve({ ...WANTED, inputTokens }), over);
    }
    for (const number of wrong) {
      const reservation = await budget.reserve(WANTED);
      await reservation.settle({ outcome: "ok", usage: { ...usage, outputTokens: number } });
    }
    assert.deepEqual(await ledger.problems(), []);
    const { lines } = await ledger.read("2026-05-04");
    assert.equal(lines.filter(({ kind }) => kind === "reserved").length, wrong.length);
    assert.equal(lines.filter(({ kind }) => kind === "call").length, 0);
    await budget.reserve(WANTED);
  }));

Deno.test("an unfinished line of a killed process is dropped, and counting goes on", () =>
  withBench(async ({ home, clock, open, ledger }) => {
    await open({}).reserve(WANTED);
    await Deno.writeTextFile(`${home}/2026-05.jsonl`, '{"kind":"res', { append: true });
    const later = open({ perDay: { calls: 2 } }, openLedger(openFiles(home), clock));
    await later.reserve(WANTED);
    await assert.rejects(later.reserve(WANTED), over);
    assert.equal((await ledger.read("2026-05-04")).broken, 0);
  }));

Deno.test("a turn over midnight and over the end of a month keeps its budget", () =>
  withBench(async ({ home, open }) => {
    const clock = createFakeClock(Date.parse("2026-05-31T23:50:00Z"));
    const own = openLedger(openFiles(home).under("own"), clock);
    const budget = open({ perTurn: { calls: 2 } }, own);
    await budget.reserve(WANTED);
    clock.advance(20 * 60 * 1000);
    await budget.reserve(WANTED);
    await assert.rejects(budget.reserve(WANTED), over);
  }));

Deno.test("turns are written down and not remembered: they count against nothing", () =>
  withBench(async ({ ledger }) => {
    const { turn, origin } = WANTED;
    const seen: number[] = [];
    for (let n = 0; n < 3; n++) {
      await ledger.add((recent, stamp) => {
        seen.push(recent.length);
        return { kind: "turn", ...stamp, turn, origin, reused: true, savedCalls: 2 };
      });
    }
    assert.deepEqual(seen, [0, 0, 0]);
    assert.equal((await ledger.read("2026-05-04")).lines.length, 3);
  }));

Deno.test("days are the person's own", () =>
  withBench(({ home, clock }) => {
    const at = Date.parse("2026-05-04T23:30:00Z");
    assert.equal(openLedger(openFiles(home), clock, "Asia/Tokyo").day(at), "2026-05-05");
    assert.equal(openLedger(openFiles(home), clock, "America/New_York").day(at), "2026-05-04");
    return Promise.resolve();
  }));

Deno.test("what comes from one place has limits of its own, for a day (A274)", () =>
  withBench(async ({ open, clock }) => {
    const budget = open({
      perOrigin: { cron: { calls: 1, tokens: 9000 }, telegram: { usd: 0.01 } },
    });
    await budget.reserve({ ...WANTED, origin: "cron" });
    const again = { ...WANTED, origin: "cron", turn: "turn-2" } as const;
    await assert.rejects(budget.reserve(again), (error: CodedError) => {
      assert.match(error.message, /1 requests to models for what comes from cron in one day/);
      assert.match(error.failure.hint ?? "", /agents\.budgets\.perOrigin\.cron\.calls/);
      return true;
    });
    await budget.reserve(WANTED); // the person's own
    const unpriced = { ...WANTED, origin: "telegram", price: undefined } as const;
    await assert.rejects(budget.reserve(unpriced), /Nobody knows what/);
    await budget.reserve({ ...WANTED, origin: "telegram" });
    await assert.rejects(budget.reserve({ ...WANTED, origin: "telegram" }), /0.01 dollars/);
    clock.advance(24 * 60 * 60 * 1000);
    await budget.reserve(again);
  }));

Deno.test("guests have limits of their own, each and together, and owners do not share them (A279)", () =>
  withBench(async ({ open, clock }) => {
    const budget = open({ perGuest: { calls: 1 }, guests: { calls: 2 } });
    const of = (guest: string) => ({ ...WANTED, turn: `of-${guest}`, guest });
    await budget.reserve(of("telegram:1"));
    await assert.rejects(budget.reserve(of("telegram:1")), /for one guest in one day/);
    await budget.reserve(of("telegram:2"));
    await assert.rejects(budget.reserve(of("telegram:3")), /for all guests in one day/);
    await budget.reserve(WANTED);
    clock.advance(24 * 60 * 60 * 1000);
    await budget.reserve(of("telegram:1"));
  }));
