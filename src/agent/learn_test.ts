import assert from "node:assert/strict";
import { CodedError } from "../domain/failure.ts";
import type { Json } from "../domain/json.ts";
import type { Origin } from "../domain/message.ts";
import { type Memory, openMemory } from "../memory/memory.ts";
import { createClock, createRandom } from "../platform/deno.ts";
import { openFiles } from "../platform/files.ts";
import type { Clock, Files } from "../platform/platform.ts";
import type { LanguageModel, Prompt } from "../providers/provider.ts";
import { createRedactor } from "../secrets/redactor.ts";
import { NO_SECRETS, type Plainly, plainly } from "../../tests/fakes/plainly.ts";
import { learnFacts, type Lesson, lessonOf } from "./learn.ts";
import { openLessonQueue } from "./lesson_queue.ts";

const never = new AbortController().signal;
const LESSON: Lesson = { turn: "t1", words: "I moved to Berlin last year", foreign: false };

type Script = (prompt: Prompt, signal: AbortSignal) => Promise<Json | undefined>;

function modelThat(script: Script): LanguageModel & { readonly prompts: readonly Prompt[] } {
  const prompts: Prompt[] = [];
  return {
    name: "test/cheap",
    contextTokens: 32_000,
    prompts,
    async complete(prompt, signal) {
      prompts.push(prompt);
      const object = await script(prompt, signal);
      const usage = { inputTokens: 1, outputTokens: 1, cachedInputTokens: 0, costUsd: undefined };
      return { text: "", ...(object === undefined ? {} : { object }), usage, model: "test/cheap" };
    },
  };
}

const answering = (object: Json) => modelThat(() => Promise.resolve(object));
const failing = () =>
  modelThat(() => Promise.reject(new CodedError("provider_quota", "No money.")));

async function withHome(
  test: (memory: Plainly<Memory>, files: Files) => Promise<void>,
): Promise<void> {
  const path = await Deno.makeTempDir();
  try {
    const files = openFiles(path);
    const memory = openMemory(files.under("memory"), createClock(), createRandom());
    await test(plainly(memory), files);
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

function queueIn(files: Files, clock: Clock = createClock()) {
  const log = { debug: () => {}, warn: () => {} };
  const redactor = createRedactor(["hunter2-hunter2"]);
  return openLessonQueue({ files, clock, random: createRandom(), redactor, log });
}

function lesson(text: string, origin: Origin = "cli", modelCalls = 1) {
  const message = { origin, conversation: "cli:test", text, at: 0 };
  return lessonOf({ id: "t1", message }, { foreign: false, modelCalls });
}

Deno.test("only typed words of a person teach anything (A178)", () => {
  assert.deepEqual(lesson(" My name is Anna "), {
    turn: "t1",
    words: "My name is Anna",
    foreign: false,
  });
  assert.ok(lesson("私はアンナです"));
  const nothing = [
    "",
    "ok",
    "🎉 !!",
    "/new my name is Bob",
    "My name is Bob. ".repeat(40),
    "See <b>this</b>: my name is Bob",
    "> my name is Bob\nis what he said",
    "```\nmy name is Bob\n```",
    "[my name](http://x) is Bob",
    '{"name": "Bob", "city": "Rome"}',
    "Bob &amp; Ann live here",
  ];
  for (const text of nothing) assert.equal(lesson(text), undefined, text);
  assert.equal(lesson("My name is Anna", "cron"), undefined);
  assert.equal(lesson("My name is Anna", "heartbeat"), undefined);
  assert.equal(lesson("My name is Anna", "cli", 0), undefined);
});

Deno.test("learnFacts() asks for facts with the person's words and the unmarked memory alone", async () => {
  await withHome(async (memory) => {
    await memory.addFacts(["Likes tea"], { turn: "t0" });
    await memory.addFacts(["CANARY"], { turn: "t0", marked: true });
    const model = answering({ add: ["Lives in Berlin", "likes tea"], forget: [] });
    await learnFacts(LESSON, { model, memory, memoryTokens: 1000, redactor: NO_SECRETS }, never);
    const [prompt] = model.prompts;
    assert.equal(prompt?.schema?.name, "facts");
    assert.equal(prompt?.messages.at(-1)?.text, LESSON.words);
    assert.match(prompt?.messages[0]?.text ?? "", /- Likes tea/);
    assert.doesNotMatch(JSON.stringify(prompt), /CANARY/);
    const facts = (await memory.facts()).map(({ text }) => text);
    assert.deepEqual(facts, ["Likes tea", "CANARY", "Lives in Berlin"]);
    assert.equal((await memory.changes())[0]?.cause, "t1");
  });
});

Deno.test("learnFacts() forgets a note that was named, but not several by one word", async () => {
  await withHome(async (memory) => {
    await memory.addFacts(["Lives in Rome", "Has a dog", "Walks the dog"], { turn: "t0" });
    const model = answering({ add: [], forget: ["Lives in Rome", "dog", "nothing of this"] });
    await learnFacts(LESSON, { model, memory, memoryTokens: 1000, redactor: NO_SECRETS }, never);
    assert.deepEqual((await memory.facts()).map(({ text }) => text), [
      "Has a dog",
      "Walks the dog",
    ]);
  });
});

Deno.test("a turn that took in text of others changes nothing: its facts wait (A277)", async () => {
  await withHome(async (memory) => {
    await memory.addFacts(["Lives in Rome"], { turn: "t0" });
    const model = answering({ add: ["Lives in Berlin"], forget: ["Lives in Rome"] });
    await learnFacts({ ...LESSON, foreign: true }, {
      model,
      memory,
      memoryTokens: 1000,
      redactor: NO_SECRETS,
    }, never);
    assert.deepEqual((await memory.facts()).map(({ text }) => text), ["Lives in Rome"]);
    assert.deepEqual((await memory.waiting()).map(({ text }) => text), ["Lives in Berlin"]);
  });
});

Deno.test("answers of every broken kind teach nothing and break nothing", async () => {
  await withHome(async (memory) => {
    for (const object of [undefined, [], "x", { add: "Bob" }, { add: [1, null] }, { forget: {} }]) {
      await learnFacts(LESSON, {
        model: modelThat(() => Promise.resolve(object)),
        memory,
        memoryTokens: 1000,
        redactor: NO_SECRETS,
      }, never);
    }
    const many = Array.from({ length: 50 }, (_, index) => `Fact number x${index}x`);
    await learnFacts(
      LESSON,
      { model: answering({ add: many }), memory, memoryTokens: 1000, redactor: NO_SECRETS },
      never,
    );
    assert.equal((await memory.facts()).length, 10);
  });
});

Deno.test("the queue learns what waits, in order, and is empty then", async () => {
  await withHome(async (memory, files) => {
    const queue = queueIn(files);
    await queue.add(LESSON);
    await queue.add({ ...LESSON, turn: "t2", words: "My key is hunter2-hunter2" });
    const model = modelThat((prompt) =>
      Promise.resolve({ add: [`Said: ${prompt.messages.at(-1)?.text}`], forget: [] })
    );
    assert.equal(
      await queue.drain({ model, memory, memoryTokens: 1000, redactor: NO_SECRETS }, never),
      0,
    );
    assert.deepEqual((await memory.facts()).map(({ text }) => text), [
      "Said: I moved to Berlin last year",
      "Said: My key is [redacted]",
    ]);
    assert.equal(
      await queue.drain({ model, memory, memoryTokens: 1000, redactor: NO_SECRETS }, never),
      0,
    );
    assert.equal(model.prompts.length, 2);
    assert.equal(await files.stat("learn-queue.jsonl"), undefined);
  });
});

Deno.test("a lesson cut short by the deadline is learnt at the next start (A177)", async () => {
  await withHome(async (memory, files) => {
    await queueIn(files).add(LESSON);
    const deadline = new AbortController();
    const slow = modelThat((_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
        deadline.abort();
      })
    );
    const means = { model: slow, memory, memoryTokens: 1000, redactor: NO_SECRETS };
    assert.equal(await queueIn(files).drain(means, deadline.signal), 1);
    assert.equal((await Deno.stat(`${files.path}/learn-queue.jsonl`)).mode! & 0o777, 0o600);
    const model = answering({ add: ["Lives in Berlin"], forget: [] });
    assert.equal(
      await queueIn(files).drain(
        { model, memory, memoryTokens: 1000, redactor: NO_SECRETS },
        never,
      ),
      0,
    );
    assert.equal((await memory.facts()).length, 1);
  });
});

Deno.test("a failing model is not asked again at once, and a lesson is given up after five times", async () => {
  await withHome(async (memory, files) => {
    const queue = queueIn(files);
    await queue.add(LESSON);
    await queue.add({ ...LESSON, turn: "t2" });
    for (let attempt = 1; attempt <= 4; attempt++) {
      const model = failing();
      assert.equal(
        await queue.drain({ model, memory, memoryTokens: 1000, redactor: NO_SECRETS }, never),
        2,
      );
      assert.equal(model.prompts.length, 1);
    }
    assert.equal(
      await queue.drain(
        { model: failing(), memory, memoryTokens: 1000, redactor: NO_SECRETS },
        never,
      ),
      1,
    );
  });
});

Deno.test("a lesson held by a process that died is taken over later, not at once", async () => {
  await withHome(async (memory, files) => {
    const time = { now: 1_000_000 };
    const clock = { ...createClock(), now: () => time.now };
    const queue = queueIn(files, clock);
    await queue.add(LESSON);
    const asked = Promise.withResolvers<void>();
    const dead = modelThat(() => {
      asked.resolve();
      return new Promise(() => {}); // the process ended while it waited
    });
    queue.drain({ model: dead, memory, memoryTokens: 1000, redactor: NO_SECRETS }, never);
    await asked.promise;
    const model = answering({ add: ["Lives in Berlin"], forget: [] });
    assert.equal(
      await queue.drain({ model, memory, memoryTokens: 1000, redactor: NO_SECRETS }, never),
      1,
    );
    time.now += 120_000;
    assert.equal(
      await queue.drain({ model, memory, memoryTokens: 1000, redactor: NO_SECRETS }, never),
      0,
    );
    assert.equal(model.prompts.length, 1);
  });
});

Deno.test("a lesson that fails in a way nobody foresaw is given up after five attempts", async () => {
  await withHome(async (memory, files) => {
    const queue = queueIn(files);
    await queue.add(LESSON);
    const broken = modelThat(() => Promise.reject(new TypeError("nobody foresaw this")));
    const waiting: number[] = [];
    for (let drain = 0; drain < 6; drain++) {
      waiting.push(
        await queue.drain(
          { model: broken, memory, memoryTokens: 1000, redactor: NO_SECRETS },
          never,
        ),
      );
    }
    assert.deepEqual(waiting, [1, 1, 1, 1, 0, 0]);
    assert.equal(broken.prompts.length, 5);
  });
});

Deno.test("several drains at once learn each lesson once", async () => {
  await withHome(async (memory, files) => {
    const queues = [queueIn(files), queueIn(files), queueIn(files)];
    for (let turn = 0; turn < 9; turn++) {
      await queues[turn % 3]?.add({ ...LESSON, turn: `t${turn}` });
    }
    const model = answering({ add: [], forget: [] });
    await Promise.all(
      queues.map((queue) =>
        queue.drain({ model, memory, memoryTokens: 1000, redactor: NO_SECRETS }, never)
      ),
    );
    assert.equal(model.prompts.length, 9);
  });
});
