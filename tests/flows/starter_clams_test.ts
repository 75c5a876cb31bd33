import assert from "node:assert/strict";
import { UNIT_NAMES } from "../../src/clams/_units.ts";
import { STARTERS } from "../../src/clams/starter/catalog.ts";
import { createHttpRequestTool } from "../../src/tools/http_request/http_request.ts";
import { createWebFetchTool } from "../../src/tools/web_fetch/web_fetch.ts";
import { openMemory } from "../../src/memory/memory.ts";
import { createRandom } from "../../src/platform/deno.ts";
import { openFiles } from "../../src/platform/files.ts";
import { createMemoryRecallTool } from "../../src/tools/memory/memory_recall.ts";
import { createMemoryUpdateTool } from "../../src/tools/memory/memory_update.ts";
import { Clambot } from "./clambot.ts";
import { createClamHome } from "../fakes/clam_home.ts";
import { openCronTool } from "../fakes/job_desk.ts";
import { openWorld } from "../fakes/outward_world.ts";
import { openStarterHome, STARTER_CLOCK, type StarterHome } from "../fakes/starter_home.ts";
import { COMPUTING_CASES, FOREIGN_REQUESTS, type StarterCase } from "../fixtures/starters.ts";
import { JOB_CASES } from "../fixtures/starters_jobs.ts";
import { WORLD_CASES } from "../fixtures/starters_world.ts";
import { createTestWorkers } from "../fakes/workers.ts";
import { NO_SECRETS, plainly } from "../fakes/plainly.ts";

// Every starter through the real matcher, sandbox, dispatch, capabilities and gate (A250).

const STARTER_CASES = [...COMPUTING_CASES, ...WORLD_CASES, ...JOB_CASES];

async function check(home: StarterHome, one: StarterCase): Promise<void> {
  const id = `starter-${one.clam}`;
  await home.setFiles(one.files ?? {});
  const answer = one.say === undefined
    ? await home.run(id, one.inputs ?? {})
    : await home.say(one.say);
  const what = one.say ?? `${id} ${JSON.stringify(one.inputs)}`;
  assert.equal(answer?.clam, id, `${what}: no clam or another one answers`);
  if (one.refuses !== undefined) {
    assert.equal(answer?.ok, false, `${what}: ${answer?.text}`);
    assert.ok(answer?.text.includes(one.refuses), `${what}: ${answer?.text}`);
    assert.match(answer?.text ?? "", /[.!?)]$|such as: |2026-11-24T18:05\.$/, "a whole sentence");
  } else {
    assert.equal(answer?.ok, true, `${what}: ${answer?.text}`);
    if (typeof one.answers === "string") assert.equal(answer?.text, one.answers, what);
    else assert.match(answer?.text ?? "", one.answers ?? /./, what);
  }
  for (const [name, text] of Object.entries(one.after ?? {})) {
    assert.equal(await home.read(name), text, what);
  }
}

Deno.test("every starter answers what it promises and refuses what makes no sense", async (t) => {
  await using world = await openWorld({ serve: serveSite });
  const { publicFetch } = world;
  const place = await Deno.makeTempDir();
  const memory = plainly(openMemory(openFiles(place), STARTER_CLOCK, createRandom()));
  await using desk = await openCronTool(STARTER_CLOCK);
  await using home = await openStarterHome([
    desk.tool,
    createWebFetchTool(publicFetch, createTestWorkers()),
    createHttpRequestTool(publicFetch),
    createMemoryRecallTool(memory),
    createMemoryUpdateTool({ memory, redactor: NO_SECRETS }),
  ]);
  for (const one of STARTER_CASES) {
    const name = one.say ?? `${one.clam} ${JSON.stringify(one.inputs)}`;
    await t.step(name, () => check(home, one));
  }
  await Deno.remove(place, { recursive: true });
});

Deno.test("no starter answers what only looks like its requests", async () => {
  await using home = await createClamHome();
  const { matcher } = home.open(STARTERS);
  for (const say of FOREIGN_REQUESTS) assert.equal(await matcher.find(say), undefined, say);
});

Deno.test("every unit that a request may name is one that the converter knows", async () => {
  await using home = await openStarterHome([]);
  for (const unit of UNIT_NAMES) {
    const answer = await home.run("starter-convert-units", { amount: 300, from: unit, to: unit });
    assert.equal(answer?.ok, true, `${unit}: ${answer?.text}`);
  }
});

Deno.test("every starter is tested with a right and a wrong or special case", () => {
  for (const { id } of STARTERS) {
    const cases = STARTER_CASES.filter((one) => `starter-${one.clam}` === id);
    assert.ok(cases.length >= 2, id);
    assert.ok(cases.some((one) => one.refuses === undefined), id);
  }
});

function serveSite(request: Request): Response {
  const { pathname } = new URL(request.url);
  const headers = { "content-type": "text/html; charset=utf-8" };
  if (pathname === "/gone") return new Response("<title>Gone</title>", { status: 404, headers });
  const title = pathname === "/page" ? "<title>A &amp; B — page</title>" : "";
  return new Response(`<!doctype html>${title}<p>Hello</p>`, { headers });
}

Deno.test("every example of docs/clams.md leads to the starter beside it", async () => {
  await using home = await createClamHome();
  const { matcher } = home.open(STARTERS);
  const text = await Deno.readTextFile(new URL("../../docs/clams.md", import.meta.url));
  const rows = [...text.matchAll(/^\| `(starter-[a-z0-9-]+)` +\| (.+?) +\|$/gm)];
  for (const [, id, say = ""] of rows) assert.equal((await matcher.find(say))?.clam, id, say);
  assert.deepEqual(rows.map(([, id]) => id).sort(), STARTERS.map(({ id }) => id).sort());
});

Deno.test("notes that are taken at the same moment are all kept", async () => {
  await using clambot = await Clambot.inEmptyHome();
  await clambot.here.run(["status"]);
  const words = ["one", "two", "three", "four"];
  const ended = await Promise.all(
    words.map((word) =>
      clambot.run(["agent", "-m", `take a note: ${word}`, "--grant", "fs:workspace"])
    ),
  );
  assert.deepEqual(ended.map(({ code }) => code), [0, 0, 0, 0], JSON.stringify(ended));
  const notes = await Deno.readTextFile(`${clambot.home}/workspace/files/notes.md`);
  for (const word of words) assert.match(notes, new RegExp(`${word}$`, "m"));
});

Deno.test("a to-do keeps the number under which it was shown, whatever is done meanwhile", async () => {
  await using home = await openStarterHome();
  const say = async (request: string) => (await home.say(request))?.text ?? "no clam";
  for (const task of ["eat", "sleep", "read"]) await say(`add ${task} to my to-do list`);
  assert.equal(await say("show my to-do list"), "1. eat\n2. sleep\n3. read");
  assert.equal(await say("mark 1 as done"), "Done: eat");
  assert.equal(await say("mark 2 as done"), "Done: sleep");
  assert.equal(await say("show my to-do list"), "3. read\n(2 done)");
  assert.match(await say("mark 1 as done"), /^Task number 1 is done already: eat\.$/);
  await say("add the task cook");
  assert.equal(await say("show my to-do list"), "3. read\n4. cook\n(2 done)");
  assert.equal(await say("check off 4"), "Done: cook");
  assert.equal(await say("mark 3 as done"), "Done: read");
  assert.equal(await say("show my to-do list"), "Nothing is left to do (4 done).");
});
