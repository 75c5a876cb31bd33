import assert from "node:assert/strict";
import { CodedError } from "../../src/domain/failure.ts";
import { createRedactor } from "../../src/secrets/redactor.ts";
import { listenSilently, SOME_ANSWER, TestGateway } from "../fakes/gateway.ts";
import { Clambot } from "./clambot.ts";

// Commands where a gateway runs in their home: a real socket, with what stands behind it made here.

function test(name: string, fn: (clambot: Clambot) => Promise<void>): void {
  Deno.test({
    name,
    ignore: Deno.build.os === "windows",
    async fn() {
      await using clambot = await Clambot.inEmptyHome();
      await fn(clambot.here);
    },
  });
}

const DONE = Promise.resolve();

/** A run that waits for a yes. */
async function waitingRun(clambot: Clambot): Promise<{ run: string; question: string }> {
  const file = await clambot.write(
    "program.js",
    'async function run() { return await fs({operation: "write", path: "a.txt", content: "a"}); }',
  );
  const { object, code } = await clambot.json(["run", file, "--tools", "fs"]);
  assert.equal(code, 3);
  return object.waits as { run: string; question: string };
}

async function pending(clambot: Clambot): Promise<number> {
  const { stdout } = await clambot.run(["approvals", "pending", "--json"]);
  return (JSON.parse(stdout) as unknown[]).length;
}

test("status shows the gateway that runs, none, and one that does not answer", async (clambot) => {
  assert.match((await clambot.run(["status"])).stdout, /^Gateway +not running$/m);
  assert.equal((await clambot.json(["status"])).object.gateway, null);
  {
    await using _ = await TestGateway.open(clambot.home);
    const { stdout, code } = await clambot.run(["status"], { env: { TZ: "UTC" } });
    assert.equal(code, 0);
    assert.match(stdout, /^Gateway +process 4711, since 2026-05-04 09:30$/m);
    assert.match(stdout, /^Channels +loopback$/m);
    assert.match(stdout, /^Turns +1 running, 3 waiting$/m);
    assert.match(stdout, /^Questions +2 open/m);
    assert.match(stdout, /^Dead letters +1 that could not be dealt with$/m);
    assert.match(stdout, /^ +2026-05-04 09:00 telegram 1001 of telegram:1: internal$/m);
    const { gateway } = (await clambot.json(["status"])).object as {
      gateway: { pid: number; deadLetters: readonly { update: string; at: string }[] };
    };
    assert.equal(gateway.pid, 4711);
    assert.deepEqual(gateway.deadLetters.map(({ update, at }) => [update, at]), [
      ["1001", "2026-05-04T09:00:00.000Z"],
    ]);
  }
  using _ = await listenSilently(clambot.home);
  const { object, code } = await clambot.json(["status"]);
  assert.deepEqual([object.gateway, code], [{ answers: false }, 1]);
});

test("approvals answer has the gateway go on with the run, and does not do it here", async (clambot) => {
  const { run, question } = await waitingRun(clambot);
  await using gateway = await TestGateway.open(clambot.home);
  const answer = ["approvals", "answer", question.slice(0, 6)];
  const { object, code } = await clambot.json([...answer, "--always", "workspace"]);
  assert.deepEqual([object.reply, object.run, code], [SOME_ANSWER.reply, run, 0]);
  assert.deepEqual(gateway.asked, [
    { answer: question, reply: { kind: "always", scope: "workspace" } },
  ]);
  assert.equal(await pending(clambot), 1); // it is the gateway's to keep
  // what the question does not offer is refused before anybody is asked
  assert.equal((await clambot.run([...answer, "--always", "dir:/"])).code, 2);
  assert.equal(gateway.asked.length, 1);
});

test("what the gateway says against an answer is told as it is", async (clambot) => {
  const { question } = await waitingRun(clambot);
  const answer = () =>
    Promise.reject(new CodedError("question_closed", "Somebody else was first.", "Look."));
  await using _ = await TestGateway.open(clambot.home, { answer });
  const { code, stderr } = await clambot.run(["approvals", "answer", question, "--once"]);
  assert.deepEqual([code, stderr], [1, "clambot: Somebody else was first.\n  Look.\n"]);
});

test("runs resume and cancel are the gateway's", async (clambot) => {
  const { run } = await waitingRun(clambot);
  await using gateway = await TestGateway.open(clambot.home);
  const grants = ["--grant", "fs:workspace", "--expires", "30m"];
  const resumed = await clambot.run(["runs", "resume", run.slice(0, 8), ...grants]);
  assert.deepEqual([resumed.code, resumed.stdout], [0, `${SOME_ANSWER.reply}\n`]);
  assert.equal((await clambot.json(["runs", "cancel", run])).object.state, "cancelled");
  assert.deepEqual(gateway.asked, [
    { goOn: run, given: { grant: ["fs:workspace"], expires: "30m" } },
    { cancel: run },
  ]);
  assert.equal(await pending(clambot), 1);
});

test("stop sets the mark whatever the gateway says, and tells how that stands", async (clambot) => {
  const mark = `${clambot.home}/state/stop`;
  {
    await using _ = await TestGateway.open(clambot.home);
    const { stdout } = await clambot.run(["stop"]);
    assert.match(stdout, /counts for the gateway too \(process 4711; 1 running there\)\.$/m);
    assert.equal(((await clambot.json(["resume"])).object.gateway as { pid: number }).pid, 4711);
  }
  await assert.rejects(Deno.stat(mark), Deno.errors.NotFound);
  using _ = await listenSilently(clambot.home);
  const { code, stdout } = await clambot.run(["stop"]);
  assert.equal(code, 0);
  assert.match(stdout, /The gateway of this home is there .* does not answer\.$/m);
  assert.ok(await Deno.stat(mark));
});

test("a gateway that does not answer is one sentence, and nothing is done on the files behind it", async (clambot) => {
  const { run, question } = await waitingRun(clambot);
  using _ = await listenSilently(clambot.home);
  for (
    const args of [
      ["approvals", "answer", question, "--once"],
      ["runs", "resume", run],
      ["runs", "cancel", run],
    ]
  ) {
    const { code, object } = await clambot.json(args);
    const { error } = object as { error: { code: string } };
    assert.deepEqual([code, error.code], [1, "gateway_silent"], args.join(" "));
  }
  assert.equal(await pending(clambot), 1);
});

test("say prints what is told, ends as agent -m does, and needs a gateway", async (clambot) => {
  const missing = await clambot.json(["say", "--as", "anna", "hello"]);
  assert.deepEqual(
    [missing.code, (missing.object.error as { code: string }).code],
    [1, "gateway_missing"],
  );
  {
    await using gateway = await TestGateway.open(clambot.home);
    const { stdout, code } = await clambot.run(["say", "--as", "anna", "hello"]);
    assert.deepEqual([stdout, code], ["you said hello\n", 0]);
    const more = ["--id", "x7", "--conversation", "c", "--json"];
    const { object } = await clambot.json(["say", "--as", "anna", ...more, "again"]);
    assert.deepEqual([object.status, object.reply, object.id], ["chat", "you said again", "x7"]);
    assert.deepEqual(gateway.asked.at(-1), {
      say: { id: "x7", as: "anna", text: "again", conversation: "c" },
    });
  }
  for (const [status, code] of [["failed", 1], ["needs_person", 3], ["told", 0]] as const) {
    await using _ = await TestGateway.open(clambot.home, {
      say: (_said, tell) => (tell({ text: createRedactor([]).redact("so"), status }), DONE),
    });
    assert.equal((await clambot.run(["say", "--as", "anna", "x"])).code, code, status);
  }
  await using _ = await TestGateway.open(clambot.home, { say: () => new Promise(() => {}) });
  const late = await clambot.run(["say", "--as", "anna", "--timeout", "0.05", "x"]);
  assert.equal(late.code, 1);
  assert.match(late.stderr, /did not answer within 0\.05 s; it goes on with it\.\n.*--id/);
  assert.equal((await clambot.run(["say", "--as", "anna", "--timeout", "-1", "x"])).code, 2);
});

Deno.test({
  name: "the core of a command reaches the socket through its wall, also without tools that go out",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using clambot = await Clambot.inEmptyHome();
    const config = { agents: { defaults: { availableTools: ["fs"] } } };
    await clambot.write(".clambot/config.json", JSON.stringify(config));
    await using _ = await TestGateway.open(clambot.home);
    const { object, code, stderr } = await clambot.json(["status"]);
    assert.equal(code, 0, stderr);
    assert.equal((object.gateway as { pid: number }).pid, 4711);
  },
});

Deno.test({
  name: "a home with a long path has its socket in the runtime directory, if that is private",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using clambot = await Clambot.inEmptyHome();
    const home = `${clambot.directory}/${"long".repeat(20)}`;
    const runtime = `${clambot.directory}/run`;
    await Deno.mkdir(runtime, { mode: 0o700 });
    const config = { agents: { defaults: { availableTools: ["fs"] } } };
    const permissions = async () => {
      const setting = { env: { CLAMBOT_HOME: home, XDG_RUNTIME_DIR: runtime } };
      const { object } = await clambot.json(["status", "--permissions"], setting);
      return JSON.stringify((object.walls as { wall: string }[])[1]);
    };
    await Deno.mkdir(home, { mode: 0o700 });
    await Deno.writeTextFile(`${home}/config.json`, JSON.stringify(config));
    assert.match(await permissions(), /\/run\/clambot-[0-9a-f]{16}\.sock"/);
    await Deno.chmod(runtime, 0o755);
    assert.doesNotMatch(await permissions(), /\.sock/);
  },
});
