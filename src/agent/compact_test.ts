import assert from "node:assert/strict";
import fc from "fast-check";
import { openArtefacts } from "../artefacts/artefacts.ts";
import { CodedError } from "../domain/failure.ts";
import type { Json } from "../domain/json.ts";
import { openHistory } from "../memory/history.ts";
import { openSummedUp } from "../memory/summed_up.ts";
import { createClock, createRandom } from "../platform/deno.ts";
import { openFiles } from "../platform/files.ts";
import type { LanguageModel, Prompt } from "../providers/provider.ts";
import type { SessionEntry } from "../sessions/entry.ts";
import { openSessions } from "../sessions/sessions.ts";
import { estimateTokens } from "../text/tokens.ts";
import { compact, type CompactSettings } from "./compact.ts";
import { saidFrom } from "./converse.ts";
import { endConversation } from "./end_conversation.ts";
import { historyForCode } from "./history.ts";
import { packTexts } from "./transcript.ts";
import { NO_SECRETS, plainly } from "../../tests/fakes/plainly.ts";

const never = new AbortController().signal;
const HERE = "cli:test";
const SETTINGS: CompactSettings = {
  contextTokens: 8000,
  systemTokens: 1000,
  reserveTokens: 1000,
  targetRatio: 0.5,
  summaryMaxTokens: 200,
  keepRecentTurns: 2,
};
const SUMMARY = {
  summary: "They talked about boats and trees.",
  history_entry: "Boats and trees.",
};

type Script = (prompt: Prompt, count: number) => Json | undefined;

async function withHome(test: (home: Awaited<ReturnType<typeof openHome>>) => Promise<void>) {
  const path = await Deno.makeTempDir();
  try {
    await test(openHome(path));
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

function openHome(path: string) {
  const files = openFiles(path);
  const clock = createClock();
  const sessions = plainly(openSessions(files.under("sessions"), clock));
  const history = plainly(openHistory(files, { files, name: "history.sqlite" }, clock));
  const summedUp = openSummedUp(files, history, clock);
  const artefacts = plainly(openArtefacts(files.under("artefacts"), clock, createRandom()));
  const prompts: Prompt[] = [];
  const portsWith = (script: Script, contextTokens = 8000) => {
    const model: LanguageModel = {
      name: "test/cheap",
      contextTokens,
      complete(prompt) {
        prompts.push(prompt);
        const object = script(prompt, prompts.length);
        const usage = { inputTokens: 1, outputTokens: 1, cachedInputTokens: 0, costUsd: undefined };
        const answer = { text: JSON.stringify(object) ?? "", usage, model: "test/cheap" };
        return Promise.resolve(object === undefined ? answer : { ...answer, object });
      },
    };
    return { sessions, history, summedUp, artefacts, model, redactor: NO_SECRETS };
  };
  const say = async (role: SessionEntry["role"], content: string, metadata = {}) => {
    await sessions.append(HERE, { role, content, metadata });
  };
  const talk = async (turns: number, words = 150) => {
    for (let turn = 1; turn <= turns; turn++) {
      await say("user", `Request${turn}q ${"about boats ".repeat(words)}`);
      await say("assistant", `Answer${turn}a ${"about trees ".repeat(words)}`);
    }
  };
  const archived = async () => {
    const names = (await files.list("sessions/archive")).map(({ name }) => name);
    return await Promise.all(names.map((name) => files.readText(`sessions/archive/${name}`)));
  };
  return { files, sessions, history, artefacts, prompts, portsWith, say, talk, archived };
}

const asked = (prompts: readonly Prompt[]) =>
  prompts.flatMap(({ messages }) => messages.map(({ text }) => text)).join("\n");

Deno.test("a conversation within its share of the window is left alone, without a call", async () => {
  await withHome(async ({ portsWith, talk, prompts, sessions }) => {
    await talk(3);
    const before = await sessions.read(HERE);
    const done = await compact(HERE, SETTINGS, portsWith(() => SUMMARY), never);
    assert.deepEqual(done, { kind: "unneeded" });
    assert.deepEqual(await sessions.read(HERE), before);
    assert.equal(prompts.length, 0);
  });
});

Deno.test("the threshold follows the window, the system prompt and the reserve (A188)", async () => {
  const share = async (change: Partial<CompactSettings>) => {
    let kind = "";
    await withHome(async ({ portsWith, talk }) => {
      await talk(3); // about 2700 tokens
      const settings = { ...SETTINGS, contextTokens: 9000, ...change };
      kind = (await compact(HERE, settings, portsWith(() => SUMMARY), never)).kind;
    });
    return kind;
  };
  assert.equal(await share({}), "unneeded");
  assert.equal(await share({ contextTokens: 7000 }), "compacted");
  assert.equal(await share({ systemTokens: 3000 }), "compacted");
  assert.equal(await share({ reserveTokens: 3000 }), "compacted");
  assert.equal(await share({ targetRatio: 0.3 }), "compacted");
});

Deno.test("recent turns stay word for word, older ones become a summary, the original is kept (A186)", async () => {
  await withHome(async ({ portsWith, talk, sessions, history, archived }) => {
    await talk(12);
    const before = await sessions.read(HERE);
    const done = await compact(HERE, SETTINGS, portsWith(() => SUMMARY), never);
    assert.deepEqual(done, { kind: "compacted", replaced: 20 });
    const [summary, ...recent] = await sessions.read(HERE);
    assert.equal(summary?.role, "system");
    assert.equal(summary?.content, SUMMARY.summary);
    assert.equal(summary?.metadata._type, "compaction_summary");
    assert.deepEqual(recent, before.slice(20));
    assert.match((await archived())[0] ?? "", /Request1q[^]*Answer12a/);
    const [entry] = await history.newest(5);
    assert.equal(new Set(entry?.text.split("\n\n")).has("Boats and trees."), true);
  });
});

Deno.test("every word of the older part is read, however small the model's window (A182)", async () => {
  await withHome(async ({ portsWith, talk, say, prompts }) => {
    await say("user", `${"lorem ipsum ".repeat(3000)} NEEDLE ${"dolor sit ".repeat(3000)}`);
    await say("assistant", "x".repeat(20_000) + " THREAD");
    await talk(8);
    const ports = portsWith(() => SUMMARY, 4000);
    const done = await compact(HERE, SETTINGS, ports, never);
    assert.equal(done.kind, "compacted");
    const text = asked(prompts);
    for (const word of ["NEEDLE", "THREAD", "Request1q", "Answer1a", "Request6q", "Answer6a"]) {
      assert.ok(text.includes(word), word);
    }
    assert.ok(!text.includes("Request7q"));
    for (const { messages, maxTokens } of prompts) {
      const size = messages.reduce((sum, message) => sum + estimateTokens(message.text), maxTokens);
      assert.ok(size <= 4000, `${size}`);
      assert.equal(
        messages.at(-1)?.text.includes(SUMMARY.summary),
        messages !== prompts[0]?.messages,
      );
    }
  });
});

Deno.test("packTexts() leaves nothing out and keeps to its limit", () => {
  const text = fc.oneof(fc.lorem({ maxCount: 80 }), fc.string({ unit: "binary", maxLength: 900 }));
  fc.assert(fc.property(fc.array(text), fc.integer({ min: 20, max: 200 }), (texts, tokens) => {
    const pieces = packTexts(texts, tokens);
    const glued = (list: readonly string[]) => list.join("").replaceAll("\n\n", "");
    assert.equal(glued(pieces), glued(texts));
    for (const piece of pieces) assert.ok(estimateTokens(piece) <= tokens + 12, piece);
  }));
});

Deno.test("a summary that fails, is empty, too long or no shorter changes nothing (A187)", async () => {
  const long = "word ".repeat(1000);
  const scripts: readonly Script[] = [
    () => undefined,
    () => [],
    () => ({ summary: "", history_entry: "x" }),
    () => ({ summary: " \n", history_entry: "x" }),
    () => ({ summary: "ok", history_entry: "x" }),
    () => ({ history_entry: "only this" }),
    () => ({ summary: long, history_entry: "x" }),
    () => {
      throw new CodedError("provider_unreachable", "The model did not answer.");
    },
    (_, count) => count > 1 ? undefined : SUMMARY,
  ];
  for (const script of scripts) {
    await withHome(async ({ portsWith, talk, sessions, history, archived }) => {
      await talk(12);
      const before = await sessions.read(HERE);
      const done = await compact(HERE, SETTINGS, portsWith(script, 4000), never);
      assert.equal(done.kind, "failed");
      assert.ok(done.kind === "failed" && done.failure.message.length > 10);
      assert.deepEqual(await sessions.read(HERE), before);
      assert.deepEqual(await history.newest(5), []);
      assert.deepEqual(await archived(), []);
    });
  }
});

Deno.test("what is said while a summary is made stays behind it", async () => {
  await withHome(async ({ portsWith, talk, say, sessions }) => {
    await talk(12);
    let late: Promise<void> | undefined;
    const ports = portsWith(() => {
      late ??= say("user", "LATE");
      return SUMMARY;
    });
    assert.equal((await compact(HERE, SETTINGS, ports, never)).kind, "compacted");
    await late;
    assert.equal((await sessions.read(HERE)).at(-1)?.content, "LATE");
  });
});

Deno.test("text from outside sources reaches no summary, nor what is made of it later (A255)", async () => {
  await withHome(async ({ portsWith, talk, say, sessions, prompts, files }) => {
    const echo: Script = ({ messages }) => {
      const text = messages.at(-1)?.text ?? "";
      return { summary: `So far: ${text.slice(-300)}`, history_entry: text.slice(-300) };
    };
    for (let round = 1; round <= 3; round++) {
      await say("user", `Summarise page ${round}`);
      await say("assistant", "CANARY ".repeat(30), { marked: true, artefact: `aid${round}` });
      await say("tool", "CANARY");
      await say("user", "CANARY pasted", { marked: true, artefact: `apaste${round}` });
      await talk(8);
      const done = await compact(HERE, SETTINGS, portsWith(echo), never);
      assert.equal(done.kind, "compacted", JSON.stringify(done));
    }
    assert.doesNotMatch(asked(prompts), /CANARY/);
    assert.doesNotMatch(await files.readText("HISTORY.md") ?? "", /CANARY/);
    const entries = await sessions.read(HERE);
    const said = entries.map(saidFrom);
    assert.doesNotMatch(JSON.stringify(historyForCode(said)), /CANARY/);
    const [summary] = entries;
    for (const id of ["aid1", "aid2", "aid3", "apaste3"]) {
      assert.ok(summary?.content.includes(id), id);
    }
    assert.match(summary?.content ?? "", /aid1, in answer to: Summarise page 1/);
    assert.equal(summary?.content.split("withheld here").length, 2);
  });
});

Deno.test("a single huge turn is cut, and the whole of it kept as an artefact (A188)", async () => {
  await withHome(async ({ portsWith, say, sessions, artefacts, archived }) => {
    const huge = `BEGIN ${"transcript of a talk ".repeat(5000)} END`;
    await say("user", "Transcribe this");
    await say("assistant", huge);
    await say("user", "Thanks");
    const done = await compact(HERE, SETTINGS, portsWith(() => SUMMARY), never);
    assert.equal(done.kind, "compacted");
    const entries = await sessions.read(HERE);
    assert.equal(entries.length, 3);
    const content = entries[1]?.content ?? "";
    assert.match(content, /^BEGIN transcript/);
    assert.ok(content.length < 1200);
    const id = /artefact (a[a-z2-7]{16})\]$/.exec(content)?.[1] ?? "";
    assert.equal((await artefacts.read(id)).text, huge);
    assert.equal((await archived()).length, 1);
    const again = await compact(HERE, SETTINGS, portsWith(() => SUMMARY), never);
    assert.deepEqual(again, { kind: "unneeded" });
  });
});

Deno.test("/new puts a dated summary into the history and begins with nothing (A180, A181)", async () => {
  await withHome(async ({ portsWith, talk, sessions, history, archived, prompts }) => {
    await talk(3);
    const ended = await endConversation(HERE, 200, portsWith(() => SUMMARY), never);
    assert.equal(ended.kind, "ended");
    assert.deepEqual(await sessions.read(HERE), []);
    const [found] = await history.search("trees", 5);
    assert.equal(found?.text, "Boats and trees.");
    assert.match(found?.date ?? "", /^\d{4}-\d\d-\d\d \d\d:\d\d$/);
    assert.match((await archived())[0] ?? "", /Request3q/);
    assert.equal(prompts[0]?.schema?.name, "summary");
    const again = await endConversation(HERE, 200, portsWith(() => SUMMARY), never);
    assert.deepEqual(again, { kind: "empty" });
  });
});

Deno.test("/new with a failing model archives the transcript and says so (A181)", async () => {
  await withHome(async ({ portsWith, talk, sessions, history, archived }) => {
    await talk(3);
    const broken = portsWith(() => {
      throw new CodedError("provider_quota", "The account has no money left.");
    });
    const ended = await endConversation(HERE, 200, broken, never);
    assert.equal(ended.kind, "ended_without_summary");
    assert.match(JSON.stringify(ended), /no money left/);
    assert.deepEqual(await sessions.read(HERE), []);
    assert.deepEqual(await history.newest(5), []);
    assert.match((await archived())[0] ?? "", /Request1q[^]*Answer3a/);
  });
});

Deno.test("/new that is cancelled changes nothing", async () => {
  await withHome(async ({ portsWith, talk, sessions }) => {
    await talk(3);
    const controller = new AbortController();
    const ports = portsWith(() => {
      controller.abort();
      throw new CodedError("cancelled", "Cancelled.");
    });
    await assert.rejects(endConversation(HERE, 200, ports, controller.signal));
    assert.equal((await sessions.read(HERE)).length, 6);
  });
});
