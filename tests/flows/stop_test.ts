import assert from "node:assert/strict";
import { Clambot } from "./clambot.ts";
import { chatting, clam, GENERATE, Pipeline, startSite, walk, worded } from "./pipeline.ts";
import { Told } from "../fakes/scripted_model.ts";

// `clambot stop` in one process, and what it ends in another.

const CONFIG = JSON.stringify({
  agents: { defaults: { availableTools: ["echo", "sleep"], maxToolIterations: 10_000 } },
});

/** Starts a program and stops everything, in a process of its own, once it has called something. */
async function stoppedElsewhere(source: string) {
  await using clambot = await Clambot.inEmptyHome();
  const file = await clambot.write("runs.js", source);
  await clambot.write(".clambot/config.json", CONFIG);
  const child = clambot.start(["run", file, "--tools", "echo,sleep", "--json"]);
  await child.stdin.close();
  await until(async () => (await audited(clambot.home)).includes("tool_call"));
  assert.equal((await clambot.here.run(["stop"])).code, 0);
  const { code, stdout } = await child.output();
  const { error } = JSON.parse(new TextDecoder().decode(stdout));
  return { code, error } as { code: number; error?: { code: string; hint: string } };
}

async function audited(home: string): Promise<string> {
  const files = await walk(`${home}/audit`);
  return (await Promise.all(files.map((path) => Deno.readTextFile(path)))).join("");
}

async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  while (!await isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
}

for (
  const [name, body] of [
    ["a call under way", "await sleep({ seconds: 50 });"],
    ["a program that calls again and again", "for (;;) await sleep({ seconds: 0.1 });"],
    ["a program that computes", "for (;;);"],
  ]
) {
  Deno.test(`clambot stop in one process ends ${name} in another (A275)`, async () => {
    const begun = 'await echo({ message: "begun" });';
    const { code, error } = await stoppedElsewhere(`async function run() { ${begun} ${body} }`);
    assert.deepEqual([code, error?.code], [1, "stopped"]);
    assert.match(error?.hint ?? "", /clambot resume/);
  });
}

Deno.test("clambot stop ends a request to a model that is under way (A275)", async () => {
  await using pipeline = await Pipeline.open();
  const { clambot, model } = pipeline;
  const never = Promise.withResolvers<void>();
  model.on("selection", new Told({ kind: "status", status: 500, body: "" }, 0, never.promise));
  const child = clambot.start(["agent", "-m", "write a poem on crabs", "--json"]);
  await child.stdin.close();
  await until(() => model.calls.length > 0);
  await clambot.here.run(["stop"]);
  const { code, stdout } = await child.output();
  never.resolve();
  const { error } = JSON.parse(new TextDecoder().decode(stdout));
  assert.deepEqual([code, error.code], [1, "stopped"]);
});

Deno.test("while everything is stopped nothing has an effect, and what has none goes on, until resume (A275)", async () => {
  await using site = startSite();
  await using pipeline = await Pipeline.open(site.config);
  const { clambot, model } = pipeline;
  const post = `async function run() {
    await http_request({method: "POST", url: "${site.url}/"});
    return "It was sent.";
  }`;
  const program = { declared_tools: ["http_request"], result_schema: worded("sent") };
  await clambot.here.run(["stop"]);

  model.on("selection", GENERATE);
  model.on("clam", clam(post, program));
  const refused = await pipeline.ask("send it");
  assert.deepEqual([refused.code, refused.object.error?.code], [1, "stopped"]);
  assert.match(refused.object.error?.message ?? "", /was told to stop/);
  assert.match(refused.object.error?.hint ?? "", /clambot resume/);
  assert.equal(site.seen.length, 0);

  model.reset();
  model.on("selection", chatting("Hello."));
  assert.equal((await pipeline.ask("hello")).object.reply, "Hello.");
  assert.equal((await pipeline.ask("what time is it in Tokyo?")).code, 0);

  await clambot.here.run(["resume"]);
  model.reset();
  model.on("selection", GENERATE);
  model.on("clam", clam(post, program));
  assert.equal((await pipeline.ask("send it")).object.reply, "It was sent.");
  assert.equal(site.seen.length, 1);
});

Deno.test("while everything is stopped nothing is learnt or summed up behind an answer (A275)", async () => {
  await using pipeline = await Pipeline.open();
  const { clambot, model } = pipeline;
  model.on("selection", chatting("Hello Ada."));
  model.on("facts", { add: ["Is called Ada"], forget: [] });
  await clambot.here.run(["stop"]);
  await pipeline.ask("my name is Ada");
  assert.equal(model.sequence(), "selection");
  await clambot.here.run(["resume"]);
  await pipeline.ask("my name is Ada Smith");
  assert.match(model.sequence(), /^selection selection facts/);
});

Deno.test("stop and resume say how things stand, once or again, and so do status and doctor", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const { here } = clambot;
  const env = { USER: "ann" };
  const isStopped = async () => {
    const status = await here.json(["status"]);
    const { findings } = (await here.json(["doctor"])).object as {
      findings: { name: string; wrong: string[] }[];
    };
    const wrong = findings.find(({ name }) => name === "stop")?.wrong ?? [];
    return [status.object.stopped !== null, wrong.length > 0];
  };
  const resumed = await here.json(["resume"]);
  assert.deepEqual([resumed.code, resumed.object], [0, { stopped: false, gateway: null }]);
  assert.deepEqual(await isStopped(), [false, false]);

  const first = await here.json(["stop"], { env });
  assert.deepEqual([first.code, first.object.stopped, first.object.by], [0, true, "ann"]);
  const second = await here.json(["stop"], { env: { USER: "bob" } });
  assert.deepEqual(second.object, first.object);
  assert.deepEqual(await isStopped(), [true, true]);
  assert.match((await here.run(["status"])).stdout, /Stopped +by ann, .*clambot resume/);

  assert.equal((await here.run(["resume"], { env })).code, 0);
  assert.deepEqual(await isStopped(), [false, false]);
  const lines = (await audited(clambot.home)).trim().split("\n").map((line) => JSON.parse(line));
  const told = lines.filter(({ kind }) => ["stopped", "resumed"].includes(kind));
  assert.deepEqual(told.map(({ kind, by }) => [kind, by]), [["stopped", "ann"], [
    "resumed",
    "ann",
  ]]);
});

Deno.test("stop works where the configuration cannot be read", async () => {
  await using clambot = await Clambot.inEmptyHome();
  await clambot.write(".clambot/config.json", "{");
  assert.equal((await clambot.here.run(["stop"])).code, 0);
  assert.notEqual((await clambot.here.run(["run", "x.js"])).code, 0);
  assert.equal((await clambot.here.run(["resume"])).code, 0);
});

Deno.test("/stop and /resume do it from within a conversation", async () => {
  await using pipeline = await Pipeline.open();
  const { stdout } = await pipeline.talk(["/stop", "/stop", "/resume", "/resume"]);
  assert.match(stdout, /is stopped \(/);
  assert.match(stdout, /is stopped already \(/);
  assert.match(stdout, /goes on/);
  assert.match(stdout, /was not stopped/);
});
