import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { cleanNowAndThen } from "../../src/app/cleanup.ts";
import { homeLayout } from "../../src/config/home.ts";
import { defaultConfig } from "../../src/config/parse.ts";
import { openFiles } from "../../src/platform/files.ts";
import type { Files } from "../../src/platform/platform.ts";
import { openSessions } from "../../src/sessions/sessions.ts";
import { sha256Hex } from "../../src/text/canonical_json.ts";
import { createFakeClock } from "../fakes/clock.ts";
import { plainly } from "../fakes/plainly.ts";
import { Clambot } from "./clambot.ts";
import { openApp } from "./config_keys/house.ts";
import { append, RunHome } from "./run_home.ts";

// What nobody needs goes into archives, and what something kept speaks of stays.

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const NOW = Date.now();

interface PutAway {
  readonly dryRun: boolean;
  readonly putAway: readonly { readonly kind: string; readonly name: string }[];
  readonly failed: readonly {
    readonly kind: string;
    readonly failure: { readonly code: string };
  }[];
}

/** A home with things of a given age. */
class Home implements AsyncDisposable {
  readonly workspace: Files;

  private constructor(readonly clambot: Clambot) {
    this.workspace = openFiles(homeLayout(clambot.home).workspace);
  }

  static async over(clambot: Clambot, config: object = {}): Promise<Home> {
    const home = new Home(clambot);
    await clambot.write(".clambot/config.json", JSON.stringify(config));
    return home;
  }

  static async empty(config: object = {}): Promise<Home> {
    return await Home.over((await Clambot.inEmptyHome()).here, config);
  }

  async clam(id: string, daysUnused: number, { tools = "", script = "", requests = "" } = {}) {
    const text = `async function run() { ${script} return "${id}"; }`;
    await this.workspace.replace(`clams/${id}/run.js`, text);
    await this.workspace.replace(
      `clams/${id}/CLAM.md`,
      [
        ...["---", `name: ${id}`, "description: Does it.", "language: javascript", "version: 1"],
        ...[`sha256: ${await sha256Hex(text)}`, `declared_tools: [${tools}]`, "inputs: {}"],
        ...[`requests: [${requests}]`, "reusable: true", "origin: person", "---", ""],
      ].join("\n"),
    );
    const used = JSON.parse(await this.workspace.readText("clams/.usage.json") ?? "{}");
    const last = Math.floor((NOW - daysUnused * DAY_MS) / 1000);
    const usage = { ...used, [id]: { count: 1, last_used: last } };
    await this.workspace.replace("clams/.usage.json", JSON.stringify(usage));
  }

  async file(path: string, ageMs: number, text = "x"): Promise<void> {
    await this.workspace.replace(path, text);
    await this.age(path, ageMs);
  }

  async age(path: string, ageMs: number): Promise<void> {
    const at = new Date(NOW - ageMs);
    await Deno.utime(`${this.workspace.path}/${path}`, at, at);
  }

  async conversation(name: string, daysAgo: number, content = "hello"): Promise<void> {
    const clock = createFakeClock(NOW - daysAgo * DAY_MS);
    const sessions = plainly(openSessions(this.workspace.under("sessions"), clock));
    await sessions.append(name, { role: "user", content });
    await sessions.append(name, { role: "assistant", content: "Yes." });
  }

  async cleanUp(...more: string[]): Promise<PutAway> {
    const ended = await this.clambot.run(["cleanup", "--json", ...more]);
    return JSON.parse(ended.stdout);
  }

  async names(...more: string[]): Promise<readonly string[]> {
    return (await this.cleanUp(...more)).putAway.map(({ kind, name }) => `${kind} ${name}`);
  }

  async below(path: string): Promise<readonly string[]> {
    return (await this.workspace.list(path)).map(({ name }) => name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.clambot[Symbol.asyncDispose]();
  }
}

const none = () => Promise.reject(new Error("There are no jobs."));
const NO_JOBS = { add: none, list: none, show: none, remove: none, enable: none, history: none };

const KEPT = { heartbeat: { cleanup: { sessionMaxFiles: 2, cronLogMaxLines: 3 } } };

async function withLeftovers(): Promise<Home> {
  const home = await Home.empty(KEPT);
  await home.clam("stale", 31);
  await home.clam("fresh", 29);
  await home.file("build/orphan/run.js", 0);
  await home.age("build/orphan", 2 * HOUR_MS);
  await home.file("build/new/run.js", 0);
  await home.file("upload/old.pdf", 31 * DAY_MS);
  await home.file("upload/in/old.pdf", 31 * DAY_MS);
  await home.file("upload/new.pdf", 29 * DAY_MS);
  await home.workspace.replace("logs/gateway_cron_events.jsonl", "1\n2\n3\n4\n5\n");
  for (const [index, name] of ["cli:a", "cli:b", "telegram:1"].entries()) {
    await home.conversation(name, 3 - index);
  }
  return home;
}

const LEFTOVERS = [
  ...["clam stale", "draft orphan", "upload in/old.pdf", "upload old.pdf"],
  ...["log logs/gateway_cron_events.jsonl", "conversation cli:a"],
];

Deno.test("A241: what was not used for long goes into archives, and nothing is lost", async () => {
  await using home = await withLeftovers();
  assert.deepEqual(await home.names(), LEFTOVERS);
  assert.deepEqual(await home.names(), []);
  assert.deepEqual((await home.below("clams")).filter((name) => !name.startsWith(".")), ["fresh"]);
  assert.match(`${await home.below("clams/.removed")}`, /^stale-\d+$/);
  assert.deepEqual(await home.below("build"), ["new"]);
  assert.match(`${await home.below("archive/build")}`, /^orphan\.\w+$/);
  assert.match(`${await home.below("archive/upload")}`, /^in,old\.\w+\.pdf$/);
  assert.match(`${await home.below("archive/upload/in")}`, /^old\.\w+\.pdf$/);
  assert.equal(await home.workspace.readText("logs/gateway_cron_events.jsonl"), "3\n4\n5\n");
  const [cut] = await home.below("archive/logs");
  assert.equal(await home.workspace.readText(`archive/logs/${cut}`), "1\n2\n");
  assert.equal((await home.below("sessions/archive")).length, 1);
});

Deno.test("A241: a dry run says the same and changes nothing", async () => {
  await using home = await withLeftovers();
  assert.deepEqual(await home.names("--dry-run"), LEFTOVERS);
  const { stdout, code } = await home.clambot.run(["cleanup", "--dry-run"]);
  assert.equal(code, 0);
  assert.match(stdout, /^This would be put away:\nKIND +NAME +LAST USED\nclam +stale/);
  assert.deepEqual(await home.names("--dry-run"), LEFTOVERS);
  assert.deepEqual(await home.names(), LEFTOVERS);
  assert.equal((await home.clambot.run(["cleanup"])).stdout, "There is nothing to put away.\n");
});

Deno.test("A241: a clam that a lease, another clam, a standing task or a setting speaks of stays", async () => {
  await using home = await Home.empty({
    agents: { clamEnv: { configured: { TOKEN: "MY_TOKEN" } } },
  });
  const all = ["leased", "used", "using", "asked", "configured", "idle"];
  for (const id of all) {
    await home.clam(id, 90, {
      ...(id === "using" ? { tools: "clam", script: `await clam({id: "used"});` } : {}),
      ...(id === "leased" ? { tools: "time" } : {}),
      ...(id === "asked" ? { requests: '"how is the harvest"' } : {}),
    });
  }
  await home.clambot.run(["approvals", "lease", "leased", "--yes"]);
  await home.workspace.replace("memory/HEARTBEAT.md", "- [ ] How is the harvest?\n");
  assert.deepEqual(await home.names(), ["clam idle", "clam using"]);
  // nothing uses it any more
  assert.deepEqual(await home.names(), ["clam used"]);
});

Deno.test("A227, A241: a clam of a job stays, also one to which its words lead; a finished job goes", async () => {
  await using home = await Home.empty();
  await home.clam("bound", 90, { tools: "time" });
  await home.clam("meant", 90, { requests: '"how is the harvest"' });
  await home.clam("idle", 90);
  const at = ["--at", "2099-01-01T09:00"];
  await home.clambot.run(["cron", "add", "--clam", "bound", ...at]);
  await home.clambot.run(["cron", "add", "--message", "How is the harvest?", ...at]);
  const dry = await home.cleanUp("--dry-run");
  assert.deepEqual(dry.putAway.map(({ kind, name }) => `${kind} ${name}`), ["clam idle"]);
  const database = new DatabaseSync(`${homeLayout(home.clambot.home).state}/gateway.sqlite`);
  const past = Date.parse("2026-01-01T09:00Z");
  database.exec(
    "UPDATE jobs SET enabled = 0, next_at = NULL, " +
      `body = json_set(body, '$.schedule.at', ${past}) WHERE body LIKE '%harvest%'`,
  );
  database.close();
  const names = (await home.names()).map((one) => one.replace(/^job \w+$/, "job"));
  assert.deepEqual(names, ["clam idle", "job"]);
  assert.deepEqual(await home.names(), ["clam meant"]);
  const [kept] = await home.below("archive/cron");
  assert.match(await home.workspace.readText(`archive/cron/${kept}`) ?? "", /How is the harvest/);
});

Deno.test("A241: what belongs to a run that waits for an answer stays until that has ended", async () => {
  await using runs = await RunHome.empty();
  const home = await Home.over(runs.clambot, {
    heartbeat: { cleanup: { sessionMaxFiles: 1 } },
  });
  const body = append("out") + `; return "wrote upload/sent.pdf";`;
  const told = await runs.start(3, body);
  const app = await openApp(runs.clambot.home);
  const { record } = await app.stores.runs.find(told.waits?.run ?? "");
  app.close();
  const [attempt] = record?.attempts ?? [];
  assert(attempt);
  await home.file("build/waiting/run.js", 0, attempt.program.source);
  await home.age("build/waiting", 2 * HOUR_MS);
  await home.file("upload/sent.pdf", 90 * DAY_MS);
  await home.conversation(record?.opening.conversation ?? "", 90);
  await home.conversation("cli:newer", 1);
  assert.equal(attempt.program.sha256, await sha256Hex(attempt.program.source));
  assert.deepEqual(await home.names(), []);
  await runs.answer(1, told, "--reject");
  assert.deepEqual((await home.names()).map((one) => one.split(" ")[0]), [
    ...["draft", "upload", "conversation"],
  ]);
});

Deno.test("A241: an upload that a conversation at hand names stays, and so does an open conversation", async () => {
  await using home = await Home.empty({ heartbeat: { cleanup: { sessionMaxFiles: 1 } } });
  await home.file("upload/report.pdf", 90 * DAY_MS);
  await home.file("upload/myreport.pdf", 90 * DAY_MS);
  await home.conversation("cli:old", 9);
  await home.conversation("cli:new", 1, "look at upload/report.pdf");
  const app = await openApp(home.clambot.home);
  const leave = app.stores.presence.enter("cli:old");
  while (!await app.stores.presence.isOpen("cli:old")) await app.stores.sessions.list();
  assert.deepEqual(await home.names(), ["upload myreport.pdf"]);
  await leave();
  app.close();
  assert.deepEqual(await home.names(), ["conversation cli:old"]);
});

Deno.test("a clam that was brought back is not put away again", async () => {
  await using home = await Home.empty();
  await home.clam("stale", 31);
  assert.deepEqual(await home.names(), ["clam stale"]);
  assert.equal((await home.clambot.run(["clams", "restore", "stale"])).code, 0);
  assert.deepEqual(await home.names(), []);
});

Deno.test("what cannot be looked at is told in a sentence, and the rest is put away", async () => {
  await using home = await Home.empty(KEPT);
  await home.workspace.makeDirectory("logs/gateway_cron_events.jsonl");
  await home.file("upload/old.pdf", 31 * DAY_MS);
  const { code, stdout, stderr } = await home.clambot.run(["cleanup"]);
  assert.equal(code, 1);
  assert.match(stdout, /upload +old\.pdf/);
  assert.match(stderr, /gateway_cron_events\.jsonl/);
  assert.doesNotMatch(stderr, / at /);
});

Deno.test("A241: the gateway cleans up every hour, whether or not there is a heartbeat", async () => {
  await using home = await Home.empty({ heartbeat: { enabled: false } });
  const app = await openApp(home.clambot.home);
  const layout = homeLayout(home.clambot.home);
  const book = { ...NO_JOBS, list: () => Promise.resolve([]) };
  const setting = { config: defaultConfig(), layout, openFiles, book };
  const clock = createFakeClock(Date.now());
  const logged: string[] = [];
  const log = { debug: (event: string) => logged.push(event), warn: assert.fail };
  const look = () => cleanNowAndThen({ ...app.stores, clock }, setting, log);
  await look();
  await home.file("upload/old.pdf", 31 * DAY_MS);
  await look();
  clock.advance(HOUR_MS - 1);
  await look();
  assert.deepEqual(logged, []);
  clock.advance(1);
  await look();
  assert.deepEqual(logged, ["put_away"]);
  app.close();
});
