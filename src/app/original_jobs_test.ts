import assert from "node:assert/strict";
import { openHomeJobs } from "./home_jobs.ts";
import { createRandom } from "../platform/deno.ts";
import { openFiles } from "../platform/files.ts";
import { createFakeClock } from "../../tests/fakes/clock.ts";

const NOW = Date.parse("2026-11-28T10:00:00Z");

const job = (id: string, schedule: object, more: object = {}) => ({
  ...{ id, name: `job ${id}`, enabled: true, schedule, deleteAfterRun: false },
  payload: {
    kind: "agent_turn",
    message: "Hello",
    deliver: true,
    channel: "telegram",
    target: "1",
  },
  ...{ state: {}, createdAtMs: NOW - 90_000, updatedAtMs: NOW },
  ...more,
});

const FILE = JSON.stringify({
  version: 1,
  schema: "cron_store_v1",
  jobs: [
    job("aaaaaaa1", { kind: "every", everySeconds: 60 }),
    job("aaaaaaa2", { kind: "cron", cronExpr: "0 9 1-7 * 1", timezone: "Europe/Paris" }),
    job("aaaaaaa3", { kind: "at", atMs: NOW - 1_000 }),
    job("aaaaaaa4", { kind: "at", atMs: NOW - 1_000 }, { state: { lastRunAtMs: NOW - 500 } }),
    job("aaaaaaa5", { kind: "cron", cronExpr: "61 9 * * *" }),
    job("aaaaaaa6", { kind: "every", everySeconds: 60 }, { payload: { kind: "agent_turn" } }),
    job("aaaaaaa7", { kind: "every", everySeconds: 60 }, {
      ...{ enabled: false, payload: { clamId: "news", deliver: false } },
    }),
  ],
});

Deno.test("jobs of the original are taken over once, and its file is left as it is", async () => {
  const home = await Deno.makeTempDir();
  try {
    const files = openFiles(home);
    const places = [files.under("workspace/cron"), files.under("cron")];
    const originals = { places, conversation: "cli:test" };
    await files.replace("workspace/cron/jobs.json", FILE);
    await files.replace("cron/jobs.json", "{damaged");
    const clock = createFakeClock(NOW);
    const open = () =>
      openHomeJobs({ state: files.under("state"), originals, clock, random: createRandom() });
    const first = await open();
    const of = (id: string) => first.store.find(id);
    assert.equal(first.store.list().length, 5);
    assert.equal(of("aaaaaaa1")?.nextAt, NOW + 30_000, "the phase is kept");
    assert.deepEqual(of("aaaaaaa1")?.delivery, { deliver: true, channel: "telegram", target: "1" });
    // a Monday among the first seven days, where both had to fit
    assert.equal(new Date(of("aaaaaaa2")?.nextAt ?? 0).toISOString(), "2026-12-07T08:00:00.000Z");
    assert.deepEqual([of("aaaaaaa3")?.enabled, of("aaaaaaa3")?.nextAt], [true, NOW - 1_000]);
    assert.deepEqual([of("aaaaaaa4")?.enabled, of("aaaaaaa4")?.nextAt], [false, undefined]);
    assert.deepEqual(of("aaaaaaa7")?.work, { kind: "clam", clam: "news", input: {} });
    const [{ text = "" } = {}, ...more] = first.notices.take();
    assert.deepEqual(more, []);
    assert.match(text, /^5 jobs were taken over from ".*workspace\/cron\/jobs\.json"/);
    assert.match(text, /"job aaaaaaa5" was not taken over: .*61/);
    assert.match(text, /"job aaaaaaa6" was not taken over: it has neither/);
    await first.book.remove("aaaaaaa1");
    first.database.close();
    const second = await open();
    assert.equal(second.store.find("aaaaaaa1"), undefined, "what was removed does not come back");
    assert.equal(second.notices.count(), 0);
    second.database.close();
    assert.equal(await files.readText("workspace/cron/jobs.json"), FILE);
    assert.equal(await files.readText("cron/jobs.json"), "{damaged");
  } finally {
    await Deno.remove(home, { recursive: true });
  }
});
