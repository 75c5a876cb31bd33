import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { openHistory } from "../../src/memory/history.ts";
import { openMemory } from "../../src/memory/memory.ts";
import { createClock, createRandom } from "../../src/platform/deno.ts";
import { openFiles } from "../../src/platform/files.ts";
import type { Files } from "../../src/platform/platform.ts";
import { openSessions } from "../../src/sessions/sessions.ts";
import { plainly } from "../fakes/plainly.ts";

const WRITER = fileURLToPath(new URL("../fixtures/memory_writer.ts", import.meta.url));
const CONFIG = fileURLToPath(new URL("../../deno.json", import.meta.url));
/** Kills; CLAMBOT_KILLS raises it, as CI does. */
const KILLS = Number(Deno.env.get("CLAMBOT_KILLS") ?? 3);
/** Accepted writes before the last of them; the others come in equal steps before it. */
const MOST_WRITES = 41;

/** What the writers said they had written, by kind. */
type Accepted = Map<string, Set<number>>;

Deno.test(
  `kill -9 at ${KILLS} points: nothing accepted is lost, nothing is half done`,
  async () => {
    const directory = await Deno.makeTempDir();
    const accepted: Accepted = new Map();
    try {
      for (let kill = 0, number = 1; kill < KILLS; kill++, number += 1000) {
        const writes = 1 + (kill + Math.random()) / KILLS * (MOST_WRITES - 1);
        await writeUntilKilled(directory, number, writes, accepted);
        if (kill % 5 === 4) await checkHome(openFiles(directory), accepted);
      }
      await checkHome(openFiles(directory), accepted);
      for (const kind of ["fact", "user", "history", "assistant", "waiting", "lesson"]) {
        assert.ok((accepted.get(kind)?.size ?? 0) > KILLS, `few writes of ${kind} were accepted`);
      }
      assert.ok((accepted.get("forgotten")?.size ?? 0) > 0, "nothing was forgotten");
    } finally {
      await Deno.remove(directory, { recursive: true });
    }
  },
);

/** Runs a writer and kills it somewhere behind so many accepted writes. */
async function writeUntilKilled(
  directory: string,
  first: number,
  writes: number,
  accepted: Accepted,
): Promise<void> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "--no-prompt", "--allow-all", "--config", CONFIG]
      .concat(WRITER, directory, String(first)),
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = new Response(child.stderr).text();
  let text = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  for await (const piece of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += piece;
    if (text.split("\n").length <= writes) continue;
    timer ??= setTimeout(() => child.kill("SIGKILL"), Math.random() * 20);
  }
  const { signal } = await child.status;
  assert.equal(signal, "SIGKILL", await errors);
  for (const line of text.split("\n").slice(0, -1)) {
    const [kind = "", number] = line.split(" ");
    accepted.set(kind, (accepted.get(kind) ?? new Set()).add(Number(number)));
  }
}

async function checkHome(files: Files, accepted: Accepted): Promise<void> {
  await checkFacts(files, accepted);
  await checkHistory(files, accepted);
  await checkConversation(files, accepted);
  const lessons = await files.under("state").readText("learn-queue.jsonl") ?? "";
  const lines = lessons.trimEnd().split("\n").filter((line) => line !== "");
  const words = lines.map((line) => JSON.parse(line).words as string);
  const newest = [...accepted.get("lesson") ?? []].slice(-100);
  for (const number of newest) assert.ok(words.includes(`Lesson ${number}`), `lesson ${number}`);
}

async function checkFacts(files: Files, accepted: Accepted): Promise<void> {
  const memory = plainly(openMemory(files.under("memory"), createClock(), createRandom()));
  const facts = (await memory.facts()).map(({ text }) => text);
  for (const fact of facts) assert.match(fact, /^Counts to \d+ in( steps){10}$/);
  const numbers = facts.map((fact) => Number(/\d+/.exec(fact)?.[0]));
  assert.equal(new Set(numbers).size, numbers.length);
  const added = [...accepted.get("fact") ?? []];
  const forgotten = accepted.get("forgotten") ?? new Set();
  // the last forgetting may have been done without having been reported
  const missing = added.filter((number) => !numbers.includes(number) && !forgotten.has(number));
  for (const number of missing) assert.equal(number % 3, 2, `fact ${number} is lost`);
  for (const number of forgotten) assert.ok(!numbers.includes(number), `fact ${number} came back`);
  const waiting = (await memory.waiting()).map(({ text }) => text);
  for (const number of [...accepted.get("waiting") ?? []].slice(-100)) {
    assert.ok(waiting.includes(`Waits for ${number}`), `waiting ${number}`);
  }
  assert.ok((await memory.changes()).length >= added.length);
}

async function checkHistory(files: Files, accepted: Accepted): Promise<void> {
  const index = { files: files.under("state"), name: "history.sqlite" };
  const history = plainly(openHistory(files.under("memory"), index, createClock()));
  const entries = await history.newest(Infinity);
  const counted = entries.filter(({ text }) => text !== "Compaction.");
  for (const { text } of counted) assert.match(text, /^Counted to #\d+\. (東京 ){3000}End\.$/);
  const numbers = counted.map(({ text }) => Number(/\d+/.exec(text)?.[0]));
  assert.equal(new Set(numbers).size, numbers.length, "an entry is there twice");
  const wanted = [...accepted.get("history") ?? []];
  for (const number of wanted) assert.ok(numbers.includes(number), `history ${number} is lost`);
  const last = wanted.at(-1);
  const found = await history.search(`#${last}`, 1);
  assert.match(found[0]?.text ?? "", new RegExp(`^Counted to #${last}\\.`));
}

async function checkConversation(files: Files, accepted: Accepted): Promise<void> {
  const sessions = plainly(openSessions(files.under("sessions"), createClock()));
  const entries = await sessions.read("cli:kill");
  const [summary, ...rest] = entries;
  const said = summary?.metadata._type === undefined ? entries : rest;
  for (const { role, content } of said) {
    assert.match(content, /^#\d+[ua] (ünd so weiter ){40}$/, role);
  }
  const ids = said.map(({ content }) => content.slice(0, content.indexOf(" ")));
  const archive = files.under("sessions/archive");
  const archived = await Promise.all(
    (await archive.list()).map(async ({ name }) => await archive.readText(name) ?? ""),
  );
  const kept = new Set(archived.join("\n").match(/#\d+[ua]/g) ?? []);
  for (const [kind, letter] of [["user", "u"], ["assistant", "a"]] as const) {
    for (const number of accepted.get(kind) ?? []) {
      const id = `#${number}${letter}`;
      assert.ok(ids.includes(id) || kept.has(id), `${id} is lost`);
    }
  }
  assert.equal(new Set(ids).size, ids.length, "an entry is there twice");
}
