import assert from "node:assert/strict";
import { openFiles } from "../platform/files.ts";
import type { Clock, Files } from "../platform/platform.ts";
import { openSessions, type Sessions } from "./sessions.ts";
import { type Plainly, plainly } from "../../tests/fakes/plainly.ts";

const START = Date.parse("2026-11-24T02:05:00.250Z");
const CLI = "cli:default"; // Y2xpOmRlZmF1bHQ

interface Opened {
  readonly files: Files;
  readonly sessions: Plainly<Sessions>;
  /** Moves the clock. */
  wait(ms: number): void;
}

async function withSessions(action: (opened: Opened) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempDir();
  let now = START;
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    zone: () => "UTC",
    sleep: () => Promise.resolve(),
  };
  const files = openFiles(`${path}/sessions`);
  try {
    await action({ files, sessions: plainly(openSessions(files, clock)), wait: (ms) => now += ms });
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

async function contents(sessions: Sessions, conversation = CLI): Promise<readonly string[]> {
  return (await sessions.read(conversation)).map(({ content }) => content);
}

const user = (content: string, turn?: string) =>
  ({ role: "user", content, ...(turn === undefined ? {} : { metadata: { turn } }) }) as const;
const assistant = (content: string, turn?: string) =>
  ({ role: "assistant", content, ...(turn === undefined ? {} : { metadata: { turn } }) }) as const;

Deno.test("A184: an entry is one line of JSON in the file of its conversation", () =>
  withSessions(async ({ files, sessions }) => {
    const added = await sessions.append(CLI, user("two\nlines", "t1"));
    const line = '{"role":"user","content":"two\\nlines","timestamp":1795485900.25,' +
      '"metadata":{"turn":"t1"}}\n';
    assert.equal(await files.readText("Y2xpOmRlZmF1bHQ.jsonl"), line);
    assert.deepEqual(await sessions.read(CLI), [added]);
    assert.equal((await files.stat("Y2xpOmRlZmF1bHQ.jsonl"))?.mode, 0o600);
  }));

Deno.test("A184: entries are only ever added", () =>
  withSessions(async ({ files, sessions }) => {
    let before = "";
    for (const word of ["one", "two", "three"]) {
      await sessions.append(CLI, user(word));
      const after = await files.readText("Y2xpOmRlZmF1bHQ.jsonl") ?? "";
      assert(after.startsWith(before) && after.length > before.length);
      before = after;
    }
    assert.deepEqual(await contents(sessions), ["one", "two", "three"]);
  }));

Deno.test("a conversation without a file is empty", () =>
  withSessions(async ({ sessions }) => {
    assert.deepEqual(await sessions.read("cli:nobody"), []);
    assert.deepEqual(await sessions.list(), []);
    assert.equal(await sessions.lastConversation("cli:"), undefined);
  }));

Deno.test("A184: broken lines, metadata lines and lines of another shape are skipped", () =>
  withSessions(async ({ files, sessions }) => {
    await files.replace(
      "Y2xpOmRlZmF1bHQ.jsonl",
      [
        '{"_type":"metadata","key":"cli:default"}',
        '{"role":"user","content":"kept","timestamp":1.5,"metadata":{"a":[1]}}',
        '{"role":"user","content":"cut',
        "not json",
        "5",
        "null",
        '["user"]',
        '{"role":"wizard","content":"x","timestamp":1}',
        '{"role":"user","content":{"text":"x"},"timestamp":1}',
        "",
        '{"role":"assistant","content":"bare"}',
      ].join("\n"),
    );
    assert.deepEqual(await sessions.read(CLI), [
      { role: "user", content: "kept", timestamp: 1.5, metadata: { a: [1] } },
      { role: "assistant", content: "bare", timestamp: 0, metadata: {} },
    ]);
  }));

Deno.test("nothing is glued to a torn last line", () =>
  withSessions(async ({ files, sessions }) => {
    await sessions.append(CLI, user("one"));
    await files.append("Y2xpOmRlZmF1bHQ.jsonl", '{"role":"user","content":"to');
    await sessions.append(CLI, user("three"));
    assert.deepEqual(await contents(sessions), ["one", "three"]);
  }));

Deno.test("a last line that only lacks its end is kept", () =>
  withSessions(async ({ files, sessions }) => {
    await files.replace("Y2xpOmRlZmF1bHQ.jsonl", '{"role":"user","content":"one"}');
    await sessions.append(CLI, user("two"));
    assert.deepEqual(await contents(sessions), ["one", "two"]);
  }));

Deno.test("A184: a file of the old name is brought over by the first look", () =>
  withSessions(async ({ files, sessions }) => {
    await files.replace("cli_default.jsonl", '{"role":"user","content":"old","timestamp":1}\n');
    assert.deepEqual((await sessions.list()).map(({ conversation }) => conversation), [CLI]);
    assert.deepEqual(await contents(sessions), ["old"]);
    assert.equal(await files.stat("cli_default.jsonl"), undefined);
    assert.deepEqual(await contents(sessions), ["old"]);
  }));

Deno.test("A184: an old file beside a new one loses nothing, whatever comes first", () =>
  withSessions(async ({ files, sessions }) => {
    const old = '{"role":"user","content":"old"}'; // without an end
    await sessions.append(CLI, user("new"));
    await files.replace("cli_default.jsonl", old);
    assert.equal((await sessions.list())[0]?.entries, 2);
    await sessions.append(CLI, user("newer"));
    assert.deepEqual(await contents(sessions), ["old", "new", "newer"]);
    assert.equal(await files.readText("archive/cli_default.20261124T020500Z.jsonl"), old);

    // Killed after the old part was put in front and before its file went away.
    await files.replace("cli_default.jsonl", `${old}\n`);
    assert.deepEqual(await contents(sessions), ["old", "new", "newer"]);
  }));

Deno.test("old names with several colons are found under the real name", () =>
  withSessions(async ({ files, sessions }) => {
    await files.replace("cli_2024_01.jsonl", '{"role":"user","content":"old"}\n');
    assert.deepEqual(await contents(sessions, "cli:2024:01"), ["old"]);
  }));

Deno.test("a conversation's name cannot lead out of the directory", () =>
  withSessions(async ({ files, sessions }) => {
    for (const name of ["cli:../../x", "cli:/etc/passwd", "../x:y", "cli:a\u0000b", "cli:ä/☃"]) {
      await sessions.append(name, user("x"));
      assert.deepEqual(await contents(sessions, name), ["x"]);
    }
    const found = (await sessions.list()).map(({ conversation }) => conversation);
    assert.equal(found.length, 5);
    const parent = openFiles(`${files.path}/..`);
    assert.deepEqual((await parent.list()).map(({ name }) => name), ["sessions"]);
  }));

Deno.test("a name that fits no file is refused with a sentence", () =>
  withSessions(async ({ sessions }) => {
    await assert.rejects(
      () => Promise.resolve(sessions.append(`cli:${"x".repeat(200)}`, user("x"))),
      {
        code: "usage",
        message: "A session's name has 180 bytes at most.",
      },
    );
    await sessions.append(`cli:${"x".repeat(176)}`, user("x"));
  }));

Deno.test("list() gives the newest conversation first, with its entries and its time", () =>
  withSessions(async ({ sessions, wait }) => {
    await sessions.append("telegram:1", user("a"));
    wait(1000);
    await sessions.append("cli:a", user("b"));
    await sessions.append("cli:a", assistant("c"));
    wait(1000);
    await sessions.append("cli:b", user("d"));
    assert.deepEqual(await sessions.list(), [
      { conversation: "cli:b", entries: 1, lastAt: START + 2000 },
      { conversation: "cli:a", entries: 2, lastAt: START + 1000 },
      { conversation: "telegram:1", entries: 1, lastAt: START },
    ]);
    assert.equal(await sessions.lastConversation("cli:"), "cli:b");
    wait(1000);
    await sessions.append("cli:a", user("e"));
    assert.equal(await sessions.lastConversation("cli:"), "cli:a");
    assert.equal((await sessions.list())[0]?.entries, 3);
    assert.equal(await sessions.lastConversation("cron:"), undefined);
  }));

Deno.test("list() reads again only what changed", () =>
  withSessions(async ({ files, sessions }) => {
    for (let n = 0; n < 30; n++) await sessions.append(`cli:${n}`, user("x"));
    await sessions.list();
    const reads: string[] = [];
    const watched: Files = {
      ...files,
      readText: (name) => (reads.push(name), files.readText(name)),
    };
    const again = plainly(openSessions(watched, { now: () => START } as Clock));
    await again.append("cli:7", user("y"));
    assert.equal((await again.list()).length, 30);
    assert.deepEqual(reads, ["index.json", "Y2xpOjc.jsonl"]);
  }));

Deno.test("a broken index is built anew", () =>
  withSessions(async ({ files, sessions }) => {
    await sessions.append(CLI, user("x"));
    for (const broken of ["{", "[]", "null", '{"Y2xpOmRlZmF1bHQ.jsonl":{"size":"big"}}']) {
      await files.replace("index.json", broken);
      assert.equal((await sessions.list())[0]?.entries, 1);
    }
  }));

Deno.test("A185: a message without an answer or a notice of its turn is unanswered", () =>
  withSessions(async ({ sessions }) => {
    await sessions.append("cli:a", user("answered", "t1"));
    await sessions.append("cli:a", user("waits", "t2"));
    await sessions.append("cli:a", assistant("yes", "t1"));
    await sessions.append("cli:b", user("interrupted", "t3"));
    await sessions.append("cli:c", user("without a turn"));
    const open = async () =>
      (await sessions.findUnanswered()).map(({ conversation, entry }) => [
        conversation,
        entry.content,
      ]).sort();
    assert.deepEqual(await open(), [["cli:a", "waits"], ["cli:b", "interrupted"]]);
    await sessions.append("cli:b", { role: "system", content: "", metadata: { turn: "t3" } });
    assert.deepEqual(await open(), [["cli:a", "waits"]]);
    await sessions.append("cli:a", assistant("done", "t2"));
    assert.deepEqual(await open(), []);
  }));

Deno.test("A186: rewrite() puts a summary in place of the beginning and archives the original", () =>
  withSessions(async ({ files, sessions }) => {
    for (const word of ["one", "two", "three"]) await sessions.append(CLI, user(word));
    const original = await files.readText("Y2xpOmRlZmF1bHQ.jsonl");
    const seen = (await sessions.read(CLI)).slice(0, 2);
    await sessions.append(CLI, user("said meanwhile"));
    const summary = {
      role: "system",
      content: "AUTO-COMPACTION SUMMARY",
      timestamp: 9,
      metadata: { _type: "compaction_summary" },
    } as const;
    assert.equal(await sessions.rewrite(CLI, seen, [summary]), true);
    assert.deepEqual(await contents(sessions), [
      "AUTO-COMPACTION SUMMARY",
      "three",
      "said meanwhile",
    ]);
    const archived = await files.readText("archive/Y2xpOmRlZmF1bHQ.20261124T020500Z.jsonl") ?? "";
    assert(archived.startsWith(original ?? "?"));
    assert.equal((await sessions.list()).length, 1);
  }));

Deno.test("rewrite() changes nothing when somebody else has rewritten the beginning", () =>
  withSessions(async ({ files, sessions }) => {
    for (const word of ["one", "two"]) await sessions.append(CLI, user(word));
    const seen = await sessions.read(CLI);
    assert.equal(await sessions.rewrite(CLI, seen, seen.slice(1)), true);
    assert.equal(await sessions.rewrite(CLI, seen, []), false);
    assert.deepEqual(await contents(sessions), ["two"]);
    assert.equal((await files.list("archive")).length, 1);
  }));

Deno.test("rewrite() and remove() never write over an archived conversation", () =>
  withSessions(async ({ files, sessions }) => {
    for (const word of ["one", "two", "three"]) {
      await sessions.append(CLI, user(word));
      assert.equal(await sessions.remove(CLI), true);
    }
    assert.equal(await sessions.remove(CLI), false);
    const names = (await files.list("archive")).map(({ name }) => name);
    const texts = await Promise.all(names.map((name) => files.readText(`archive/${name}`)));
    assert.deepEqual(texts.map((text) => JSON.parse(text ?? "").content).sort(), [
      "one",
      "three",
      "two",
    ]);
    assert.deepEqual(await sessions.list(), []);
  }));

Deno.test("many writers at once lose no entry", () =>
  withSessions(async ({ files, sessions }) => {
    const other = plainly(openSessions(openFiles(files.path), { now: () => START } as Clock));
    await Promise.all(
      Array.from({ length: 40 }, (_, n) => (n % 2 ? sessions : other).append(CLI, user(`${n}`))),
    );
    assert.equal(new Set(await contents(sessions)).size, 40);
  }));

Deno.test("A185: what was said is on disk after kill -9, and the conversation goes on", () =>
  withSessions(async ({ files, sessions }) => {
    const acknowledged = new Map<string, number>();
    await Promise.all(["a", "b", "c"].map(async (tag, index) => {
      acknowledged.set(tag, await speakUntilKilled(files.path, tag, 40 + index * 25));
    }));
    const said = await sessions.read(CLI);
    for (const [tag, count] of acknowledged) {
      for (let n = 1; n <= count; n++) {
        assert(said.some(({ metadata }) => metadata.turn === `${tag}-${n}`), `${tag}-${n}`);
      }
    }
    assert.equal((await sessions.findUnanswered()).length, said.length);
    await sessions.append(CLI, user("still here"));
    assert.equal((await contents(sessions)).at(-1), "still here");
  }));

/** Starts a speaker, kills it after some lines, and returns how many entries it was sure of. */
async function speakUntilKilled(directory: string, tag: string, lines: number): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-prompt", "--no-check", "--cached-only"],
      ...["--allow-read", "--allow-write"],
      ...[new URL("./testdata/speaker.ts", import.meta.url).href, directory, CLI, tag],
    ],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let heard = "";
  for await (const bytes of child.stdout.pipeThrough(new TextDecoderStream())) {
    heard += bytes;
    if (heard.split("\n").length > lines) child.kill("SIGKILL");
  }
  await child.status;
  return heard.split("\n").length - 1;
}
