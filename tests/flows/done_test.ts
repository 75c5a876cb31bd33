import assert from "node:assert/strict";
import { tellDone } from "../../src/agent/done.ts";
import { FaultyWorld } from "./faulty_house.ts";
import { ACCEPT, clam, GENERATE } from "./pipeline.ts";
import { Clambot } from "./clambot.ts";

// Under an answer stands what was really done: the account says it, not the model (A273).

const WRITES = `await fs({ operation: "write", path: "a.txt", content: "a" });`;

async function run(body: string, json: boolean) {
  await using clambot = await Clambot.inEmptyHome();
  const file = await clambot.write("a.js", `async function run() { ${body} }`);
  const args = ["run", file, "--tools", "fs,sleep", "--grant", "fs:workspace"];
  const ended = await clambot.here.run(json ? [...args, "--json"] : args);
  return { ...ended, object: json ? JSON.parse(ended.stdout) : undefined };
}

Deno.test("what was done stands on standard error, so that the answer can be piped", async () => {
  const { code, stdout, stderr } = await run(
    `${WRITES} return "I also called your mother.";`,
    false,
  );
  assert.deepEqual([code, stdout], [0, "I also called your mother.\n"]);
  assert.match(stderr, /^ {2}1 file written; allowed by the grant fs:workspace$/m);
});

Deno.test("--json holds it in full", async () => {
  const { object } = await run(`${WRITES} return "done";`, true);
  const { summary, calls: [call] } = object.done;
  assert.equal(summary, "1 file written; allowed by the grant fs:workspace");
  const { tool, effect, operation, to, decision, scope, outcome } = call;
  assert.deepEqual(
    [tool, effect, operation, decision, scope, outcome],
    ["fs", "write", "write", "granted", "workspace", "ok"],
  );
  assert.match(to, /^write .*\/a\.txt$/);
  assert.ok(Date.parse(call.allowedAt) > 0);
});

Deno.test("a failed answer tells what was done before it failed", async () => {
  const told = await run(`${WRITES} throw new Error("no");`, false);
  assert.equal(told.code, 1);
  assert.match(told.stderr, /1 file written/);
  assert.equal((await run(`${WRITES} throw new Error("no");`, true)).object.done.calls.length, 1);
});

Deno.test("nothing stands there where nothing had an effect", async () => {
  const body = `await sleep({ seconds: 0 }); return "I deleted all your files.";`;
  assert.equal((await run(body, false)).stderr, "");
  assert.equal("done" in (await run(body, true)).object, false);
});

Deno.test("what an earlier attempt of the turn did is told once", async () => {
  await using world = new FaultyWorld();
  const posts = (server: string, rest: string) =>
    clam(
      `async function run() { await http_request({method: "POST", url: "${server}/asked"}); ${rest} }`,
      { declared_tools: ["http_request"] },
    );
  const { answer, effects } = await world.run({
    name: "mended behind an effect",
    text: "send it",
    allows: true,
    grants: [],
    script(model, server) {
      model.on("selection", GENERATE);
      model.on("clam", posts(server, "null.x;"), posts(server, `return "It was sent.";`));
      model.on("verdict", ACCEPT);
    },
  });
  assert.equal(effects, 1);
  const done = tellDone(answer?.calls ?? [], { now: Date.now(), zone: "UTC" });
  assert.match(done?.summary ?? "", /^1 request; allowed by you for good \d\d:\d\d$/);
});
