import assert from "node:assert/strict";
import { openFiles } from "../../src/platform/files.ts";
import { createClock } from "../../src/platform/deno.ts";
import { openSessions } from "../../src/sessions/sessions.ts";
import { openPresence } from "../../src/sessions/presence.ts";
import { plainly } from "../fakes/plainly.ts";
import { chatting, Pipeline } from "./pipeline.ts";

// Conversations that were left without /new get into the history behind a later answer (A180).

const MINUTE = 60_000;
const SUMMARY = { summary: "They spoke of boats.", history_entry: "Ann asked about boats." };

type Stores = ReturnType<typeof storesOf>;

function storesOf(pipeline: Pipeline) {
  const { home } = pipeline.clambot;
  const clock = createClock();
  const sessions = plainly(openSessions(openFiles(`${home}/workspace/sessions`), clock));
  const presence = openPresence(openFiles(`${home}/state/open`), clock);
  const said = async (conversation: string, minutesAgo: number, answered = true) => {
    const timestamp = (clock.now() - minutesAgo * MINUTE) / 1000;
    const metadata = { turn: `${conversation}${minutesAgo}` };
    await sessions.append(conversation, {
      role: "user",
      content: "Which boats are fast?",
      timestamp,
      metadata,
    });
    if (!answered) return;
    const content = "Those with long hulls are.";
    await sessions.append(conversation, { role: "assistant", content, timestamp, metadata });
  };
  const history = async () => {
    const path = `${home}/workspace/memory/HISTORY.md`;
    const text = await Deno.readTextFile(path).catch(() => "");
    return text.match(/Ann asked about boats/g)?.length ?? 0;
  };
  return { sessions, presence, said, history };
}

async function withTalk(
  test: (pipeline: Pipeline, stores: Stores) => Promise<void>,
): Promise<void> {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  model.on("selection", chatting("Hello."));
  model.on("summary", SUMMARY);
  await test(pipeline, storesOf(pipeline));
}

Deno.test("what was left is summed up behind the next answer, once, and can go on", () =>
  withTalk(async (pipeline, { said, history, sessions }) => {
    await said("cli:left", 30);
    const { code, object, stderr } = await pipeline.ask("hello");
    assert.deepEqual([code, object.reply, stderr], [0, "Hello.", ""]);
    assert.equal(await history(), 1);
    assert.equal((await sessions.read("cli:left")).length, 2, "it stays as it was");
    assert.match(pipeline.model.named("summary")[0]?.text ?? "", /Which boats are fast/);
    await pipeline.ask("hello again");
    assert.equal(await history(), 1);
    assert.equal(pipeline.model.named("summary").length, 1);

    await said("cli:left", 20); // it was taken up again, and left again
    await pipeline.ask("hello once more");
    assert.equal(await history(), 2);
    const [, second] = pipeline.model.named("summary");
    assert.equal(second?.text.match(/Which boats are fast/g)?.length, 1, "only what is new");
  }));

Deno.test("the entry bears the time of its conversation", () =>
  withTalk(async (pipeline, { said }) => {
    await pipeline.configure({ agents: { defaults: { timezone: "UTC" } } });
    await said("cli:left", 60 * 24 * 3);
    await pipeline.ask("hello");
    const day = new Date(createClock().now() - 3 * 24 * 60 * MINUTE).toISOString().slice(0, 10);
    const text = await Deno.readTextFile(
      `${pipeline.clambot.home}/workspace/memory/HISTORY.md`,
    );
    assert.match(text, new RegExp(`## ${day} \\d\\d:\\d\\d\\n\\nAnn asked`));
  }));

for (
  const [why, prepare] of [
    ["was left only just now", ({ said }: Stores) => said("cli:left", 5)],
    ["waits for an answer", ({ said }: Stores) => said("cli:left", 30, false)],
    ["somebody has open", async ({ said, presence }: Stores) => {
      await said("cli:left", 30);
      const leave = presence.enter("cli:left");
      while (!await presence.isOpen("cli:left")) await new Promise((go) => setTimeout(go, 5));
      return leave;
    }],
  ] as const
) {
  Deno.test(`a conversation that ${why} is in use, and not summed up`, () =>
    withTalk(async (pipeline, stores) => {
      const leave = await prepare(stores);
      await pipeline.ask("hello");
      assert.deepEqual([await stores.history(), pipeline.model.named("summary").length], [0, 0]);
      await leave?.();
    }));
}

Deno.test("an interrupted conversation is summed up a day later", () =>
  withTalk(async (pipeline, { said, history }) => {
    await said("cli:killed", 60 * 25, false);
    await pipeline.ask("hello");
    assert.equal(await history(), 1);
  }));

Deno.test("a request that needs no model waits for none", () =>
  withTalk(async (pipeline, { said, history }) => {
    await said("cli:left", 30);
    await pipeline.ask("what time is it in Tokyo?");
    assert.deepEqual([await history(), pipeline.model.calls.length], [0, 0]);
  }));

Deno.test("what the budget or a model does not allow disturbs nobody, and comes later", () =>
  withTalk(async (pipeline, { said, history }) => {
    await pipeline.configure({ agents: { budgets: { perDay: { calls: 1 } } } });
    await said("cli:left", 30);
    const { code, stderr } = await pipeline.ask("hello");
    assert.deepEqual([code, stderr, await history()], [0, "", 0]);
    await pipeline.configure({});
    const marks = `${pipeline.clambot.home}/workspace/memory/history-conversations.json`;
    const told = JSON.parse(await Deno.readTextFile(marks));
    told["cli:left"].claimedUntil = 0; // some minutes later
    await Deno.writeTextFile(marks, JSON.stringify(told));
    await pipeline.ask("hello");
    assert.equal(await history(), 1);
  }));

Deno.test("two at most are summed up behind one answer", () =>
  withTalk(async (pipeline, { said, history }) => {
    for (let n = 1; n <= 5; n++) await said(`cli:left${n}`, 20 + n);
    await pipeline.ask("hello");
    assert.equal(await history(), 2);
  }));

Deno.test("what was given up, or is taken, keeps no other conversation waiting", () =>
  withTalk(async (pipeline, { said, history }) => {
    for (let n = 1; n <= 5; n++) await said(`cli:left${n}`, 20 + n);
    const taken = { upTo: 0, tries: 1, claimedUntil: createClock().now() };
    const givenUp = { upTo: 0, tries: 3 };
    const marks = { "cli:left1": givenUp, "cli:left2": givenUp, "cli:left4": taken };
    await pipeline.put(
      "workspace/memory/history-conversations.json",
      JSON.stringify({ ...marks, "cli:left5": givenUp }),
    );
    await pipeline.ask("hello");
    assert.equal(await history(), 1);
  }));

Deno.test("/new after a part was summed up adds only what is new", () =>
  withTalk(async (pipeline, { said, history }) => {
    await said("cli:left", 30);
    await pipeline.ask("hello");
    await pipeline.talk(["/new"], "--session", "cli:left");
    assert.equal(await history(), 1, "there was nothing new");
  }));
