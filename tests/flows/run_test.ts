import assert from "node:assert/strict";
import { Clambot } from "./clambot.ts";

interface Case {
  readonly name: string;
  readonly script: string;
  readonly args?: readonly string[];
  readonly code: number;
  /** `status`, or the error's code. */
  readonly outcome: string;
  readonly reply?: string | RegExp;
  /** It needs a thread of its own, which is ended from outside if need be. */
  readonly threads?: true;
}

const cases: readonly Case[] = [
  {
    name: "a string is the reply",
    script: `return "hello";`,
    code: 0,
    outcome: "completed",
    reply: "hello",
  },
  {
    name: "run(args) is called once with the inputs",
    script: `let n = 0; async function run(args) { n++; return args.name + n; }`,
    args: ["--input", `{"name":"ada"}`],
    code: 0,
    outcome: "completed",
    reply: "ada1",
  },
  {
    name: "an endless loop",
    script: `while (true) {}`,
    args: ["--timeout", "1"],
    code: 1,
    outcome: "runtime_timeout",
    threads: true,
  },
  {
    name: "a memory bomb",
    script: `const all = []; while (true) all.push("x".repeat(1 << 20) + all.length);`,
    code: 1,
    outcome: "runtime_memory",
    threads: true,
  },
  {
    name: "recursion without end",
    script: `const f = () => f() + 1; f();`,
    code: 1,
    outcome: "runtime_stack",
    threads: true,
  },
  {
    name: "reading above the workspace",
    script: `return await fs({operation: "read", path: "../../config.json"});`,
    args: ["--tools", "fs", "--grant", "fs:*"],
    code: 1,
    outcome: "path_outside_workspace",
  },
  {
    name: "reading an absolute path",
    script: `return await fs({operation: "read", path: "/etc/passwd"});`,
    args: ["--tools", "fs", "--grant", "fs:*"],
    code: 1,
    outcome: "path_outside_workspace",
  },
  {
    name: "the metadata address",
    script: `return await http_request({method: "GET", url: "http://169.254.169.254/latest"});`,
    args: ["--tools", "http_request", "--grant", "http_request:*"],
    code: 1,
    outcome: "network_blocked",
  },
  {
    name: "an undeclared tool",
    script: `return await fs({operation: "list", path: "."});`,
    code: 1,
    outcome: "undeclared_tool",
  },
  {
    name: "an ungranted call with nobody to ask",
    script: `return await fs({operation: "list", path: "."});`,
    args: ["--tools", "fs"],
    code: 3,
    outcome: "approval_needed",
  },
  {
    name: "a granted write",
    script: `await fs({operation: "write", path: "a.txt", content: "hi"});
             return (await fs({operation: "read", path: "a.txt"})).content;`,
    args: ["--tools", "fs", "--grant", "fs:workspace"],
    code: 0,
    outcome: "completed",
    reply: "hi",
  },
  {
    name: "wrong arguments",
    script: `return await fs({path: "a.txt"});`,
    args: ["--tools", "fs", "--grant", "fs:workspace"],
    code: 1,
    outcome: "tool_arguments_invalid",
  },
  { name: "a syntax error", script: `return 1 +;`, code: 1, outcome: "script_syntax_error" },
  {
    name: "a run that is no function",
    script: "const run = 5;",
    code: 1,
    outcome: "runtime_execution_error",
  },
  {
    name: "a script that neither returns nor does anything",
    script: "async function start() { return 1; }",
    code: 1,
    outcome: "result_invalid",
  },
  {
    name: "a script that only does something",
    script: `await fs({operation: "write", path: "a.txt", content: "hi"});
             await fs({operation: "read", path: "b.txt"}).catch(() => {});`,
    args: ["--tools", "fs", "--grant", "fs:workspace"],
    code: 0,
    outcome: "completed",
    reply: /^Done: fs write \S+\/files\/a\.txt\.$/,
  },
  { name: "a script that only prints", script: `console.log("x");`, code: 0, outcome: "completed" },
  {
    name: "words that would be holes in a clam's answer",
    script: "return `It is ${undefined}`;",
    code: 0,
    outcome: "completed",
    reply: "It is undefined",
  },
  {
    name: "an exception after output",
    script: `console.log("x"); throw new Error("boom");`,
    code: 1,
    outcome: "runtime_execution_error",
  },
];

for (const { name, script, args = [], code, outcome, reply, threads = false } of cases) {
  Deno.test(`run --json: ${name} ends as ${outcome} with exit code ${code} (A26)`, async () => {
    await using clambot = await Clambot.inEmptyHome();
    const file = await clambot.write("script.js", script);
    const { object, code: ended, stderr } = await clambot.here
      .json(["run", file, ...args], { threads });
    const error = object.error as { code: string; message: string } | undefined;
    assert.equal(error?.code ?? object.status, outcome, JSON.stringify(object) + stderr);
    assert.equal(ended, code);
    if (typeof reply === "string") assert.equal(object.reply, reply);
    else if (reply) assert.match(object.reply as string, reply);
    if (error) assert.doesNotMatch(error.message, /\n\s*at /, "no stack trace");
  });
}

Deno.test("run - reads no more of standard input than a program may hold", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const child = clambot.start(["run", "-", "--json"]);
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(1 << 20).fill(32)),
  });
  await endless.pipeTo(child.stdin).catch(() => {}); // until the program reads no more
  const { code, stdout } = await child.output();
  const { error } = JSON.parse(new TextDecoder().decode(stdout));
  assert.deepEqual([code, error.code], [1, "file_too_large"]);
});

Deno.test("run without --json prints the reply alone, and failures as one sentence", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const good = await clambot.run(["run", await clambot.write("a.js", `return "só";`)]);
  assert.deepEqual([good.code, good.stdout, good.stderr], [0, "só\n", ""]);
  const bad = await clambot.run(["run", await clambot.write("b.js", `throw new Error("boom")`)]);
  assert.equal(bad.code, 1);
  assert.equal(bad.stdout, "");
  assert.match(bad.stderr, /^clambot: .*boom/);
});

for (
  const { name, args, code, error } of [
    { name: "a file that is not there", args: ["run", "no.js"], code: 1, error: "file_not_found" },
    {
      name: "a grant without a scope",
      args: ["run", "a.js", "--grant", "fs"],
      code: 2,
      error: "usage",
    },
    {
      name: "inputs that are no JSON",
      args: ["run", "a.js", "--input", "{"],
      code: 2,
      error: "usage",
    },
    { name: "an empty message", args: ["agent", "-m", " "], code: 2, error: "usage" },
    { name: "no message", args: ["agent"], code: 2, error: "usage" },
    { name: "no such clam", args: ["clams", "run", "nope"], code: 1, error: "clam_not_found" },
  ]
) {
  Deno.test(`--json prints its one object for ${name} too`, async () => {
    await using clambot = await Clambot.inEmptyHome();
    const file = await clambot.write("a.js", "return 1");
    const ended = await clambot.here.json(args.map((arg) => arg === "a.js" ? file : arg));
    assert.equal((ended.object.error as { code: string }).code, error);
    assert.equal(ended.object.status, "failed");
    assert.deepEqual([ended.code, ended.stderr], [code, ""]);
  });
}

Deno.test("--tools may be repeated like --grant", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const file = await clambot.write("a.js", "return [typeof fs, typeof time, typeof sleep]");
  const { here } = clambot;
  const { object } = await here.json(["run", file, "--tools", "fs", "--tools", "time,fs"]);
  assert.deepEqual(object.value, ["function", "function", "undefined"]);
});

Deno.test("run - reads the program from standard input", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const { stdout, code } = await clambot.run(["run", "-"], { stdin: `return "piped";` });
  assert.deepEqual([code, stdout], [0, "piped\n"]);
});

Deno.test("an ungranted call names the grant that would allow it, and that grant does", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const script = `return (await fs({operation: "list", path: "."})).entries.length;`;
  const file = await clambot.write("list.js", script);
  const denied = await clambot.here.json(["run", file, "--tools", "fs"]);
  assert.equal(denied.object.status, "needs_person");
  const { message } = denied.object.error as { message: string };
  const [, grant] = /the grant "([^"]+)" would allow it/.exec(message) ?? [];
  assert.ok(grant, message);
  const allowed = await clambot.json(["run", file, "--tools", "fs", "--grant", grant]);
  assert.equal(allowed.code, 0);
  assert.equal((allowed.object.calls as { scope: string }[])[0]?.scope, grant.slice(3));
});

for (
  const [name, args, message] of [
    ["a missing file", ["run", "nothing.js"], /There is no file "nothing.js"/],
    ["inputs that are no JSON", ["run", "-", "--input", "{x"], /--input is not JSON/],
    ["a grant without scope", ["run", "-", "--grant", "fs"], /"fs" is no grant/],
    ["an unknown scope", ["run", "-", "--grant", "fs:everything"], /"everything" is no scope/],
    ["an unknown option", ["run", "-", "--tolls", "fs"], /unknown option '--tolls'[^]*--tools/],
    ["an unknown command", ["rnu"], /unknown command 'rnu'[^]*run/],
  ] as const
) {
  Deno.test(`${name} is told in a sentence, without a stack trace`, async () => {
    await using clambot = await Clambot.inEmptyHome();
    const { code, stderr, stdout } = await clambot.here.run(args, { stdin: "return 1" });
    assert.ok(code === 1 || code === 2, `exit code ${code}`);
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /\n\s+at /);
    assert.equal(stdout, "");
  });
}

Deno.test("outside the workspace, a file where the core's wall lets none be made is told as what it is", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const config = { tools: { filesystem: { restrictToWorkspace: false } } };
  await clambot.write(".clambot/config.json", JSON.stringify(config));
  await Deno.mkdir(`${clambot.directory}/beside`);
  const file = await clambot.write(
    "write.js",
    `return (await fs({operation: "write", path: args.path, content: "x"})).created;`,
  );
  const write = (path: string) =>
    clambot.json([
      "run",
      file,
      "--tools",
      "fs",
      "--grant",
      "fs:*",
      "--input",
      `{"path":"${path}"}`,
    ]);
  const refused = await write(`${clambot.directory}/new.txt`);
  const { code, message } = refused.object.error as { code: string; message: string };
  assert.equal(code, "file_failed");
  assert.match(message, /own wall keeps it from ".*new\.txt"/);
  assert.equal((await write(`${clambot.directory}/beside/new.txt`)).object.value, true);
});
