import assert from "node:assert/strict";
import fc from "fast-check";
import { SOME_PROGRAM, SOME_TURN } from "../../tests/fakes/alone.ts";
import { MemoryDisk } from "../../tests/fakes/memory_disk.ts";
import { attemptOf, openTestRuns } from "../../tests/fakes/runs.ts";
import type { ApprovalRequest } from "../approvals/approver.ts";
import type { Attempt, CallResult } from "./attempt.ts";
import type { IntentLine } from "./line.ts";
import type { Run } from "./run.ts";

const result = (value: number): CallResult => ({ kind: "result", value });
const failure: CallResult = { kind: "error", failure: { code: "tool_failed", message: "no" } };
const done = (what: CallResult) => ({ kind: "done", result: what });
const NEW = { kind: "new" };
const open = (): Run => openTestRuns().open(SOME_TURN);
const PATH = (name: string) => `/home/runs/${name}`;

function intentOf(call: number, fingerprint: string, repeatable = false): Omit<IntentLine, "kind"> {
  const effect = repeatable ? "read" : "write";
  return {
    ...{ call, print: `p${fingerprint}`, fingerprint, effect, repeatable },
    ...{ tool: "post", args: { a: fingerprint }, decision: "once" },
  };
}

async function record(
  attempt: Attempt,
  fingerprint: string,
  what: CallResult,
  call = 1,
): Promise<void> {
  const intent = await attempt.intend(intentOf(call, fingerprint));
  intent.done(what);
  await tell(attempt, fingerprint, what, call);
}

async function tell(
  attempt: Attempt,
  fingerprint: string,
  what: CallResult,
  call: number,
  happened = true,
) {
  const record = {
    tool: "post",
    args: { a: fingerprint },
    decision: "once",
    outcome: "ok",
  } as const;
  await attempt.tell({
    ...{ call, print: `p${fingerprint}`, fingerprint, result: what, now: 1000 + call, record },
    ...{ foreign: false, happened, durable: true },
  }, Promise.resolve());
}

Deno.test("a run knows nothing at first", async () => {
  const attempt = await open().beginAttempt(SOME_PROGRAM, null);
  assert.deepEqual(attempt.recall("a"), NEW);
  assert.deepEqual(await attempt.find({ call: 1, print: "p" }), NEW);
});

Deno.test("an attempt is not answered from what it did itself", async () => {
  const attempt = await open().beginAttempt(SOME_PROGRAM, null);
  await record(attempt, "a", result(1));
  assert.deepEqual(attempt.recall("a"), NEW);
});

Deno.test("the next attempt is answered by what the one before did, failures too", async () => {
  const run = open();
  const first = await run.beginAttempt(SOME_PROGRAM, null);
  await record(first, "a", result(1));
  await record(first, "b", failure, 2);
  const second = await run.beginAttempt(SOME_PROGRAM, null);
  assert.deepEqual(second.recall("b"), done(failure));
  assert.deepEqual(second.recall("a"), done(result(1)));
  assert.deepEqual(second.recall("c"), NEW);
});

Deno.test("a third attempt is answered by all that the first and the second did", async () => {
  const run = open();
  await record(await run.beginAttempt(SOME_PROGRAM, null), "a", result(1));
  const second = await run.beginAttempt(SOME_PROGRAM, null);
  second.recall("a");
  await record(second, "a", result(2));
  const third = await run.beginAttempt(SOME_PROGRAM, null);
  assert.deepEqual([third.recall("a"), third.recall("a")], [done(result(1)), done(result(2))]);
});

Deno.test("what an attempt recalls is not taken from another attempt", async () => {
  const run = open();
  await record(await run.beginAttempt(SOME_PROGRAM, null), "a", result(1));
  const [one, other] = [attemptOf(run), attemptOf(run)];
  for (const attempt of [one, other]) await attempt.find({ call: 1, print: "" });
  assert.deepEqual([one.recall("a"), other.recall("a")], [done(result(1)), done(result(1))]);
});

Deno.test("what is begun and never ended is in doubt, unless it can be repeated", async () => {
  const run = open();
  const first = await run.beginAttempt(SOME_PROGRAM, null);
  await first.intend(intentOf(1, "changes"));
  await first.intend(intentOf(2, "reads", true));
  const second = await run.beginAttempt(SOME_PROGRAM, null);
  assert.deepEqual(second.recall("changes"), { kind: "in_doubt" });
  assert.deepEqual(second.recall("reads"), NEW);
});

Deno.test("equal calls are recalled in the order in which they were done, whatever they were", async () => {
  const made = fc.array(fc.tuple(fc.constantFrom("a", "b", "c"), fc.nat()), { maxLength: 12 });
  await fc.assert(fc.asyncProperty(made, fc.boolean(), async (calls, again) => {
    const disk = new MemoryDisk();
    const run = openTestRuns({}, disk).open(SOME_TURN);
    const first = await run.beginAttempt(SOME_PROGRAM, null);
    for (const [index, [name, value]] of calls.entries()) {
      await record(first, name, result(value), index + 1);
    }
    // a process that takes the run up knows as much as the one that began it
    let later = run;
    if (again) {
      await run.beginAttempt(SOME_PROGRAM, null);
      await run.close();
      later = await openTestRuns({}, disk).takeUp("t");
    }
    const second = again
      ? (await later.lastAttempt() ?? assert.fail()).attempt
      : await later.beginAttempt(SOME_PROGRAM, null);
    for (const [name, value] of calls) assert.deepEqual(second.recall(name), done(result(value)));
    for (const name of ["a", "b", "c"]) assert.deepEqual(second.recall(name), NEW);
    await later.close();
  }));
});

Deno.test("what was not done after all is forgotten", async () => {
  const run = open();
  await (await (await run.beginAttempt(SOME_PROGRAM, null)).intend(intentOf(1, "a"))).undone();
  assert.deepEqual((await run.beginAttempt(SOME_PROGRAM, null)).recall("a"), NEW);
});

Deno.test("a run that is taken up again tells what was told, in the order in which it was", async () => {
  await fc.assert(fc.asyncProperty(
    fc.array(fc.nat(40), { minLength: 1, maxLength: 6 }),
    fc.nat(7),
    async (order, begun) => {
      const disk = new MemoryDisk();
      const run = openTestRuns({}, disk).open(SOME_TURN);
      const attempt = await run.beginAttempt(SOME_PROGRAM, { memo: 1 });
      const told = order.map((weight, index) => ({ call: index + 1, weight }))
        .sort((a, b) => a.weight - b.weight).map(({ call }) => call);
      for (const call of told) await record(attempt, `f${call}`, result(call), call);
      const last = order.length + 1;
      if (begun > 3) await attempt.intend(intentOf(last, "last", begun === 4));
      await run.close();

      const again = await openTestRuns({}, disk).takeUp("t");
      const { attempt: second, memo, program } = await again.lastAttempt() ?? assert.fail();
      assert.deepEqual([memo, program], [{ memo: 1 }, SOME_PROGRAM]);
      const came: number[] = [];
      const calls = order.map(async (_, index) => {
        const call = index + 1;
        const found = await second.find({ call, print: `pf${call}` });
        assert.equal(found.kind, "told");
        if (found.kind === "told") {
          assert.deepEqual([found.result, found.line.now], [result(call), 1000 + call]);
        }
        came.push(call);
      });
      const next = await second.find({ call: last, print: "plast" });
      await Promise.all(calls);
      assert.deepEqual(came, told);
      assert.equal(next.kind, begun > 4 ? "in_doubt" : "new");
      assert.equal(second.isCaughtUp, true);
      await again.close();
    },
  ));
});

Deno.test("what answered a call before a kill answers no later one", async () => {
  const disk = new MemoryDisk();
  const run = openTestRuns({}, disk).open(SOME_TURN);
  await record(await run.beginAttempt(SOME_PROGRAM, null), "a", result(1));
  const second = await run.beginAttempt(SOME_PROGRAM, null);
  assert.deepEqual(second.recall("a"), done(result(1)));
  await tell(second, "a", result(1), 1, false);
  await run.close();

  const again = await openTestRuns({}, disk).takeUp("t");
  const { attempt } = await again.lastAttempt() ?? assert.fail();
  assert.equal((await attempt.find({ call: 1, print: "pa" })).kind, "told");
  assert.deepEqual(attempt.recall("a"), NEW);
  await again.close();
});

Deno.test("a call that a process began and another one did is one event", async () => {
  const disk = new MemoryDisk();
  const run = openTestRuns({}, disk).open(SOME_TURN);
  await (await run.beginAttempt(SOME_PROGRAM, null)).intend(intentOf(1, "a", true));
  await run.close();

  const again = await openTestRuns({}, disk).takeUp("t");
  const { attempt } = await again.lastAttempt() ?? assert.fail();
  assert.deepEqual(await attempt.find({ call: 1, print: "pa" }), NEW);
  await record(attempt, "a", result(1), 1);
  const next = await again.beginAttempt(SOME_PROGRAM, null);
  assert.deepEqual([next.recall("a"), next.recall("a")], [done(result(1)), NEW]);
  await again.close();
});

Deno.test("another call in the place of one that was told has another way", async () => {
  const disk = new MemoryDisk();
  const run = openTestRuns({}, disk).open(SOME_TURN);
  await record(await run.beginAttempt(SOME_PROGRAM, null), "a", result(1));
  await run.close();
  const again = await openTestRuns({}, disk).takeUp("t");
  const last = await again.lastAttempt() ?? assert.fail();
  assert.equal(last.attempt.isCaughtUp, false);
  assert.deepEqual(await last.attempt.find({ call: 1, print: "other" }), { kind: "diverged" });
});

Deno.test("P091, P093: cut anywhere in its last line, a run goes on with everything before it", async () => {
  const disk = new MemoryDisk();
  const run = openTestRuns({}, disk).open(SOME_TURN);
  const attempt = await run.beginAttempt(SOME_PROGRAM, null);
  await record(attempt, "a", { kind: "result", value: "€" }, 1);
  await record(attempt, "b", { kind: "result", value: "€uro" }, 2);
  await run.close();
  const name = nameOf(disk);
  const whole = new TextEncoder().encode(disk.texts().get(PATH(name)) ?? "");
  const lastStart = whole.lastIndexOf(10, whole.length - 2) + 1;
  for (let length = lastStart; length < whole.length; length += 3) {
    const later = disk.restarted();
    await later.openFiles("/home/runs").replace(name, whole.subarray(0, length));
    const runs = openTestRuns({}, later);
    const again = await runs.takeUp("t");
    await again.ask({ call: 3, fingerprint: "f", matter: { kind: "call", request: REQUEST } });
    await again.close();
    const { state, record } = await runs.find("t");
    assert.equal(state, "waiting", `${length}`);
    assert.deepEqual(record?.attempts[0]?.told.map(({ call }) => call), [1]);
  }
});

Deno.test("P094: a line that was changed makes its run a damaged one, and no other", async () => {
  const disk = new MemoryDisk();
  const runs = openTestRuns({}, disk);
  for (const turn of ["one", "two"]) {
    const run = runs.open({ ...SOME_TURN, turn });
    await record(await run.beginAttempt(SOME_PROGRAM, null), "a", result(1));
    await run.close();
  }
  const files = disk.openFiles("/home/runs");
  const name = nameOf(disk, "one");
  const text = await files.readText(name) ?? "";
  const lines = text.split("\n");
  const changes: Record<string, string> = {
    "a byte": text.replace('"tool":"post"', '"tool":"past"'),
    "a line less": lines.toSpliced(2, 1).join("\n"),
    "lines in another order": [lines[0], lines[2], lines[1], ...lines.slice(3)].join("\n"),
    "a seal of another line": text.replace(/"seal":"\w+"\}\n$/, `"seal":"${"0".repeat(64)}"}\n`),
    "no line at all": "nothing of ours\n",
  };
  for (const [what, changed] of Object.entries(changes)) {
    await files.replace(name, changed);
    assert.equal((await runs.find("one")).state, "damaged", what);
    await assert.rejects(runs.takeUp("one"), { code: "run_damaged" }, what);
    await assert.rejects(runs.programs("one"), { code: "run_damaged" }, what);
  }
  assert.equal((await runs.find("two")).state, "interrupted");
  await files.replace(name, text);
  assert.equal((await runs.find("one")).state, "interrupted");
});

Deno.test("A127, P090: a question is answered once, by whoever comes first", async () => {
  const { runs, question } = await askedRun();
  const by = (person: string) => ({ channel: "telegram", person });
  const answers = await Promise.allSettled([
    runs.answer(question, { kind: "once" }, by("a")),
    runs.answer(question, { kind: "reject" }, by("b")),
  ]);
  assert.deepEqual(answers.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  const { record } = await runs.find("t");
  assert.equal(record?.questions.filter(({ answer }) => answer).length, 1);
  await assert.rejects(runs.answer(question, { kind: "once" }, by("a")), {
    code: "question_closed",
    message: /answered already/,
  });
  await assert.rejects(runs.answer("other", { kind: "once" }, by("a")), {
    code: "question_closed",
    message: /There is no question/,
  });
});

Deno.test("A128: a question whose time is over takes no answer", async () => {
  let now = 0;
  const clock = { now: () => now };
  const { runs, question } = await askedRun(clock);
  now = 3_600_000;
  await assert.rejects(runs.answer(question, { kind: "once" }, { channel: "cli" }), {
    code: "question_closed",
    message: /came to its end/,
  });
});

Deno.test("a run that a process is at is left alone, and told as running", async () => {
  const disk = new MemoryDisk();
  const here = openTestRuns({ clock: hurried() }, disk);
  const run = here.open(SOME_TURN);
  await run.beginAttempt(SOME_PROGRAM, null);
  assert.equal((await here.find("t")).state, "running");
  await assert.rejects(here.takeUp("t"), { code: "run_busy" });
  await run.end("completed");
  assert.equal((await here.find("t")).state, "completed");
  await assert.rejects(here.takeUp("t"), { code: "run_ended" });
});

Deno.test("a large result stands beside the file and comes back whole", async () => {
  const disk = new MemoryDisk();
  const run = openTestRuns({}, disk).open(SOME_TURN);
  const large: CallResult = { kind: "result", value: "é".repeat(100_000) };
  await record(await run.beginAttempt(SOME_PROGRAM, null), "a", large);
  await run.close();
  assert.ok((disk.texts().get(PATH(nameOf(disk)))?.length ?? 0) < 10_000);
  const again = await openTestRuns({}, disk).takeUp("t");
  const { attempt } = await again.lastAttempt() ?? assert.fail();
  const found = await attempt.find({ call: 1, print: "pa" });
  assert.deepEqual(found.kind === "told" && found.result, large);
});

Deno.test("runs that ended long ago are taken away, open ones never", async () => {
  let now = Date.parse("2026-01-01T00:00:00Z");
  const runs = openTestRuns({ clock: { ...hurried(), now: () => now } });
  for (const turn of ["ended", "open"]) {
    const run = runs.open({ ...SOME_TURN, turn });
    await run.beginAttempt(SOME_PROGRAM, null);
    if (turn === "ended") await run.end("completed");
    else await run.close();
  }
  assert.equal(await runs.sweep(), 0);
  now += 31 * 86_400_000;
  assert.equal(await runs.sweep(), 1);
  assert.deepEqual((await runs.list()).map(({ run }) => run), ["open"]);
});

Deno.test("an intent that cannot be written stands for nothing, and the next one does", async () => {
  const disk = new MemoryDisk();
  const counting = openTestRuns({}, disk).open(SOME_TURN);
  await counting.beginAttempt(SOME_PROGRAM, null);
  const failing = new MemoryDisk({ kind: "error", at: disk.writes.length + 1 });
  const run = openTestRuns({}, failing).open(SOME_TURN);
  const attempt = await run.beginAttempt(SOME_PROGRAM, null);
  await assert.rejects(attempt.intend(intentOf(1, "a")), { code: "file_failed" });
  await record(attempt, "a", result(1), 2);
  await run.close();
  const { record: whole } = await openTestRuns({}, failing).find("t");
  assert.deepEqual(whole?.attempts[0]?.told.map(({ call }) => call), [2]);
});

const REQUEST: ApprovalRequest = {
  turnId: "t",
  conversation: "cli:alone",
  call: { id: 1, tool: "post", args: {} },
  effect: "write",
  resource: { kind: "plain" },
  preview: { title: "Post", fields: [] },
  offers: [],
  standing: false,
  foreign: false,
  derived: [],
  fingerprint: "f",
};

/** A clock whose pauses take no time. */
function hurried() {
  return { now: () => 0, monotonic: () => 0, zone: () => "UTC", sleep: () => Promise.resolve() };
}

/** A run that waits for the answer to a question. */
async function askedRun(clock: { now(): number } = { now: () => 0 }) {
  const disk = new MemoryDisk();
  const paced = { ...hurried(), ...clock, sleep: () => new Promise<void>((go) => setTimeout(go)) };
  const runs = openTestRuns({ clock: paced }, disk);
  const run = runs.open(SOME_TURN);
  await run.beginAttempt(SOME_PROGRAM, null);
  const asked = { call: 1, fingerprint: "f", matter: { kind: "call", request: REQUEST } } as const;
  const { question } = await run.ask(asked);
  await run.close();
  return { runs, question };
}

function nameOf(disk: MemoryDisk, run = "t"): string {
  const path = [...disk.texts().keys()].find((one) => one.endsWith(`-${run}.jsonl`));
  return path?.replace("/home/runs/", "") ?? "";
}
