import assert from "node:assert/strict";
import { openFiles } from "../platform/files.ts";
import type { Clock, Files } from "../platform/platform.ts";
import { openAudit } from "./audit.ts";
import { verifyChain } from "./verify.ts";
import { plainly } from "../../tests/fakes/plainly.ts";

const START = Date.parse("2026-11-24T02:05:00Z");

function createTestClock() {
  let now = START;
  const clock: Clock = {
    now: () => now++,
    monotonic: () => now,
    zone: () => "UTC",
    sleep: () => Promise.resolve(),
  };
  return { clock, set: (iso: string) => now = Date.parse(iso) };
}

async function inLog(
  action: (files: Files, time: ReturnType<typeof createTestClock>) => Promise<void>,
): Promise<void> {
  const path = await Deno.makeTempDir();
  try {
    await action(openFiles(`${path}/audit`), createTestClock());
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

async function fill(files: Files, time: ReturnType<typeof createTestClock>): Promise<void> {
  const audit = plainly(openAudit(files, time.clock));
  for (const n of [1, 2, 3]) await audit.record("tool_call", { n, args: { z: [n], a: "ä" } });
  time.set("2026-12-01T00:00:00Z");
  for (const n of [4, 5]) await audit.record("approval", { n });
}

async function edit(files: Files, name: string, change: (lines: string[]) => void): Promise<void> {
  const lines = (await files.readText(name) ?? "").split("\n");
  change(lines);
  await files.replace(name, lines.join("\n"));
}

Deno.test("A240: lines are numbered, dated and chained over months", () =>
  inLog(async (files, time) => {
    await fill(files, time);
    const entries = await plainly(openAudit(files, time.clock)).read();
    assert.deepEqual(entries.map(({ seq, kind, n }) => [seq, kind, n]), [
      [1, "tool_call", 1],
      [2, "tool_call", 2],
      [3, "tool_call", 3],
      [4, "approval", 4],
      [5, "approval", 5],
    ]);
    assert.equal(entries[0]?.at, "2026-11-24T02:05:00.000Z");
    assert.equal(entries[0]?.prev, "0".repeat(64));
    for (const [index, entry] of entries.slice(1).entries()) {
      assert.equal(entry.prev, entries[index]?.hash);
    }
    const names = (await files.list()).map(({ name }) => name);
    assert.deepEqual(names, ["2026-11.jsonl", "2026-12.jsonl", "chain.lock"]);
    assert.deepEqual(await verifyChain(files), { kind: "intact", seq: 5, hash: entries[4]?.hash });
  }));

Deno.test("read() gives the lines of a kind and of a time", () =>
  inLog(async (files, time) => {
    await fill(files, time);
    const audit = plainly(openAudit(files, time.clock));
    const numbers = async (query: Parameters<typeof audit.read>[0]) =>
      (await audit.read(query)).map(({ n }) => n);
    assert.deepEqual(await numbers({ kind: "approval" }), [4, 5]);
    assert.deepEqual(await numbers({ since: START + 1 }), [2, 3, 4, 5]);
    assert.deepEqual(await numbers({ since: START + 1, kind: "tool_call" }), [2, 3]);
    assert.deepEqual(await numbers({ since: Date.parse("2027-01-01") }), []);
  }));

Deno.test("an empty log is intact", () =>
  inLog(async (files, { clock }) => {
    assert.deepEqual(await plainly(openAudit(files, clock)).read(), []);
    assert.deepEqual(await verifyChain(files), { kind: "intact", seq: 0, hash: "0".repeat(64) });
  }));

Deno.test("record() refuses fields that every line has", () =>
  inLog(async (files, { clock }) => {
    const audit = plainly(openAudit(files, clock));
    for (const name of ["seq", "at", "kind", "prev", "hash"]) {
      await assert.rejects(audit.record("x", { [name]: "forged" }), TypeError);
    }
    assert.deepEqual(await files.list(), []);
  }));

Deno.test("a clock that was set back does not break the chain", () =>
  inLog(async (files, time) => {
    await fill(files, time);
    time.set("2026-10-01T00:00:00Z");
    await plainly(openAudit(files, time.clock)).record("approval", { n: 6 });
    assert.equal((await verifyChain(files)).kind, "intact");
    assert.equal((await files.list()).length, 3);
  }));

Deno.test("several writers at once make one chain", () =>
  inLog(async (files, { clock }) => {
    const writers = [
      plainly(openAudit(files, clock)),
      plainly(openAudit(openFiles(files.path), clock)),
    ];
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => writers[n % 2]?.record("tool_call", { n })),
    );
    const report = await verifyChain(files);
    assert.equal(report.kind === "intact" && report.seq, 20);
  }));

Deno.test("several processes at once make one chain", () =>
  inLog(async (files) => {
    const write = () =>
      new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "--quiet", "--no-prompt", "--no-check", "--cached-only"],
          ...["--allow-read", "--allow-write"],
          ...[new URL("./testdata/writer.ts", import.meta.url).href, files.path, "15"],
        ],
        stderr: "inherit",
      }).output();
    const ends = await Promise.all([write(), write(), write()]);
    assert(ends.every(({ success }) => success));
    const report = await verifyChain(files);
    assert.equal(report.kind === "intact" && report.seq, 45);
  }));

Deno.test("A285: a changed line is found", () =>
  inLog(async (files, time) => {
    await fill(files, time);
    await edit(files, "2026-11.jsonl", (lines) => {
      lines[1] = lines[1]?.replace('"n":2', '"n":7') ?? "";
    });
    assert.deepEqual(await verifyChain(files), {
      kind: "broken",
      file: "2026-11.jsonl",
      line: 2,
      reason: "this line was changed",
    });
  }));

Deno.test("A285: a line that was made anew with a fitting hash is found by the one behind it", () =>
  inLog(async (files, time) => {
    await fill(files, time);
    const other = plainly(openAudit(files.under("other"), createTestClock().clock));
    await other.record("tool_call", { n: 7 });
    const forged = (await files.readText("other/2026-11.jsonl") ?? "").trim();
    await edit(files, "2026-11.jsonl", (lines) => {
      lines[0] = forged;
    });
    const report = await verifyChain(files);
    assert(report.kind === "broken");
    assert.equal(`${report.line} ${report.reason}`, "2 the line before this one was replaced");
  }));

Deno.test("A285: a removed line is found, also the first one and a whole month", () =>
  inLog(async (files, time) => {
    const reason = "lines before this one were taken out";
    await fill(files, time);
    await edit(files, "2026-12.jsonl", (lines) => lines.splice(0, 1));
    assert.deepEqual(await verifyChain(files), {
      kind: "broken",
      file: "2026-12.jsonl",
      line: 1,
      reason,
    });
    await files.remove("2026-11.jsonl");
    const report = await verifyChain(files);
    assert.equal(report.kind === "broken" && report.reason, reason);
  }));

Deno.test("A285: lines in another order and repeated lines are found", () =>
  inLog(async (files, time) => {
    await fill(files, time);
    const before = await files.readText("2026-11.jsonl") ?? "";
    await edit(
      files,
      "2026-11.jsonl",
      (lines) => lines.splice(0, 2, lines[1] ?? "", lines[0] ?? ""),
    );
    assert.equal((await verifyChain(files)).kind, "broken");
    await files.replace("2026-11.jsonl", before);
    await edit(files, "2026-11.jsonl", (lines) => lines.splice(1, 0, lines[0] ?? ""));
    const report = await verifyChain(files);
    assert.equal(report.kind === "broken" && report.reason, "this line stands in the wrong place");
  }));

Deno.test("A285: something foreign between lines is found", () =>
  inLog(async (files, time) => {
    await fill(files, time);
    await edit(files, "2026-11.jsonl", (lines) => lines.splice(1, 0, "hello"));
    const report = await verifyChain(files);
    assert(report.kind === "broken");
    assert.equal(`${report.line} ${report.reason}`, "3 something foreign stands before this line");
  }));

Deno.test("a torn last line is kept in the chain and the log goes on", () =>
  inLog(async (files, time) => {
    const audit = plainly(openAudit(files, time.clock));
    await audit.record("tool_call", { n: 1 });
    const torn = '{"seq":2,"at":"2026-11-24T02:05:00.001Z","kind":"too\u00e4';
    await files.append("2026-11.jsonl", torn);
    assert.equal((await verifyChain(files)).kind, "intact");
    await audit.record("tool_call", { n: 3 });
    const entries = await audit.read();
    assert.deepEqual(entries.map(({ seq, kind }) => [seq, kind]), [
      [1, "tool_call"],
      [2, "torn_line"],
      [3, "tool_call"],
    ]);
    assert.equal(entries[1]?.["bytes"], new TextEncoder().encode(torn).length);
    assert.equal((await verifyChain(files)).kind, "intact");

    await edit(files, "2026-11.jsonl", (lines) => {
      lines[1] = `${lines[1]}x`;
    });
    const report = await verifyChain(files);
    assert(report.kind === "broken");
    assert.equal(report.reason, "the unfinished line before this one was changed");
  }));

Deno.test("a process killed anywhere in a record leaves a log that goes on and is intact", () =>
  inLog(async (files, time) => {
    const audit = plainly(openAudit(files, time.clock));
    await audit.record("tool_call", { n: 1 });
    const whole = await files.readText("2026-11.jsonl") ?? "";
    await files.append("2026-11.jsonl", '{"torn');
    await audit.record("tool_call", { n: 2 });
    const all = await files.readText("2026-11.jsonl") ?? "";
    for (let length = whole.length; length <= all.length; length += 3) {
      await files.replace("2026-11.jsonl", all.slice(0, length));
      await audit.record("tool_call", { n: 3 });
      await audit.record("tool_call", { n: 4 });
      const report = await verifyChain(files);
      assert.equal(report.kind, "intact", `${length}: ${JSON.stringify(report)}`);
      assert.equal((await audit.read()).at(-1)?.["n"], 4);
    }
  }));

Deno.test("a month that begins with a torn line goes on from the month before", () =>
  inLog(async (files, time) => {
    await fill(files, time);
    await files.replace("2026-12.jsonl", '{"seq":4,"at"');
    await plainly(openAudit(files, time.clock)).record("approval", { n: 5 });
    const report = await verifyChain(files);
    assert.equal(report.kind === "intact" && report.seq, 5);
  }));

Deno.test("a tear at the end of a month is closed in its own file", () =>
  inLog(async (files, time) => {
    const audit = plainly(openAudit(files, time.clock));
    await audit.record("tool_call", { n: 1 });
    await files.append("2026-11.jsonl", "{");
    time.set("2026-12-24T00:00:00Z");
    await audit.record("tool_call", { n: 2 });
    assert.equal((await verifyChain(files)).kind, "intact");
    assert.match(await files.readText("2026-11.jsonl") ?? "", /torn_line/);
  }));

Deno.test("lines longer than a first look are found", () =>
  inLog(async (files, time) => {
    const audit = plainly(openAudit(files, time.clock));
    for (const n of [1, 2]) await audit.record("tool_call", { n, text: "x".repeat(200_000) });
    const report = await verifyChain(files);
    assert.equal(report.kind === "intact" && report.seq, 2);
  }));
