import assert from "node:assert/strict";
import { AtTerminal, KEYS, testAtTerminal } from "./at_terminal.ts";
import { Clambot } from "./clambot.ts";
import { after } from "../fakes/scripted_model.ts";
import { chatting, Pipeline } from "./pipeline.ts";

// What a person meets at a terminal: questions, arrow keys, Ctrl-C, the conversation.

const WRITE = `return (await fs({operation: "write", path: "a.txt", content: "hi"})).path;`;
const RUN = ["run", "write.js", "--tools", "fs,sleep"];

async function asked(
  env: Readonly<Record<string, string>> = {},
  script = WRITE,
): Promise<{ clambot: Clambot; terminal: AtTerminal }> {
  const clambot = await Clambot.inEmptyHome();
  await clambot.write("write.js", script);
  return { clambot, terminal: new AtTerminal(clambot, RUN, { env }) };
}

async function wasWritten({ home }: Clambot): Promise<boolean> {
  const found = await Deno.stat(`${home}/workspace/files/a.txt`).catch(() => undefined);
  return found !== undefined;
}

testAtTerminal(
  "the question shows what would be written; Enter alone rejects it (A33, A125)",
  async () => {
    const { clambot, terminal } = await asked();
    await using _ = clambot;
    await terminal.see("+hi");
    await terminal.see("Allow it?");
    await terminal.see("Reject");
    await terminal.answer(KEYS.enter);
    const { code, stdout } = await terminal.ended();
    assert.match(stdout, /You rejected the call of fs/);
    assert.deepEqual([code, await wasWritten(clambot)], [1, false]);
  },
);

testAtTerminal("Ctrl-D at a question rejects; without colours none are shown", async () => {
  const { clambot, terminal } = await asked({ NO_COLOR: "1" });
  await using _ = clambot;
  await terminal.see("Allow it?");
  await terminal.see("Reject");
  await terminal.answer(KEYS.ctrlD);
  const { code, stdout } = await terminal.ended();
  assert.match(stdout, /You rejected the call of fs/);
  assert.deepEqual([code, await wasWritten(clambot)], [1, false]);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(terminal.raw, /\x1b\[3[0-9]m/);
});

testAtTerminal(
  "Ctrl-D while a key is typed leaves the question, and the key is never shown",
  async () => {
    await using clambot = await Clambot.inEmptyHome();
    const terminal = new AtTerminal(clambot, ["provider", "connect", "openai"]);
    await terminal.see("key");
    await terminal.answer("sk-canary");
    await terminal.type(KEYS.ctrlD);
    const { code, stdout } = await terminal.ended();
    assert.equal(code, 1);
    assert.match(stdout, /You left the question; nothing was changed/);
    assert.doesNotMatch(stdout, /sk-canary/);
  },
);

testAtTerminal(
  "one no ends a run of several calls at once; the conversation goes on (A34, A116, A130)",
  async () => {
    await using clambot = await Clambot.inEmptyHome();
    await clambot.write(
      ".clambot/workspace/clams/several/CLAM.md",
      "---\nname: s\ndeclared_tools: [fs]\nrequests: [begin several writes]\nreusable: true\n" +
        "origin: person\n---\n",
    );
    await clambot.write(
      ".clambot/workspace/clams/several/run.js",
      `const write = (path) => fs({operation: "write", path, content: "x"});
     async function run() { await Promise.all(["a", "b", "c"].map(write)); }`,
    );
    const terminal = new AtTerminal(clambot, ["agent"]);
    await terminal.see("you> ");
    await terminal.type(`begin several writes${KEYS.enter}`);
    await terminal.see("Allow it?");
    await terminal.see("Reject");
    await terminal.answer(KEYS.enter);
    await terminal.see("you> ");
    await terminal.type(`what is 2+2${KEYS.enter}`);
    await terminal.see("= 4");
    await terminal.see("you> ");
    await terminal.type(KEYS.ctrlD);
    const { code, stdout } = await terminal.ended();
    assert.equal(code, 0);
    assert.equal(stdout.split("ClamBot asks").length, 2, stdout); // one question
    const audit = `${clambot.home}/audit`;
    const texts = await Promise.all(
      [...Deno.readDirSync(audit)].map(({ name }) => Deno.readTextFile(`${audit}/${name}`)),
    );
    const [, listed = "1"] = /ClamBot asks about (\d) calls/.exec(stdout) ?? [];
    const denied = texts.join("").split('"denied"').length - 1;
    assert.equal(denied, Number(listed), "a no to a list is one to each call of it (A135)");
  },
);

testAtTerminal("what was typed before the question stood there answers nothing", async () => {
  const { clambot, terminal } = await asked({}, `await sleep({seconds: 1}); ${WRITE}`);
  await using _ = clambot;
  await terminal.type(`jjj${KEYS.down}${KEYS.enter}`); // "j" moves like an arrow key
  await terminal.see("Allow it?");
  await terminal.see("Reject");
  assert.equal(await wasWritten(clambot), false);
  await terminal.answer(KEYS.down + KEYS.enter);
  assert.deepEqual([(await terminal.ended()).code, await wasWritten(clambot)], [0, true]);
});

testAtTerminal(
  "a long question shows its beginning, and the rest when the person asks for it (A125)",
  async () => {
    await using clambot = await Clambot.inEmptyHome();
    await clambot.write(
      "long.js",
      `const content = Array.from({length: 200}, (_, i) => "line " + i + "\\n").join("");
     await fs({operation: "write", path: "long.txt", content});`,
    );
    const terminal = new AtTerminal(clambot, ["run", "long.js", "--tools", "fs"]);
    await terminal.see("+line 10");
    await terminal.see("more lines");
    await terminal.see("Show the other");
    await terminal.see("Reject");
    await terminal.answer(KEYS.up + KEYS.enter);
    await terminal.see("+line 199");
    await terminal.see("Reject");
    await terminal.answer(KEYS.down + KEYS.enter);
    const { code, stdout } = await terminal.ended();
    assert.equal(code, 0);
    assert.ok(stdout.indexOf("+line 199") > stdout.indexOf("more lines"));
  },
);

testAtTerminal("several questions in one run each take their answer at once", async () => {
  await using clambot = await Clambot.inEmptyHome();
  await clambot.write(
    "several.js",
    `for (const i of [1, 2, 3, 4, 5]) await fs({operation: "write", path: "f" + i, content: "x"});`,
  );
  const terminal = new AtTerminal(clambot, ["run", "several.js", "--tools", "fs"]);
  for (let question = 1; question <= 5; question++) {
    await terminal.see("Allow it?");
    await terminal.see("Reject");
    await terminal.answer(KEYS.down + KEYS.enter);
  }
  assert.equal((await terminal.ended()).code, 0);
});

testAtTerminal(
  "what is allowed always is not asked again, until it is taken back (A116, A132)",
  async () => {
    const { clambot, terminal } = await asked();
    await using _ = clambot;
    await terminal.see("Allow it?");
    await terminal.see("Reject");
    await terminal.answer(KEYS.up + KEYS.enter); // above Reject: the widest of what is offered
    assert.equal((await terminal.ended()).code, 0);
    const { object } = await clambot.here.json(["approvals", "list"]);
    const [grant] = object as unknown as { id: string; tool: string; scope: string }[];
    assert.deepEqual([grant?.tool, grant?.scope], ["fs", "workspace"]);
    assert.equal((await clambot.run(RUN)).code, 0);
    assert.equal((await clambot.here.run(["approvals", "revoke", grant?.id ?? ""])).code, 0);
    assert.equal((await clambot.run(RUN)).code, 3);
  },
);

testAtTerminal("what is allowed for 7 days is kept with that end (S15)", async () => {
  const { clambot, terminal } = await asked();
  await using _ = clambot;
  await terminal.see("Allow for 7 days:");
  await terminal.see("Reject");
  const shown =
    [...(terminal.raw.matchAll(/Allow (for this request|for 7 days|always): /g))].length;
  assert.equal(shown % 3, 0);
  await terminal.answer(KEYS.up.repeat(shown / 3 + 1) + KEYS.enter); // above those for good
  assert.equal((await terminal.ended()).code, 0);
  const { object } = await clambot.here.json(["approvals", "list"]);
  const [grant] = object as unknown as { scope: string; createdAt: number; expiresAt: number }[];
  assert.equal(grant?.scope, "workspace");
  assert.equal((grant?.expiresAt ?? 0) - (grant?.createdAt ?? 0), 7 * 86_400_000);
  assert.match((await clambot.here.run(["approvals", "list"])).stdout, /until 20\d\d-/);
});

testAtTerminal(
  "a change that widens is made after a yes at the terminal, and not after a no",
  async () => {
    await using clambot = await Clambot.inEmptyHome();
    const set = ["config", "set", "agents.approvals.alwaysGrants", '["fs:workspace"]'];
    for (const [key, code, there] of [["n", 1, false], ["y", 0, true]] as const) {
      const terminal = new AtTerminal(clambot, set);
      await terminal.see("More calls pass without a question.");
      await terminal.see("Do it?");
      await terminal.answer(key + KEYS.enter);
      assert.equal((await terminal.ended()).code, code);
      const text = await Deno.readTextFile(`${clambot.home}/config.json`).catch(() => "");
      assert.equal(text.includes("fs:workspace"), there);
    }
  },
);

testAtTerminal("Enter alone at a yes-or-no question changes nothing", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const before = "# Memory\n\n- Lives in Berlin\n";
  const path = await clambot.write(".clambot/workspace/memory/MEMORY.md", before);
  const asking = [
    [["memory", "forget", "Berlin"], "Forget this?", "Nothing was forgotten"],
    [["config", "set", "agents.approvals.enabled", "false"], "Do it?", "Nothing was changed"],
  ] as const;
  for (const [args, question, told] of asking) {
    const terminal = new AtTerminal(clambot, args);
    await terminal.see(question);
    await terminal.answer(KEYS.enter);
    assert.ok((await terminal.ended()).stdout.includes(told));
  }
  assert.equal(await Deno.readTextFile(path), before);
  assert.equal(await Deno.stat(`${clambot.home}/config.json`).catch(() => "none"), "none");
});

testAtTerminal(
  "one question may follow another of the launcher; each has its own dead time",
  async () => {
    await using clambot = await Clambot.inEmptyHome();
    const server = Deno.serve({ port: 0, onListen() {} }, () => Response.json({ data: [] }));
    const host = `http://127.0.0.1:${server.addr.port}/v1`;
    const connect = ["provider", "connect", "custom", "--host", host, "--model", "m", "--force"];
    const terminal = new AtTerminal(clambot, connect);
    await terminal.see("Enter alone when it wants none");
    await terminal.answer(`sk-canary${KEYS.enter}y`); // the y is for no question that stands there
    await terminal.see("Do it?");
    await terminal.send(`y${KEYS.enter}`);
    await terminal.answer("n");
    assert.match((await terminal.ended()).stdout, /Nothing was changed/);
    assert.equal(await Deno.stat(`${clambot.home}/config.json`).catch(() => "none"), "none");
    await server.shutdown();
  },
);

testAtTerminal(
  "Ctrl-C at a question about rights or providers leaves it, and nothing is changed (A42)",
  async () => {
    await using clambot = await Clambot.inEmptyHome();
    const env = {
      OPENROUTER_API_KEY: "sk-or-canary",
      GROQ_API_KEY: "gsk-canary",
      OLLAMA_HOST: "127.0.0.1:9",
    };
    const questions = [
      [["config", "set", "agents.approvals.enabled", "false"], "Do it?", {}],
      [["onboard"], "Which provider should answer?", env],
    ] as const;
    for (const [args, question, variables] of questions) {
      const terminal = new AtTerminal(clambot, args, { env: variables });
      await terminal.see(question);
      await terminal.answer(KEYS.ctrlC);
      assert.notEqual((await terminal.ended()).code, 0);
      assert.equal(await Deno.stat(`${clambot.home}/config.json`).catch(() => "none"), "none");
    }
  },
);

testAtTerminal(
  "Ctrl-C stops the answer and the conversation goes on; at the prompt it leaves (A32)",
  async () => {
    await using pipeline = await Pipeline.open();
    pipeline.model.on("selection", after(60_000, "late"));
    const terminal = new AtTerminal(pipeline.clambot, ["agent"]);
    await terminal.see("you> ");
    await terminal.type(`count slowly${KEYS.enter}`);
    await terminal.see("choosing"); // the progress line
    await terminal.type(KEYS.ctrlC);
    await terminal.see("The turn was cancelled.");
    await terminal.see("you> ");
    await terminal.type(`count again${KEYS.enter}`);
    await terminal.see("choosing");
    await terminal.type(KEYS.ctrlC);
    await terminal.see("The turn was cancelled.");
    await terminal.see("you> ");
    pipeline.model.reset();
    pipeline.model.on("selection", chatting("Here I am."));
    await new Promise((resolve) => setTimeout(resolve, 2000)); // each turn has a first Ctrl-C
    await terminal.type(`are you there?${KEYS.enter}`);
    await terminal.see("Here I am.");
    await terminal.see("you> ");
    await terminal.type(KEYS.ctrlC);
    assert.equal((await terminal.ended()).code, 0);
  },
);

testAtTerminal(
  "the conversation keeps what was typed, an empty line does nothing, Ctrl-D leaves (A27–A29)",
  async () => {
    await using clambot = await Clambot.inEmptyHome();
    const first = new AtTerminal(clambot, ["agent"]);
    await first.see("you> ");
    await first.type(KEYS.enter);
    await first.see("you> ");
    await first.type(`what is 2+2${KEYS.enter}`);
    await first.see("= 4");
    await first.see("you> ");
    await first.type(`/secret NAME hidden-value${KEYS.enter}`);
    await first.see("you> ");
    await first.type(KEYS.ctrlD);
    assert.equal((await first.ended()).code, 0);
    const second = new AtTerminal(clambot, ["agent"]);
    await second.see("you> ");
    await second.type(KEYS.up);
    await second.see("what is 2+2");
    await second.type(`${KEYS.ctrlC}`);
    const { stdout } = await second.ended();
    assert.doesNotMatch(stdout, /hidden-value/);
  },
);

Deno.test("a stop signal at the prompt ends the program as shells expect it", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const child = clambot.start(["agent"]);
  const reader = child.stdout.getReader();
  await reader.read(); // its first line
  child.kill("SIGTERM");
  assert.equal((await child.status).code, 143);
  await reader.cancel();
  await child.stderr.cancel();
  await child.stdin.close().catch(() => {});
});
