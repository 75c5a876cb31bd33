import assert from "node:assert/strict";
import { fingerprint } from "../../src/approvals/fingerprint.ts";
import type { ApprovalRequest } from "../../src/approvals/approver.ts";
import { homeLayout } from "../../src/config/home.ts";
import type { JsonObject } from "../../src/domain/json.ts";
import type { ToolCall } from "../../src/domain/tool_call.ts";
import { createClock, createRandom } from "../../src/platform/deno.ts";
import { openFiles } from "../../src/platform/files.ts";
import type { Run } from "../../src/runs/run.ts";
import { sha256Hex } from "../../src/text/canonical_json.ts";
import { SOME_PROGRAM, SOME_TURN } from "../fakes/alone.ts";
import { openTestRuns } from "../fakes/runs.ts";
import { append, filesOf, RunHome } from "./run_home.ts";

// Runs that wait and go on, as a person sees them: every command is a process of its own, or does
// what one would do.

Deno.test("P085, P086: three questions of one run, each answered in another process", async () => {
  await using home = await RunHome.empty();
  const body = `${append("a")}; ${append("b")}; ${append("c")}; return Math.random();`;
  const first = await home.start(3, body);
  assert.equal(first.error?.code, "approval_needed");
  const second = await home.answer(3, first, "--once");
  assert.deepEqual([await home.text("a"), await home.text("b")], ["a ", ""]);
  const third = await home.answer(3, second, "--once");
  const last = await home.answer(0, third, "--once");
  assert.equal(last.status, "completed");
  assert.deepEqual(
    [await home.text("a"), await home.text("b"), await home.text("c")],
    ["a ", "b ", "c "],
  );
  assert.deepEqual(last.calls.map(({ decision }) => decision), ["once", "once", "once"]);
  assert.deepEqual((await home.runs()).map(({ state }) => state), ["completed"]);
  await home.json(0, "runs", "replay", (await home.runs())[0]?.run ?? "");
});

Deno.test("A127: answered twice, after the end, or by a wrong name, nothing is done", async () => {
  await using home = await RunHome.empty();
  const first = await home.start(3, `${append("a")}; return "done";`);
  await home.answer(0, first, "--once");
  for (const question of [first.waits?.question ?? "", "nothing"]) {
    const again = await home.json(1, "approvals", "answer", question, "--once");
    assert.equal(again.error?.code, "question_closed");
  }
  assert.equal(await home.text("a"), "a ");
});

Deno.test("A130: a no ends the run, and is on record", async () => {
  await using home = await RunHome.empty();
  const first = await home.start(3, `${append("a")}; return "done";`);
  const rejected = await home.answer(1, first, "--reject");
  assert.equal(rejected.error?.code, "approval_denied");
  assert.equal(await home.text("a"), "");
  assert.deepEqual((await home.runs()).map(({ state }) => state), ["rejected"]);
});

Deno.test("a scope that was not offered is refused, and the question stays", async () => {
  await using home = await RunHome.empty();
  const first = await home.start(3, `${append("a")}; return "done";`);
  const wrong = await home.answer(2, first, "--always", "*");
  assert.match(wrong.error?.message ?? "", /is not offered\. Offered are: file:/);
  assert.equal((await home.runs())[0]?.state, "waiting");
  await home.answer(0, first, "--turn", `file:${await Deno.realPath(filesOf(home.clambot))}/a.txt`);
  assert.equal(await home.text("a"), "a ");
});

Deno.test("A117: once allows one call; the next, with another body, waits again", async () => {
  await using home = await RunHome.empty();
  const first = await home.start(3, `${append("a")}; ${append("a")}; return "done";`);
  const second = await home.answer(3, first, "--once");
  assert.notEqual(second.waits?.question, first.waits?.question);
  assert.equal(await home.text("a"), "a ");
});

Deno.test("what runs beside a call that waits comes to its end first, and is not repeated", async () => {
  await using home = await RunHome.empty();
  const calls = [append("a"), append("b")].map((call) => call.replace("await ", ""));
  const body = `await Promise.all([${calls.join(", ")}]); return "done";`;
  const root = await Deno.realPath(home.clambot.directory);
  const grant = `fs:file:${root}/.clambot/workspace/files/b.txt`;
  const first = await home.start(3, body, "fs", "--grant", grant);
  assert.deepEqual([await home.text("a"), await home.text("b")], ["", "b "]);
  await home.answer(0, first, "--once");
  assert.deepEqual([await home.text("a"), await home.text("b")], ["a ", "b "]);
});

Deno.test("A118: what was allowed for this request counts after a restart, as do its own grants", async () => {
  await using home = await RunHome.empty();
  const root = `${await Deno.realPath(home.clambot.directory)}/.clambot/workspace/files`;
  const body = `${append("a")}; ${append("b")}; ${append("a")}; ${append("c")}; return "done";`;
  const first = await home.start(3, body, "fs", "--grant", `fs:file:${root}/c.txt`);
  const second = await home.answer(3, first, "--turn", `file:${root}/a.txt`);
  const last = await home.answer(0, second, "--once");
  const decisions = last.calls.map(({ decision }) => decision);
  assert.deepEqual(decisions, ["turn", "once", "turn", "granted"]);
  assert.equal(await home.text("a"), "a a ");
});

Deno.test("calls that nobody can read are told again in their place", async () => {
  await using home = await RunHome.empty();
  const odd = `const failed = []; const odd = [null, [], () => 1].map((one) =>
    time(one).catch((error) => failed.push(error.code)));
    await Promise.all([...odd, sleep({seconds: 0.05})]); ${append("a")}; return failed;`;
  const first = await home.start(3, odd, "fs,sleep,time");
  const { reply } = await home.answer(0, first, "--once");
  assert.deepEqual(JSON.parse(reply), Array(3).fill("tool_arguments_invalid"));
  await home.json(0, "runs", "replay", first.waits?.run ?? "");
});

Deno.test("P088: a race has the same winner when its run goes on", async () => {
  await using home = await RunHome.empty();
  const race = `const who = await Promise.race([sleep({seconds: 0.25}).then(() => "late"),
    sleep({seconds: 0.02}).then(() => "early")]); await sleep({seconds: 0.4});`;
  const first = await home.start(3, `${race} ${append("a")}; return who;`, "fs,sleep");
  const last = await home.answer(0, first, "--once");
  assert.equal(last.reply, "early");
  assert.deepEqual(await home.json(0, "runs", "replay", first.waits?.run ?? ""), {
    run: first.waits?.run,
    same: true,
  });
});

Deno.test("a run that waits can be cancelled; it cannot be resumed then", async () => {
  await using home = await RunHome.empty();
  const first = await home.start(3, `${append("a")}; return "done";`);
  const run = first.waits?.run ?? "";
  assert.deepEqual(await home.json(0, "runs", "cancel", run), { run, state: "cancelled" });
  assert.equal((await home.json(1, "runs", "resume", run)).error?.code, "run_ended");
  assert.equal((await home.answer(1, first, "--once")).error?.code, "question_closed");
  assert.equal(await home.text("a"), "");
});

Deno.test("with questions switched off nothing waits", async () => {
  await using home = await RunHome.empty();
  await home.clambot.write(
    ".clambot/config.json",
    JSON.stringify({ agents: { approvals: { interactive: false } } }),
  );
  const first = await home.start(3, `${append("a")}; return "done";`);
  assert.equal(first.waits, undefined);
  assert.deepEqual((await home.runs()).map(({ state }) => state), ["failed"]);
});

/** A call, as a program makes it and as the tool takes it. */
interface Doubtful {
  readonly tool: string;
  readonly said: JsonObject;
  readonly args?: JsonObject;
  readonly repeatable: boolean;
}

const APPENDS: Doubtful = {
  tool: "fs",
  said: { operation: "append", path: "a.txt", content: "a " },
  repeatable: false,
};

/** What a process leaves that was killed while it did its only call. */
async function leaveInDoubt(home: RunHome, doubtful = APPENDS): Promise<string> {
  const { tool, said, args = said, repeatable } = doubtful;
  const { runs, secrets } = homeLayout(home.clambot.home);
  const [clock, random] = [createClock(), createRandom()];
  const all = openTestRuns({ files: openFiles(runs), secrets: openFiles(secrets), clock, random });
  const call = `await ${tool}(${JSON.stringify(said)})`;
  const source = `async function run() { ${call}; return "done"; }`;
  const turn = random.id();
  const run = all.open({ ...SOME_TURN, turn, purpose: "script", conversation: "cli:run" });
  const program = { ...SOME_PROGRAM, source, sha256: await sha256Hex(source) };
  const attempt = await run.beginAttempt({ ...program, declaredTools: [tool] }, { kind: "script" });
  const print = await fingerprint(tool, said);
  const own = await fingerprint(tool, args);
  await ask(run, { id: 1, tool, args }, own);
  await attempt.intend({
    ...{ call: 1, print, tool, args, fingerprint: own },
    ...{ effect: "write", decision: "once", repeatable },
  });
  await run.close();
  return turn;
}

/** The person said yes to the call, once. */
async function ask(run: Run, call: ToolCall, fingerprint: string): Promise<void> {
  const about = { turnId: run.id, conversation: "cli:run", call, fingerprint, preview: NOTHING };
  const request: ApprovalRequest = {
    ...about,
    ...{ effect: "write", resource: { kind: "plain" }, foreign: false },
    ...{ offers: [], standing: false, derived: [] },
  };
  const matter = { kind: "call", request } as const;
  const { question } = await run.ask({ call: call.id, fingerprint, matter });
  await run.answer(question, { kind: "once" }, { channel: "cli" });
}

const NOTHING = { title: "do it", fields: [] };

Deno.test("A261: what can be done twice is done again without a question, one yes allows it", async () => {
  await using home = await RunHome.empty();
  await home.clambot.run(["status"]);
  const files = filesOf(home.clambot);
  await Deno.mkdir(files, { recursive: true });
  const path = `${await Deno.realPath(files)}/folder`;
  const said = { operation: "mkdir", path: "folder" };
  const mkdir = { tool: "fs", said, args: { ...said, path }, repeatable: true };
  const done = await home.json(0, "runs", "resume", await leaveInDoubt(home, mkdir));
  assert.deepEqual(done.calls.map(({ decision, outcome }) => [decision, outcome]), [[
    "once",
    "ok",
  ]]);
  assert.ok((await Deno.stat(path)).isDirectory);
});

Deno.test("A261: a PUT and a DELETE that were begun are sent again, a POST is asked for", async () => {
  await using home = await RunHome.empty();
  const seen: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    seen.push(request.method);
    return Response.json({ ok: true });
  });
  try {
    const url = `http://127.0.0.1:${server.addr.port}/`;
    const allowHosts = [{ url, addresses: "127.0.0.1", tools: ["http_request"] }];
    await home.clambot.write(".clambot/config.json", JSON.stringify({ network: { allowHosts } }));
    await home.clambot.run(["status"]);
    for (const method of ["PUT", "DELETE", "POST"]) {
      const said = { method, url };
      const args = { ...said, headers: {} };
      const repeatable = method !== "POST"; // as the tool itself says of a call that it does
      const run = await leaveInDoubt(home, { tool: "http_request", said, args, repeatable });
      const told = await home.json(repeatable ? 0 : 3, "runs", "resume", run);
      assert.equal(told.error?.code, repeatable ? undefined : "call_in_doubt");
      assert.equal(told.calls[0]?.outcome, repeatable ? "ok" : "call_in_doubt");
    }
    assert.deepEqual(seen, ["PUT", "DELETE"]);
  } finally {
    await server.shutdown();
  }
});

Deno.test("A261: what was begun and not ended is asked for, whatever is granted", async () => {
  await using home = await RunHome.empty();
  await home.clambot.run(["status"]);
  const run = await leaveInDoubt(home);
  const shown = await home.clambot.run(["runs", "show", run]);
  assert.match(shown.stdout, /in doubt: begun, not known if done/);
  assert.deepEqual((await home.runs()).map(({ state }) => state), ["interrupted"]);
  const doubtful = await home.json(3, "runs", "resume", run, "--grant", "fs:*");
  assert.equal(doubtful.error?.code, "call_in_doubt");
  assert.equal(await home.text("a"), "");
  const last = await home.answer(0, doubtful, "--once");
  assert.deepEqual([last.reply, await home.text("a")], ["done", "a "]);
});

Deno.test("A274: what is in doubt and is done again is one tool call of its run", async () => {
  await using home = await RunHome.empty();
  await home.clambot.write(
    ".clambot/config.json",
    JSON.stringify({ agents: { budgets: { perTurn: { toolCalls: 1 } } } }),
  );
  await home.clambot.run(["status"]);
  const doubtful = await home.json(3, "runs", "resume", await leaveInDoubt(home));
  const last = await home.answer(0, doubtful, "--once");
  assert.deepEqual([last.reply, await home.text("a")], ["done", "a "]);
});

Deno.test("A261: a no to what is in doubt ends the run without it", async () => {
  await using home = await RunHome.empty();
  await home.clambot.run(["status"]);
  const doubtful = await home.json(3, "runs", "resume", await leaveInDoubt(home));
  assert.equal((await home.answer(1, doubtful, "--reject")).error?.code, "approval_denied");
  assert.equal(await home.text("a"), "");
});

Deno.test("A263: a secret that was asked for comes later, and the run goes on where it was", async () => {
  await using home = await RunHome.empty();
  const seen: (string | null)[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    seen.push(request.headers.get("authorization"));
    return Response.json({ ok: true });
  });
  try {
    const url = `http://127.0.0.1:${server.addr.port}`;
    const allowHosts = [{ url, addresses: "127.0.0.1", tools: ["http_request"] }];
    await home.clambot.write(".clambot/config.json", JSON.stringify({ network: { allowHosts } }));
    const call = `await http_request({method: "POST", url: "${url}/", ` +
      `auth: {type: "bearer_secret", name: "MY_TOKEN"}})`;
    const grants = ["--grant", "fs:*", "--grant", `http_request:exact:POST:${url}/`];
    const body = `${append("a")}; ${call}; return "done";`;
    const first = await home.start(3, body, "fs,http_request", ...grants);
    assert.equal(first.error?.code, "secret_not_available", JSON.stringify(first));
    const waiting = await home.clambot.run(["approvals", "pending"]);
    assert.match(waiting.stdout, /wants the secret MY_TOKEN/);
    const early = await home.json(3, "runs", "resume", first.waits?.run ?? "", ...grants);
    assert.equal(early.waits?.question, first.waits?.question);
    const host = ["--host", url];
    const kept = await home.clambot.run(["secrets", "set", "MY_TOKEN", ...host], {
      stdin: "t0k3n",
    });
    assert.equal(kept.code, 0, kept.stderr);
    const last = await home.json(0, "runs", "resume", first.waits?.run ?? "", ...grants);
    assert.equal(last.reply, "done");
    assert.deepEqual(seen, ["Bearer t0k3n"]);
    assert.equal(await home.text("a"), "a ");
  } finally {
    await server.shutdown();
  }
});

Deno.test("P093: doctor and status tell what waits, what was broken off, and where a file is damaged", async () => {
  await using home = await RunHome.empty();
  const asked = await home.start(3, `${append("a")}; return "done";`);
  const run = await leaveInDoubt(home);
  const { runs } = homeLayout(home.clambot.home);
  const [file] = (await openFiles(runs).list()).map(({ name }) => name)
    .filter((name) => name.includes(run));
  const path = `${runs}/${file}`;
  const whole = await Deno.readFile(path);
  await Deno.writeFile(path, new Uint8Array([...whole, 0xe2, 0x82]));
  const offset = whole.length;
  const told = await examine(home, "status");
  const { question } = asked.waits ?? {};
  const flaw = { run, kind: "torn", file, line: 6, offset };
  const about = { interrupted: [run], damaged: [], flaws: [flaw] };
  assert.deepEqual(told.runs, { questions: [question], ...about });
  const found = (await examine(home, "doctor")).findings?.find(({ name }) => name === "open runs");
  assert.match(found?.wrong[0] ?? "", new RegExp(`^runs/${file}: line 6 \\(offset ${offset}\\)`));
  assert.match(found?.advice?.join("\n") ?? "", new RegExp(`${question}.*\n.*${run} was broken`));

  const doubtful = await home.json(3, "runs", "resume", run);
  assert.equal(doubtful.error?.code, "call_in_doubt");
  assert.deepEqual((await examine(home, "status")).runs?.flaws, [], "the rest of a line is gone");
  assert.equal((await home.answer(0, doubtful, "--once")).reply, "done");

  const [opened = "", ...rest] = (await Deno.readTextFile(path)).split("\n");
  await Deno.writeTextFile(
    path,
    [opened, ...rest.map((line) => line.replace("a.txt", "b.txt"))].join("\n"),
  );
  const damaged = { run, kind: "changed", file, line: 2, offset: opened.length + 1 };
  const after = (await examine(home, "status")).runs;
  assert.deepEqual([after?.damaged, after?.flaws], [[run], [damaged]]);
  const shown = await home.clambot.run(["runs", "show", run]);
  assert.match(shown.stdout, new RegExp(`runs/${file}, line 2, offset ${opened.length + 1}`));
  assert.match((await home.clambot.run(["status"])).stdout, /1 question waits, 1 damaged/);
});

interface Examined {
  readonly runs?: { readonly damaged: readonly string[]; readonly flaws: readonly unknown[] };
  readonly findings?: readonly {
    readonly name: string;
    readonly wrong: readonly string[];
    readonly advice?: readonly string[];
  }[];
}

async function examine(home: RunHome, command: string): Promise<Examined> {
  return JSON.parse((await home.clambot.run([command, "--json"])).stdout);
}
