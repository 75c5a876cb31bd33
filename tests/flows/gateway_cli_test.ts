import assert from "node:assert/strict";
import { Clambot } from "./clambot.ts";
import { GatewayProcess } from "./gateway_process.ts";

// The gateway as a process of its own, and commands that talk to it over its socket.

function test(name: string, fn: (clambot: Clambot) => Promise<void>): void {
  Deno.test({
    name,
    ignore: Deno.build.os === "windows",
    async fn() {
      await using clambot = await Clambot.inEmptyHome();
      await fn(clambot);
    },
  });
}

test("say is answered by the gateway, status shows it, and it leaves no socket behind", async (clambot) => {
  await using gateway = await GatewayProcess.start(clambot);
  const { here } = clambot;
  const socket = `${clambot.home}/state/gateway.sock`;
  assert.equal((await Deno.stat(socket)).mode! & 0o777, 0o600);
  assert.equal((await Deno.stat(`${clambot.home}/state`)).mode! & 0o777, 0o700);
  const say = ["say", "--as", "anna", "--id", "one", "sha256 of hello!"];
  const first = await here.json(say);
  assert.deepEqual([first.code, first.object.status], [0, "completed"], first.stdout);
  assert.match(String(first.object.reply), /ce06092fb948d9ffac7d1a376e404b26/);
  assert.deepEqual((await here.json(say)).object, first.object); // the same saying, not a new one
  const status = (await here.json(["status"])).object.gateway as Record<string, unknown>;
  assert.deepEqual([status.answers, status.channels], [true, ["loopback"]]);
  assert.equal(await gateway.stop(), 0);
  await assert.rejects(Deno.stat(socket), Deno.errors.NotFound);
  assert.equal((await here.json(["status"])).object.gateway, null);
});

test("a gateway that was killed leaves a socket that the next one takes over", async (clambot) => {
  {
    await using gateway = await GatewayProcess.start(clambot);
    await gateway.stop("SIGKILL");
  }
  assert.ok((await Deno.stat(`${clambot.home}/state/gateway.sock`)).isSocket);
  assert.equal((await clambot.here.json(["status"])).object.gateway, null);
  await using gateway = await GatewayProcess.start(clambot);
  const { code, object } = await clambot.here.json(["say", "--as", "anna", "sha256 of hello!"]);
  assert.equal(code, 0, JSON.stringify(object));
  assert.equal(await gateway.stop(), 0);
});

test("a run that waits goes on in the gateway when its question is answered from a terminal", async (clambot) => {
  const { here } = clambot;
  const file = await clambot.write(
    "program.js",
    'async function run() { await fs({operation: "append", path: "a.txt", content: "a"}); return "ok"; }',
  );
  const waiting = async () => {
    const { object } = await here.json(["run", file, "--tools", "fs"]);
    return object.waits as { run: string; question: string };
  };
  const written = () => Deno.readTextFile(`${clambot.home}/workspace/files/a.txt`);
  const [one, two, three] = [await waiting(), await waiting(), await waiting()];
  await using gateway = await GatewayProcess.start(clambot);
  const answered = await here.json(["approvals", "answer", one.question, "--once"]);
  assert.deepEqual([answered.code, answered.object.status], [0, "completed"], answered.stdout);
  assert.equal(await written(), "a");
  const again = await here.json(["approvals", "answer", one.question, "--once"]);
  assert.equal((again.object.error as { code: string }).code, "question_closed");
  const resumed = await here.json(["runs", "resume", two.run, "--grant", "fs:workspace"]);
  assert.deepEqual([resumed.code, resumed.object.reply], [0, answered.object.reply]);
  assert.equal(await written(), "aa");
  assert.equal((await here.json(["runs", "cancel", three.run])).code, 0);
  const { object: shown } = await here.json(["runs", "show", three.run]);
  assert.equal(shown.state, "cancelled");
  const audit = await Array.fromAsync(Deno.readDir(`${clambot.home}/audit`));
  const lines = await Promise.all(
    audit.filter(({ name }) => name.endsWith(".jsonl"))
      .map(({ name }) => Deno.readTextFile(`${clambot.home}/audit/${name}`)),
  );
  assert.equal(lines.join("").match(/"question_answered"/g)?.length, 1);
  assert.equal(await gateway.stop(), 0);
});

test("A127: a question of a chat is answered at a terminal, and the chat is told what came of it", async (clambot) => {
  const { here } = clambot;
  await using gateway = await GatewayProcess.start(clambot);
  const say = ["say", "--as", "anna", "--id", "one", "add a note: buy milk"];
  let asked = await here.json(say);
  let answered: Awaited<typeof asked> | undefined;
  // it reads the notes, then writes them: a question each
  for (let n = 0; n < 2; n++) {
    const [pending] = JSON.parse((await here.run(["approvals", "pending", "--json"])).stdout);
    if (n === 0) {
      assert.deepEqual([asked.code, asked.object.status], [3, "needs_person"]);
      assert.match(String(asked.object.reply), new RegExp(`/approve ${pending.question} once`));
    }
    answered = await here.json(["approvals", "answer", pending.question, "--once"]);
  }
  assert.deepEqual([answered?.code, answered?.object.reply], [0, "Noted: buy milk"]);
  asked = await here.json(say);
  assert.deepEqual([asked.code, asked.object.reply], [0, "Noted: buy milk"]);
  const notes = await Deno.readTextFile(`${clambot.home}/workspace/files/notes.md`);
  assert.equal(notes.match(/buy milk/g)?.length, 1);
  assert.match((await here.run(["logs"])).stdout, /turn_resumed turn=m\w+\n.*turn_ended/);
  assert.equal(await gateway.stop(), 0);
});

test("logs prints what the gateway noted, without what was said, also while it comes", async (clambot) => {
  const { here } = clambot;
  assert.deepEqual(await here.run(["logs"]), { code: 0, stdout: "", stderr: "" });
  const following = clambot.start(["logs", "--follow", "--json"]);
  await following.stdin.close();
  const errors = new Response(following.stderr).text();
  {
    await using gateway = await GatewayProcess.start(clambot);
    await here.json(["say", "--as", "anna", "sha256 of pineapple"]);
    await gateway.stop();
  }
  const events: string[] = [];
  const lines = following.stdout.pipeThrough(new TextDecoderStream());
  let told = "";
  for await (const piece of lines) {
    told += piece;
    if (told.includes('"gateway_stopped"')) break;
  }
  for (const line of told.trimEnd().split("\n")) events.push(JSON.parse(line).event);
  assert.deepEqual(events, ["gateway_started", "turn_started", "turn_ended", "gateway_stopped"]);
  following.kill("SIGINT");
  assert.equal((await following.status).code, 130, await errors);
  assert.doesNotMatch(told, /pineapple/);
  const { stdout } = await here.run(["logs", "--since", "1h"]);
  assert.match(
    stdout,
    /^[\d-]+ [\d:]{8} {2}debug {2}turn_ended turn=m\w+ status=completed ms=\d+$/m,
  );
  assert.equal((await here.run(["logs", "--level", "warn"])).stdout, "");
  assert.equal((await here.run(["logs", "--since", "2999-01-01"])).stdout, "");
  for (const bad of [["--since", "soon"], ["--level", "loud"]]) {
    const { code, stderr } = await here.run(["logs", ...bad]);
    assert.equal(code, 2);
    assert.match(stderr, new RegExp(`^clambot: ${bad.join(" ")}: `));
  }
});

test("a second gateway names the first", async (clambot) => {
  await using _ = await GatewayProcess.start(clambot);
  const { code, stderr } = await clambot.here.run(["gateway"]);
  assert.equal(code, 1);
  assert.match(stderr, /A gateway runs on this home already, as process \d+/);
});
