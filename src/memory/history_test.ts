import assert from "node:assert/strict";
import { assertKeepsPace } from "../../tests/pace.ts";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { openFiles } from "../platform/files.ts";
import type { Clock, Files } from "../platform/platform.ts";
import { formatHistoryEntry, parseHistoryEntries } from "./_entries.ts";
import { type History, openHistory } from "./history.ts";
import { type Plainly, plainly } from "../../tests/fakes/plainly.ts";

const SEED = "# History\n\n> Summaries of earlier conversations.\n";

async function withHistory(
  test: (history: Plainly<History>, files: Files, time: { now: number }) => Promise<void>,
): Promise<void> {
  const path = await Deno.makeTempDir();
  const time = { now: Date.UTC(2026, 10, 24, 17, 5) };
  const clock: Clock = {
    now: () => time.now,
    monotonic: () => time.now,
    zone: () => "Europe/Berlin",
    sleep: () => Promise.resolve(),
  };
  try {
    const files = openFiles(path);
    const index = { files: files.under("state"), name: "history.sqlite" };
    await test(plainly(openHistory(files, index, clock)), files, time);
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

const textsOf = (entries: readonly { text: string }[]) => entries.map(({ text }) => text);

Deno.test("append() adds a dated entry and keeps every byte before it (A180)", async () => {
  await withHistory(async (history, files) => {
    await files.replace("HISTORY.md", SEED);
    await history.append("Talked about boats.\n");
    assert.equal(
      await files.readText("HISTORY.md"),
      `${SEED}\n## 2026-11-24 18:05\n\nTalked about boats.\n`,
    );
    assert.deepEqual(await history.newest(5), [
      { date: "2026-11-24 18:05", text: "Talked about boats.", marked: false },
    ]);
  });
});

Deno.test("an absent or seeded history has no entries", async () => {
  await withHistory(async (history, files) => {
    assert.deepEqual(await history.newest(5), []);
    assert.deepEqual(await history.search("history", 5), []);
    await files.replace("HISTORY.md", SEED);
    assert.deepEqual(await history.newest(5), []);
    assert.deepEqual(await history.search("history summaries", 5), []);
  });
});

Deno.test("rules, blank lines and foreign headings inside a text do not split it", async () => {
  await withHistory(async (history) => {
    const text = "One\n\n---\n\n## Not dated\n\n## 2020-01-01 10:00\nTwo\n\\## 2020-01-01 10:00 x";
    await history.append(text);
    await history.append("Next");
    assert.deepEqual(textsOf(await history.newest(5)), ["Next", text]);
  });
});

Deno.test("any entries are read back as they were written", () => {
  const line = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      "## 2026-11-24 18:05",
      "\\## 2026-11-24 18:05 <!-- marked -->",
      "---",
      "",
      "> q",
    ),
  );
  const entry = fc.record({
    date: fc.constantFrom("2026-11-24 18:05", "1999-01-01 00:00"),
    text: fc.array(line).map((lines) =>
      `x${lines.join("\n")}x`.toWellFormed().replaceAll(/\r\n?/g, "\n")
    ),
    marked: fc.boolean(),
  }, { noNullPrototype: true });
  fc.assert(fc.property(fc.array(entry), (entries) => {
    assert.deepEqual(parseHistoryEntries(SEED + entries.map(formatHistoryEntry).join("")), entries);
  }));
});

Deno.test("what a person writes into the file by hand is an entry too", () => {
  const file = `${SEED}\nBefore any date.\n\n## 2026-01-02 03:04 Holiday <!--MARKED-->\r\nSea.\r\n`;
  assert.deepEqual(parseHistoryEntries(file), [
    { date: "", text: "Before any date.", marked: false },
    { date: "2026-01-02 03:04", text: "Holiday\nSea.", marked: true },
  ]);
});

Deno.test("an interrupted append is finished by the next who looks, wherever it was cut", async () => {
  await withHistory(async (history, files) => {
    await history.append("First");
    const before = await files.readBytes("HISTORY.md") ?? new Uint8Array();
    const text = formatHistoryEntry({
      date: "2026-11-24 18:06",
      text: "Zweiter: ü — 東京",
      marked: false,
    });
    const added = new TextEncoder().encode(text);
    const pending = JSON.stringify({ size: before.length, text });
    for (let cut = 0; cut <= added.length; cut++) {
      const torn = new Uint8Array([...before, ...added.subarray(0, cut)]);
      await files.replace("HISTORY.md", torn);
      await files.replace("history-pending.json", pending);
      assert.deepEqual(textsOf(await history.newest(5)), ["Zweiter: ü — 東京", "First"]);
      assert.equal(await files.stat("history-pending.json"), undefined);
    }
    await files.replace("HISTORY.md", `${SEED}By hand\n`.repeat(9));
    await files.replace("history-pending.json", pending);
    await history.append("Third");
    assert.deepEqual(textsOf(await history.newest(2)), ["Third", "Zweiter: ü — 東京"]);
  });
});

Deno.test("search() puts most and rarest words first, and the newest among equals (A150)", async () => {
  await withHistory(async (history, _files, time) => {
    const texts = [
      "Asked about the price of gold",
      "Asked about boats",
      "Asked about the price of silver",
      "Sold a boat in 東京に行きました",
      "Asked about prices of gold again",
    ];
    for (const text of texts) {
      time.now += 60_000;
      await history.append(text);
    }
    assert.deepEqual(textsOf(await history.search("GOLD price", 10)), [
      texts[4],
      texts[0],
      texts[2],
    ]);
    assert.deepEqual(textsOf(await history.search("boats?", 2)), [texts[3], texts[1]]);
    assert.deepEqual(textsOf(await history.search("東京", 10)), [texts[3]]);
    assert.deepEqual(await history.search('" OR * NEAR( -', 10), []);
    assert.deepEqual(await history.search("", 10), []);
    assert.equal((await history.search("silver", 1))[0]?.date, "2026-11-24 18:08");
  });
});

Deno.test("the index follows the file: appended, edited, shortened, deleted", async () => {
  await withHistory(async (history, files) => {
    await history.append("Alpha");
    assert.equal((await history.search("alpha", 5)).length, 1);
    await history.append("Beta");
    assert.equal((await history.search("beta", 5)).length, 1);
    const edited = (await files.readText("HISTORY.md") ?? "").replace("Alpha", "Gamma and more");
    await files.replace("HISTORY.md", edited);
    assert.equal((await history.search("alpha", 5)).length, 0);
    assert.equal((await history.search("gamma", 5)).length, 1);
    await files.append("HISTORY.md", "goes on: delta\n");
    assert.deepEqual(textsOf(await history.search("delta", 5)), ["Beta\ngoes on: delta"]);
    await files.replace("HISTORY.md", "## 2020-01-01 10:00\nAlpha\n");
    assert.deepEqual((await history.search("alpha delta", 5)).length, 1);
    await files.remove("HISTORY.md");
    assert.deepEqual(await history.search("alpha", 5), []);
  });
});

Deno.test("the index reads only what was appended", async () => {
  await withHistory(async (history, files) => {
    await history.append("Alpha");
    await history.search("alpha", 5);
    const index = new DatabaseSync(`${files.path}/state/history.sqlite`);
    index.exec("UPDATE entry SET text = 'from the index'");
    index.close();
    await history.append("Alpha too");
    assert.deepEqual(textsOf(await history.search("alpha", 5)), ["Alpha too", "from the index"]);
  });
});

Deno.test("a broken index is made again, and one that cannot be written is done without", async () => {
  await withHistory(async (history, files) => {
    await history.append("Alpha");
    await history.search("alpha", 5);
    const place = "state/history.sqlite";
    const whole = await files.readBytes(place) ?? new Uint8Array();
    const breaks = [
      new Uint8Array(5000).fill(65),
      whole.subarray(0, 5000),
      whole.slice().fill(7, 4096),
    ];
    for (const broken of breaks) {
      await files.replace(place, broken);
      assert.equal((await history.search("alpha", 5)).length, 1);
    }
    assert.ok((await files.stat(place))?.size);
  });
  await withHistory(async (history, files) => {
    await history.append("Alpha");
    await files.makeDirectory("state");
    await Deno.chmod(`${files.path}/state`, 0o500);
    try {
      assert.equal((await history.search("alpha", 5)).length, 1);
    } finally {
      await Deno.chmod(`${files.path}/state`, 0o700);
    }
  });
});

Deno.test("search does not slow down with 100,000 entries (A290)", async () => {
  const fill = async (history: Plainly<History>, files: Files, length: number) => {
    const month = (index: number) => `20${10 + index % 15}-01-02 03:04`;
    const entries = Array.from({ length }, (_, index) =>
      formatHistoryEntry({
        date: month(index),
        text: `The person asked about topic${index % (length / 20)} and the weather`,
        marked: false,
      }));
    await files.replace("HISTORY.md", entries.join(""));
    await history.search("weather", 1); // makes the index
    return async () => {
      for (const query of ["topic42", "the person asked about the weather", "topic7 and topic8"]) {
        assert.equal((await history.search(query, 10)).length, 10);
      }
    };
  };
  await withHistory(async (many, manyFiles) =>
    await withHistory(async (few, fewFiles) => {
      const search = await fill(many, manyFiles, 100_000);
      await assertKeepsPace(search, await fill(few, fewFiles, 2_000), 25);
    })
  );
});
