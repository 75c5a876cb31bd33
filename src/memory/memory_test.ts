import assert from "node:assert/strict";
import fc from "fast-check";
import { openFiles } from "../platform/files.ts";
import { createRandom } from "../platform/deno.ts";
import type { Clock, Files } from "../platform/platform.ts";
import { estimateTokens } from "../text/tokens.ts";
import { type Memory, openMemory } from "./memory.ts";
import { type Plainly, plainly } from "../../tests/fakes/plainly.ts";

const SEED = "# Memory\n\n> What ClamBot knows about you. Edit it as you like.\n";
const DAY = 24 * 60 * 60 * 1000;

function clockAt(time: { now: number }): Clock {
  return {
    now: () => time.now,
    monotonic: () => time.now,
    zone: () => "UTC",
    sleep: () => Promise.resolve(),
  };
}

async function withMemory(
  test: (memory: Plainly<Memory>, files: Files, time: { now: number }) => Promise<void>,
): Promise<void> {
  const path = await Deno.makeTempDir();
  const time = { now: Date.UTC(2026, 10, 24, 18, 5) };
  try {
    const files = openFiles(path);
    await test(plainly(openMemory(files, clockAt(time), createRandom())), files, time);
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

const textsOf = (facts: readonly { text: string }[]) => facts.map(({ text }) => text);

Deno.test("an absent, empty or seeded memory puts nothing into prompts (A175)", async () => {
  await withMemory(async (memory, files) => {
    for (const file of [undefined, "", "\n\n", SEED, "# A\n\n## B\n\n<!--\n- no\n-->\n"]) {
      if (file !== undefined) await files.replace("MEMORY.md", file);
      assert.equal(await memory.promptText(4000, "what is my name?", "code"), "");
    }
  });
});

Deno.test("addFacts() writes list items below what the person wrote", async () => {
  await withMemory(async (memory, files) => {
    await files.replace("MEMORY.md", `${SEED}\nCall me Jo.\n`);
    const { added } = await memory.addFacts(["Lives in  Berlin\n", "- Has a dog"], { turn: "t1" });
    assert.deepEqual(textsOf(added), ["Lives in Berlin", "Has a dog"]);
    assert.equal(
      await files.readText("MEMORY.md"),
      `${SEED}\nCall me Jo.\n\n## Learned\n\n- Lives in Berlin\n- Has a dog\n`,
    );
    assert.match(await memory.promptText(4000, "", "code"), /Call me Jo\.[^]*- Has a dog/);
  });
});

Deno.test("addFacts() merges duplicates and lets a fuller fact take the place (A179)", async () => {
  await withMemory(async (memory) => {
    await memory.addFacts(["Has a dog", "Likes C"], { turn: "t1" });
    const again = await memory.addFacts(["has a DOG.", "Likes C++"], { turn: "t2" });
    assert.deepEqual(again.known, ["has a DOG."]);
    const fuller = await memory.addFacts(["Has a dog named Rex"], { turn: "t3" });
    assert.equal(fuller.added.length, 1);
    assert.deepEqual(textsOf(await memory.facts()), [
      "Likes C",
      "Likes C++",
      "Has a dog named Rex",
    ]);
    assert.deepEqual((await memory.addFacts(["Has a dog"], { turn: "t4" })).added, []);
  });
});

Deno.test("addFacts() never swallows a fact that turns another around", async () => {
  const pairs = [
    ["Likes tea", "Likes tea no longer"],
    ["No longer likes tea", "Likes tea"],
    ["Works at Acme", "Works at Acme until May"],
    ["寿司が好き", "寿司が好きではない"],
    ["Eats meat", "Doesn't eat meat"],
    ["Temperature is 10", "Temperature is -10"],
  ];
  for (const [first = "", second = ""] of pairs) {
    await withMemory(async (memory) => {
      await memory.addFacts([first], { turn: "t1" });
      await memory.addFacts([second], { turn: "t2" });
      assert.deepEqual(textsOf(await memory.facts()), [first, second]);
    });
  }
});

Deno.test("addFacts() refuses what is no fact and takes no control or comment signs", async () => {
  await withMemory(async (memory, files) => {
    const { added, refused } = await memory.addFacts(
      ["", "  \n", "🎉", "x".repeat(501), "a\u0007b\u202e <!-- c --> d\n## Not a heading"],
      { turn: "t1" },
    );
    assert.equal(refused.length, 4);
    assert.deepEqual(textsOf(added), ["a b c d ## Not a heading"]);
    assert.equal((await files.readText("MEMORY.md"))?.match(/^#/gm)?.length, 1);
  });
});

Deno.test("forget() removes what all meaning words name, and says what went (A179)", async () => {
  await withMemory(async (memory) => {
    const facts = [
      "Lives in Berlin",
      "Has a dog named Max",
      "Sister's birthday is 3 May",
      "寿司が好き",
    ];
    await memory.addFacts(facts, { turn: "t1" });
    assert.deepEqual(await memory.forget("my dog Rex", "t2"), []);
    assert.deepEqual(await memory.forget("about me", "t2"), []);
    assert.deepEqual(textsOf(await memory.forget("that I live in Berlin", "t2")), [facts[0]]);
    assert.deepEqual(textsOf(await memory.forget("寿司", "t2")), [facts[3]]);
    assert.deepEqual(textsOf(await memory.facts()), [facts[1], facts[2]]);
  });
});

Deno.test("undo() reverses every kind of change and leaves hand edits alone", async () => {
  await withMemory(async (memory, files) => {
    await memory.addFacts(["Has a dog", "Lives in Berlin"], { turn: "t1" });
    await memory.addFacts(["Has a dog named Rex"], { turn: "t2" });
    await memory.forget("Berlin", "t3");
    const edited = `${await files.readText("MEMORY.md")}\n## Mine\n\n- By hand\n`;
    await files.replace("MEMORY.md", edited);
    const [forgot, merged, first] = await memory.changes();
    assert.ok(forgot && merged && first);
    await memory.undo(forgot.id);
    await memory.undo(merged.id);
    assert.deepEqual(textsOf(await memory.facts()), ["Lives in Berlin", "Has a dog", "By hand"]);
    assert.equal(await memory.undo(merged.id), undefined);
    const undone = await memory.undo(first.id);
    assert.deepEqual(textsOf(await memory.facts()), ["By hand"]);
    await memory.undo(undone?.id ?? "");
    assert.equal((await memory.facts()).length, 3);
    assert.equal(await memory.undo("nothing"), undefined);
  });
});

Deno.test("the log of changes forgets after 90 days and survives a torn line", async () => {
  await withMemory(async (memory, files, time) => {
    await memory.addFacts(["Old secret"], { turn: "t1" });
    await files.append("changes.jsonl", '{"id":"torn');
    await memory.addFacts(["Second"], { turn: "t2" });
    assert.equal((await memory.changes()).length, 2);
    time.now += 91 * DAY;
    await memory.addFacts(["Third"], { turn: "t3" });
    assert.deepEqual((await memory.changes()).map(({ cause }) => cause), ["t3"]);
    assert.ok(!(await files.readText("changes.jsonl"))?.includes("Old secret"));
    assert.equal((await memory.facts()).length, 3);
  });
});

Deno.test("over budget, the notes closest to the request and the newest go in (A176)", async () => {
  await withMemory(async (memory) => {
    const facts = Array.from({ length: 300 }, (_, index) => `Fact number ${index} about a thing`);
    facts[17] = "The cat is called Zuleika";
    await memory.addFacts(facts, { turn: "t1" });
    const text = await memory.promptText(200, "What is the name of my cat?", "code");
    assert.match(text, /Zuleika/);
    assert.match(text, /Fact number 299/);
    assert.doesNotMatch(text, /Fact number 20 /);
    assert.match(text, /part of the memory: \d+ of 300 notes/);
    assert.ok(text.indexOf("Zuleika") < text.indexOf("299"), "in the order of the file");
  });
});

Deno.test("promptText() never exceeds its budget", async () => {
  const note = fc.constantFrom(
    "# H",
    "- one",
    "- Привет мир",
    "- 東京に行きました",
    `- ${"word ".repeat(60)}`,
    "Paragraph <!-- marked -->",
    "",
  );
  await withMemory(async (memory, files) => {
    await fc.assert(
      fc.asyncProperty(fc.array(note), fc.nat(300), async (lines, budget) => {
        await files.replace("MEMORY.md", lines.join("\n"));
        const text = await memory.promptText(budget, "one мир", "chat");
        assert.ok(estimateTokens(text) <= budget, text);
      }),
      { numRuns: 200 },
    );
  });
});

Deno.test("marked notes are placeholders for the model that writes code (A134, A255)", async () => {
  await withMemory(async (memory, files) => {
    await files.replace(
      "MEMORY.md",
      "- Plain\n- CANARY one <!-- marked -->\n  CANARY two\n\nCANARY three\n<!-- MARKED -->\n" +
        "<!--\n- CANARY four <!-- marked -->\n- CANARY five <!-- marked -->\n-->\n",
    );
    for (const budget of [40, 60, 90, 4000]) {
      const text = await memory.promptText(budget, "CANARY", "code");
      assert.doesNotMatch(text, /CANARY|<!--/);
    }
    assert.match(await memory.text("code"), /- Plain\n- \(a note of untrusted origin, 21 char/);
    assert.match(await memory.text("chat"), /CANARY one[^]*CANARY two[^]*CANARY three/);
  });
});

Deno.test("facts of tainted turns wait; kept ones stay marked, dropped ones go (A277)", async () => {
  await withMemory(async (memory) => {
    await memory.parkFacts(["Likes jazz", "Owes Bob money", "Likes jazz"], "t1");
    await memory.parkFacts(["Likes jazz"], "t2");
    assert.deepEqual(await memory.facts(), []);
    const [jazz, money] = await memory.waiting();
    assert.equal((await memory.waiting()).length, 2);
    await memory.keep(jazz?.id ?? "");
    assert.equal(await memory.drop(money?.id ?? ""), true);
    assert.equal(await memory.drop(money?.id ?? ""), false);
    assert.equal(await memory.keep("nothing"), undefined);
    assert.deepEqual(await memory.waiting(), []);
    assert.deepEqual(await memory.facts(), [{ text: "Likes jazz", marked: true }]);
    assert.doesNotMatch(await memory.promptText(4000, "jazz", "code"), /jazz/);
  });
});

Deno.test("a marked fact never replaces or swallows an unmarked one", async () => {
  await withMemory(async (memory) => {
    await memory.addFacts(["Has a dog"], { turn: "t1" });
    await memory.addFacts(["Has a dog named Rex"], { turn: "t2", marked: true });
    assert.equal((await memory.facts()).length, 2);
    await memory.addFacts(["Has a dog named Rex"], { turn: "t3" });
    assert.deepEqual(await memory.facts(), [{ text: "Has a dog named Rex", marked: false }]);
  });
});

Deno.test("an unreadable waiting.json is an error that names the file, never an empty list", async () => {
  await withMemory(async (memory, files) => {
    await files.replace("waiting.json", "[{");
    await assert.rejects(memory.waiting(), /waiting\.json/);
    assert.equal(await files.readText("waiting.json"), "[{");
  });
});

Deno.test("writers at the same time lose nothing", async () => {
  await withMemory(async (memory, files) => {
    const other = plainly(openMemory(files, clockAt({ now: 0 }), createRandom()));
    await Promise.all(
      Array.from(
        { length: 40 },
        (_, index) => (index % 2 ? memory : other).addFacts([`Fact no ${index}x`], { turn: "t" }),
      ),
    );
    assert.equal((await memory.facts()).length, 40);
  });
});

Deno.test("whatever is remembered stands in some fact, whole or as its beginning", async () => {
  const text = fc.array(fc.constantFrom("likes", "tea", "no", "dog", "a", "Rex", "Likes"), {
    minLength: 1,
    maxLength: 4,
  }).map((words) => words.join(" "));
  await withMemory(async (memory, files) => {
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 6 }), async (facts) => {
        await files.remove("MEMORY.md");
        for (const fact of facts) await memory.addFacts([fact], { turn: "t" });
        const known = (await memory.facts()).map((fact) => fact.text.toLowerCase());
        for (const fact of facts) {
          assert.ok(known.some((one) => `${one} `.startsWith(`${fact.toLowerCase()} `)), fact);
        }
      }),
      { numRuns: 40 },
    );
  });
});
