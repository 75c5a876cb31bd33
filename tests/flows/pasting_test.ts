import assert from "node:assert/strict";
import { AtTerminal, KEYS, testAtTerminal } from "./at_terminal.ts";
import { Clambot } from "./clambot.ts";

// What is pasted into a conversation is one message; nothing of it runs by itself.

const pasted = (text: string) => `\x1b[200~${text}\x1b[201~`;

/** What the person has said, as the conversation keeps it. */
async function said({ home }: Clambot): Promise<string[]> {
  const found: string[] = [];
  const directory = `${home}/workspace/sessions`;
  for await (const { name } of Deno.readDir(directory)) {
    if (!name.endsWith(".jsonl")) continue;
    const lines = (await Deno.readTextFile(`${directory}/${name}`)).trim().split("\n");
    const entries = lines.map((line) => JSON.parse(line) as { role?: string; content?: string });
    found.push(
      ...entries.filter(({ role }) => role === "user").map(({ content }) => content ?? ""),
    );
  }
  return found;
}

/** Types these pieces at the prompt, each after the one before has been taken in, then leaves. */
async function talk(pieces: readonly string[], shown: readonly string[]) {
  await using clambot = await Clambot.inEmptyHome();
  const terminal = new AtTerminal(clambot, ["agent"]);
  await terminal.see("you> ");
  for (const [index, piece] of pieces.entries()) {
    await terminal.answer(piece);
    await terminal.see(shown[index] ?? "you> ");
  }
  if (!terminal.takesKeys) await terminal.see("you> ");
  await terminal.answer(KEYS.ctrlC);
  const { stdout } = await terminal.ended();
  return { said: await said(clambot), stdout };
}

testAtTerminal(
  "marked pastes of several lines are one message, once Enter is pressed",
  async () => {
    const text = "the first line\r\nthe second: 2+2\rexit\nthe last line\n";
    const told = await talk([pasted(text), KEYS.enter], ["exit⏎the last line", "you> "]);
    assert.deepEqual(told.said, ["the first line\nthe second: 2+2\nexit\nthe last line"]);
    assert.doesNotMatch(told.stdout, /~|200|201/);
  },
);

testAtTerminal("a paste without Enter stays in the line and is edited there", async () => {
  const { said } = await talk(
    ["look: ", pasted("one\ntwo"), " and more", KEYS.enter],
    ["look: ", "one⏎two", " and more", "you> "],
  );
  assert.deepEqual(said, ["look: one\ntwo and more"]);
});

testAtTerminal("what was pasted and not entered is not said", async () => {
  const { said } = await talk([pasted("what is 2+2\nwhat is 3+3\n")], ["what is 3+3"]);
  assert.deepEqual(said, []);
});

testAtTerminal(
  "lines that come in one burst are one message, and an unfinished one stays",
  async () => {
    const { said } = await talk(
      ["what is 2+2\rwhat is 3+3\r", "what is 4+4\runfinished", "!", KEYS.enter],
      ["you> ", "4+4⏎unfinished", "!", "you> "],
    );
    assert.deepEqual(said, ["what is 2+2\nwhat is 3+3", "what is 4+4\nunfinished!"]);
  },
);

testAtTerminal(
  "sequences in pasted text do nothing, and Arrow up brings a paste back whole",
  async () => {
    const { said } = await talk(
      [pasted("a\x1b[2Jb\x03\nc\x1b]0;title\x07d"), KEYS.enter, KEYS.up, KEYS.enter],
      ["ab⏎cd", "you> ", "ab⏎cd", "you> "],
    );
    assert.deepEqual(said, ["ab\ncd", "ab\ncd"]);
  },
);

testAtTerminal("a marked paste at a question answers nothing", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const set = ["config", "set", "agents.approvals.enabled", "false"];
  const choice = new AtTerminal(clambot, set);
  await choice.see("Do it?");
  await choice.answer(pasted(`y${KEYS.enter}`) + KEYS.enter);
  const { code, stdout } = await choice.ended();
  assert.equal(code, 1);
  assert.match(stdout, /Nothing was changed/);
});

Deno.test("piped lines are requests of their own, the last one also without an end", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const { stdout } = await clambot.run(["agent"], { stdin: "what is 2+2\nwhat is 3+3" });
  assert.match(stdout, /= 4/);
  assert.match(stdout, /= 6/);
  assert.deepEqual(await said(clambot), ["what is 2+2", "what is 3+3"]);
});
