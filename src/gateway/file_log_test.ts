import assert from "node:assert/strict";
import { createFakeClock, type FakeClock } from "../../tests/fakes/clock.ts";
import { MemoryDisk } from "../../tests/fakes/memory_disk.ts";
import { openFiles } from "../platform/files.ts";
import type { Files } from "../platform/platform.ts";
import { createRedactor } from "../secrets/redactor.ts";
import { createFileLog, type FileLog } from "./file_log.ts";
import { listLogFiles } from "./log_files.ts";
import { type LogEntry, readLog } from "./log_reader.ts";

const ALL = { since: 0, level: "debug" } as const;
const DAY_MS = 86_400_000;

interface World {
  readonly files: Files;
  readonly clock: FakeClock;
  open(more?: { keepDays?: number; mostBytes?: number; secret?: string }): FileLog;
  names(): Promise<string[]>;
  lines(): Promise<LogEntry[]>;
}

function worldOver(files: Files): World {
  const clock = createFakeClock(Date.parse("2026-05-04T09:30:00Z"));
  return {
    files,
    clock,
    open: ({ keepDays = 14, mostBytes = 1_000_000, secret = "" } = {}) =>
      createFileLog({
        ...{ files, clock, redactor: createRedactor([secret]) },
        bounds: { keepDays, mostBytes },
      }),
    names: async () => (await listLogFiles(files)).map(({ name }) => name),
    lines: async () => await Array.fromAsync(readLog(files, ALL)),
  };
}

function test(name: string, fn: (world: World) => Promise<void>): void {
  Deno.test(`gateway log: ${name}`, async () => {
    const directory = await Deno.makeTempDir({ prefix: "log-" });
    try {
      await fn(worldOver(openFiles(directory)));
    } finally {
      await Deno.remove(directory, { recursive: true });
    }
  });
}

test("lines are JSON with time, level, event and fields, in a file for their owner alone", async (world) => {
  const log = world.open();
  log.debug("turn_started", { turn: "m1", channel: "loopback" });
  world.clock.advance(1500);
  log.warn("turn_failed", { turn: "m1", code: "disk_full", tries: 2, last: true, why: null });
  await log.close();
  const [file] = await world.names();
  assert.equal(file, "gateway-2026-05-04.jsonl");
  assert.equal((await world.files.stat(file ?? ""))?.mode, 0o600);
  const text = await world.files.readText(file ?? "");
  assert.deepEqual(text?.trimEnd().split("\n").map((line) => JSON.parse(line)), [
    {
      ...{ at: "2026-05-04T09:30:00.000Z", level: "debug", event: "turn_started" },
      ...{ turn: "m1", channel: "loopback" },
    },
    {
      ...{ at: "2026-05-04T09:30:01.500Z", level: "warn", event: "turn_failed" },
      ...{ turn: "m1", code: "disk_full", tries: 2, last: true, why: null },
    },
  ]);
});

test("what somebody said, and what is secret, is never in it", async (world) => {
  const secret = "hunter2-hunter2";
  const log = world.open({ secret });
  log.warn("said", {
    text: "my bank is closed today",
    key: secret,
    within: `id:${secret}`,
    long: "a".repeat(500),
    object: { text: "inner words" },
    list: ["more words"],
    missing: undefined,
  });
  await log.close();
  const [line] = await world.lines();
  assert.deepEqual(line?.fields, {
    ...{ text: "[23 characters]", key: "[redacted]", within: "id:[redacted]" },
    long: "[500 characters]",
  });
});

test("a day and a size end a file, and what is too old or too much is taken away", async (world) => {
  const log = world.open({ keepDays: 2, mostBytes: 8_000 });
  const note = async (times: number) => {
    for (let n = 0; n < times; n++) {
      log.debug("event", { n, filled: "x".repeat(100) });
      await log.flushed();
    }
  };
  await note(15); // about 190 bytes each; a file has 1,000
  assert.deepEqual(await world.names(), [
    "gateway-2026-05-04.jsonl",
    "gateway-2026-05-04.1.jsonl",
    "gateway-2026-05-04.2.jsonl",
  ]);
  world.clock.advance(DAY_MS);
  await note(1);
  assert.equal((await world.names()).at(-1), "gateway-2026-05-05.jsonl");
  world.clock.advance(2 * DAY_MS);
  await note(1);
  assert.deepEqual(await world.names(), ["gateway-2026-05-05.jsonl", "gateway-2026-05-07.jsonl"]);
  await note(100);
  const sizes = await Promise.all(
    (await world.names()).map(async (name) => (await world.files.stat(name))?.size ?? 0),
  );
  const total = sizes.reduce((sum, size) => sum + size, 0);
  assert.ok(total <= 8_000 && total > 4_000, `${total} bytes are kept`);
  assert.deepEqual((await world.lines()).at(-1)?.fields["n"], 99);
  await log.close();
});

test("a torn line of an ended process costs that line alone; two processes have a file each", async (world) => {
  await world.files.append("gateway-2026-05-04.jsonl", '{"at":"2026-05-04T');
  const first = world.open();
  first.debug("one");
  await first.flushed();
  const second = world.open();
  second.debug("two");
  await second.close();
  first.debug("three");
  await first.close();
  assert.deepEqual((await world.lines()).map(({ event }) => event), ["one", "three", "two"]);
  assert.deepEqual(await world.names(), [
    "gateway-2026-05-04.jsonl",
    "gateway-2026-05-04.1.jsonl",
  ]);
});

Deno.test("gateway log: a full disk fails nobody, and what it cost is told when there is room", async () => {
  const disk = new MemoryDisk({ kind: "error", at: 1 });
  const world = worldOver(disk.openFiles("/logs"));
  const log = world.open();
  log.debug("one");
  log.debug("two");
  await log.flushed();
  log.debug("three");
  await log.close();
  assert.deepEqual(
    (await world.lines()).map(({ event, fields }) => [event, fields["lost"]]),
    [["three", undefined], ["lines_lost", 2]],
  );
});

test("readLog() gives lines since a time and of a level, and passes over what is no line", async (world) => {
  const log = world.open();
  log.debug("early");
  world.clock.advance(DAY_MS);
  log.debug("late");
  log.warn("worse");
  await log.close();
  await world.files.append("gateway-2026-05-05.jsonl", 'x\n{}\n{"at":1}\n[]\n');
  await world.files.append("other.jsonl", "{}\n");
  const read = async (wish: Parameters<typeof readLog>[1]) =>
    (await Array.fromAsync(readLog(world.files, wish))).map(({ event }) => event);
  assert.deepEqual(await read(ALL), ["early", "late", "worse"]);
  assert.deepEqual(await read({ ...ALL, since: world.clock.now() }), ["late", "worse"]);
  assert.deepEqual(await read({ ...ALL, level: "warn" }), ["worse"]);
});

test("readLog() follows over every change of file, and loses nothing", async (world) => {
  const log = world.open({ mostBytes: 2_000 }); // a file has 250 bytes
  log.debug("n0");
  await log.flushed();
  const stop = new AbortController();
  const seen: string[] = [];
  // while it waits for more, more is written, at last on the next day
  const clock = {
    ...world.clock,
    async sleep(_ms: number, signal?: AbortSignal) {
      if (seen.length >= 12) stop.abort();
      signal?.throwIfAborted();
      if (seen.length === 8) world.clock.advance(DAY_MS);
      log.debug(`n${seen.length}`);
      await log.flushed();
    },
  };
  for await (const { event } of readLog(world.files, ALL, { clock, signal: stop.signal })) {
    seen.push(event);
  }
  assert.deepEqual(seen, Array.from({ length: 12 }, (_, n) => `n${n}`));
  assert.ok((await world.names()).length > 2);
  await log.close();
});
