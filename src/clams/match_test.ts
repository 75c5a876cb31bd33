import assert from "node:assert/strict";
import { type ClamHome, createClamHome, draftOf } from "../../tests/fakes/clam_home.ts";
import type { Draft } from "../domain/clam.ts";
import { STARTERS } from "./starter/catalog.ts";
import type { Matcher } from "./match.ts";

const pause = () => new Promise((resolve) => setTimeout(resolve, 30)); // file times are coarse
const add = (home: ClamHome, change: Partial<Draft["manifest"]>, script = "return 1") =>
  home.open().library.add(draftOf(script, change), "generated");
const inputsOf = async (matcher: Matcher, request: string) => (await matcher.find(request))?.inputs;

Deno.test("an identical request runs the kept clam with its own inputs (A48, A49)", async () => {
  await using home = await createClamHome();
  const { id } = await add(home, {});
  const { matcher } = home.open();
  for (const request of ["price of BTC", "  PRICE of   btc?! ", "ｐｒｉｃｅ of BTC"]) {
    assert.deepEqual(await matcher.find(request), {
      clam: id,
      inputs: { symbol: "BTC" },
      by: "request",
    });
  }
});

Deno.test("a request that fits the template gives its own inputs (A252)", async () => {
  await using home = await createClamHome();
  const { id } = await add(home, {});
  assert.deepEqual(await home.open().matcher.find("Price of ETH?"), {
    clam: id,
    inputs: { symbol: "ETH" },
    by: "template",
  });
});

Deno.test("inputs that the schema refuses do not fit (A57, A252)", async () => {
  await using home = await createClamHome();
  await add(home, {});
  assert.equal(await home.open().matcher.find("price of happiness"), undefined);
});

const TEXT = { inputs: { text: "hello" }, inputSchema: {} };

Deno.test("a kept request with a text in it answers no other text (S2)", async () => {
  const others = [
    "hash of hello!",
    "hash of hello?",
    "hash of Hello",
    "hash of hello…",
    "hash of ｈello",
  ];
  for (const templates of [["hash of {text:text}"], []]) {
    await using home = await createClamHome();
    await add(home, { ...TEXT, requests: ["hash of hello"], templates });
    const { matcher } = home.open();
    for (const same of ["hash of hello", "Hash  OF hello "]) {
      assert.equal((await matcher.find(same))?.by, "request", same);
    }
    for (const other of others) {
      const match = await matcher.find(other);
      const text = other.slice("hash of ".length);
      assert.deepEqual(match?.inputs, templates.length === 0 ? undefined : { text }, other);
    }
  }
});

Deno.test("a text in the middle counts to the letter too, what stands around it does not (S2)", async () => {
  await using home = await createClamHome();
  await add(home, { ...TEXT, requests: ["encode hello in base64."], templates: [] });
  const { matcher } = home.open();
  assert.ok(await matcher.find("Encode hello in BASE64?"));
  assert.equal(await matcher.find("encode Hello in base64"), undefined);
});

Deno.test("what the first request had as the end of its sentence is none of the text (S2)", async () => {
  await using home = await createClamHome();
  await add(home, { ...TEXT, requests: ["hash of hello."], templates: [] });
  const { matcher } = home.open();
  assert.ok(await matcher.find("hash of hello"));
  assert.ok(await matcher.find("hash of hello."));
  assert.equal(await matcher.find("hash of hello!"), undefined);
});

Deno.test("operators, digits and addresses are never dropped (A50, W-AGT-3)", async () => {
  await using home = await createClamHome();
  await add(home, { requests: ["calculate 2+2"], templates: [] });
  await add(home, { requests: ["title of https://a.example/x"], templates: [] });
  const { matcher } = home.open();
  assert.ok(await matcher.find("calculate 2+2"));
  for (
    const other of ["calculate 2-2", "calculate 22", "calculate 2²", "title of https://a.example/y"]
  ) {
    assert.equal(await matcher.find(other), undefined, other);
  }
});

Deno.test("a request that lives from its conversation never matches, kept or not (A51)", async () => {
  await using home = await createClamHome();
  await add(home, {
    requests: ["do it again", "and tomorrow?"],
    templates: ["and in {place:text} then"],
  });
  const { matcher } = home.open();
  for (const request of ["do it again", "and tomorrow?", "and in Rome then"]) {
    assert.equal(await matcher.find(request), undefined);
  }
});

Deno.test("words in the person's own text lean on nothing, unless they are all of it", async () => {
  await using home = await createClamHome();
  const { matcher } = home.open(STARTERS);
  for (
    const request of [
      "take a note: call her again",
      "add give it back to them to my to-do list",
      "note that it is nice there",
      "remember that they live in Rome too",
      "write bring it back again to the file w.txt",
    ]
  ) {
    assert.ok((await matcher.find(request))?.clam.startsWith("starter-"), request);
  }
  for (
    const request of [
      "sha256 of it",
      "sha256 of that file",
      "add this to my to-do list",
      "mark that one as done",
      "base64 encode what you said",
      "and take a note: call the plumber",
      "take a note: the same",
    ]
  ) {
    assert.equal(await matcher.find(request), undefined, request);
  }
});

Deno.test("only reusable clams with a request are eligible, imported ones are not (A52, A246)", async () => {
  await using home = await createClamHome();
  const { library, matcher } = home.open();
  await add(home, { reusable: false });
  await add(home, { requests: [], templates: [] });
  const imported = await library.add(draftOf("return 1"), "imported");
  assert.equal(await matcher.find("price of BTC"), undefined);
  assert.equal(await matcher.find("price of ETH"), undefined);
  await library.adopt(imported.id);
  assert.equal((await matcher.find("price of BTC"))?.clam, imported.id);
});

Deno.test("the very request wins over a template", async () => {
  await using home = await createClamHome();
  await add(home, { requests: ["something else"] });
  const exact = await add(home, {
    requests: ["price of ETH"],
    templates: [],
    inputs: { symbol: "ETH" },
  });
  const match = await home.open().matcher.find("price of ETH");
  assert.deepEqual([match?.clam, match?.by], [exact.id, "request"]);
});

Deno.test("the clam that was kept last for a request answers it", async () => {
  await using home = await createClamHome();
  await add(home, {});
  home.now += 1000;
  const later = await add(home, {});
  assert.equal((await home.open().matcher.find("price of BTC"))?.clam, later.id);
});

Deno.test("two clams that fit are no match, nor is one that fits in two ways (A253)", async () => {
  await using home = await createClamHome();
  await add(home, { requests: ["x y z"], templates: ["price of {symbol:word}"] });
  const { library, matcher } = home.open();
  assert.ok(await matcher.find("price of ETH"));
  const other = await add(home, {
    requests: ["a b c"],
    templates: ["price {what:word} {symbol:word}"],
  });
  assert.ok(await matcher.find("price of ETH"), "one literal word is no template");
  await library.replace(other.id, draftOf("return 1", { templates: ["price of {symbol:text}"] }));
  assert.equal(await matcher.find("price of ETH"), undefined);
  await library.replace(
    other.id,
    draftOf("return 1", { templates: ["price of the {symbol:text}"] }),
  );
  assert.ok(await matcher.find("price of ETH"));
  await library.replace(
    other.id,
    draftOf("return 1", {
      templates: ["cost of {symbol:word} please", "cost of {other:word} please"],
    }),
  );
  assert.equal(await matcher.find("cost of ETH please"), undefined);
});

Deno.test("of two templates of one clam the one that says more counts", async () => {
  await using home = await createClamHome();
  await add(home, {
    requests: ["x y z"],
    inputSchema: {},
    templates: ["add {text:text} to my list", "add the word {text:text} to my list"],
  });
  const { matcher } = home.open();
  assert.equal((await inputsOf(matcher, "add the word tea to my list"))?.text, "tea");
  assert.equal((await inputsOf(matcher, "add the tea to my list"))?.text, "the tea");
});

Deno.test("of two clams that fit, the one whose inputs are invalid does not count", async () => {
  await using home = await createClamHome();
  await add(home, {
    templates: ["price of {symbol:text}"],
    inputSchema: {
      type: "object",
      properties: { symbol: { type: "string", pattern: "^[0-9]+$" } },
    },
  });
  const { id } = await add(home, {});
  assert.equal((await home.open().matcher.find("price of ETH"))?.clam, id);
});

Deno.test("a day worked out from 'tomorrow' is not used again on another day", async () => {
  await using home = await createClamHome();
  await add(home, {
    requests: ["weather tomorrow in Rome"],
    inputs: { day: "2026-11-25" },
    templates: [],
  });
  await add(home, {
    requests: ["days until 24 December 2026"],
    inputs: { day: "2026-12-24" },
    templates: [],
  });
  const { matcher } = home.open();
  assert.equal(await matcher.find("weather tomorrow in Rome"), undefined);
  assert.deepEqual(await inputsOf(matcher, "days until 24 December 2026"), { day: "2026-12-24" });
});

Deno.test("a clam whose script was changed does not match (A78)", async () => {
  await using home = await createClamHome();
  const { id } = await add(home, {});
  await Deno.writeTextFile(`${home.path}/workspace/clams/${id}/v1/run.js`, "return 666");
  assert.equal(await home.open().matcher.find("price of BTC"), undefined);
});

Deno.test("what another process keeps, replaces or removes is known at once", async () => {
  await using home = await createClamHome();
  const { matcher } = home.open();
  assert.equal(await matcher.find("price of BTC"), undefined);
  const { id } = await add(home, {});
  assert.equal((await matcher.find("price of BTC"))?.clam, id);
  await home.open().library.replace(id, draftOf("return 2", { requests: ["price of gold"] }));
  assert.equal(await matcher.find("price of BTC").then((match) => match?.by), "template");
  assert.ok(await matcher.find("price of gold"));
  await home.open().library.rollback(id, 1);
  assert.equal((await matcher.find("price of BTC"))?.by, "request");
  await home.open().library.remove(id);
  assert.equal(await matcher.find("price of BTC"), undefined);
});

Deno.test("clams put in or taken out by hand are noticed", async () => {
  await using home = await createClamHome();
  await using other = await createClamHome();
  const { id } = await add(other, {});
  const { matcher } = home.open();
  assert.equal(await matcher.find("price of BTC"), undefined);
  await pause();
  await Deno.rename(`${other.path}/workspace/clams/${id}`, `${home.path}/workspace/clams/${id}`);
  assert.equal((await matcher.find("price of BTC"))?.clam, id);
  await pause();
  await Deno.remove(`${home.path}/workspace/clams/${id}`, { recursive: true });
  assert.equal(await matcher.find("price of BTC"), undefined);
});

const INDEX = "state/clam-index.sqlite";
for (
  const [what, harm] of [
    ["deleted", (path: string) => Deno.remove(path)],
    ["garbage", (path: string) => Deno.writeTextFile(path, "garbage ".repeat(1000))],
    ["cut off", (path: string) => Deno.truncate(path, 5000)],
    ["empty", (path: string) => Deno.truncate(path, 0)],
    ["of another format", async (path: string) => {
      const { DatabaseSync } = await import("node:sqlite");
      const database = new DatabaseSync(path);
      database.exec("PRAGMA user_version = 99");
      database.close();
    }],
  ] as const
) {
  Deno.test(`an index that is ${what} is rebuilt, and nobody hears of it (A254)`, async () => {
    await using home = await createClamHome();
    const { library, matcher } = home.open();
    const { id } = await library.add(draftOf("return 1"), "generated");
    assert.ok(await matcher.find("price of BTC"));
    library.close();
    await harm(`${home.path}/${INDEX}`);
    const again = home.open();
    assert.equal((await again.matcher.find("price of BTC"))?.clam, id);
    assert.equal((await again.matcher.find("price of ETH"))?.clam, id);
    const added = await again.library.add(
      draftOf("return 1", { requests: ["price of tea"] }),
      "person",
    );
    assert.equal((await again.matcher.find("price of tea"))?.clam, added.id);
  });
}

Deno.test("the index can be read by its owner alone", async () => {
  await using home = await createClamHome();
  const { matcher } = home.open();
  await matcher.find("price of BTC");
  for await (const { name } of Deno.readDir(`${home.path}/state`)) {
    assert.equal((await home.state.stat(name))?.mode, 0o600, name);
  }
});

Deno.test("without a place for the index everything works all the same", async () => {
  await using home = await createClamHome();
  await Deno.writeTextFile(`${home.path}/state`, "a file where the directory should be");
  const { id } = await add(home, {});
  assert.equal((await home.open().matcher.find("price of BTC"))?.clam, id);
});

Deno.test("candidates are ranked by shared words, the rest fills up, imported ones stay out", async () => {
  await using home = await createClamHome();
  const { library, matcher } = home.open();
  const weather = await add(home, {
    name: "Weather",
    description: "Weather of a city",
    requests: ["weather in Rome"],
    templates: [],
  });
  const chinese = await add(home, {
    name: "天气",
    description: "查询城市的天气",
    requests: ["罗马的天气"],
    templates: [],
  });
  const price = await add(home, {});
  await library.add(draftOf("return 1", { name: "Weather import" }), "imported");
  await library.recordUse(weather.id);
  const found = await matcher.candidates("How will the weather in Paris be?", 10);
  assert.equal(found[0]?.id, weather.id);
  assert.equal(found[0]?.usage.count, 1);
  assert.deepEqual(found.map((one) => one.id).sort(), [weather.id, chinese.id, price.id].sort());
  assert.equal((await matcher.candidates("巴黎的天气", 1))[0]?.id, chinese.id);
  assert.deepEqual((await matcher.candidates('" OR * NEAR(', 2)).length, 2);
});

/** Kept clams; CLAMBOT_CLAMS raises it. */
const COUNT = Number(Deno.env.get("CLAMBOT_CLAMS") ?? 2000);

Deno.test(`among ${COUNT} clams: no manifest is read to start, one or two to match (A254, A290)`, async () => {
  await using home = await createClamHome();
  const root = `${home.path}/workspace/clams`;
  const script = "return 1";
  const { formatManifest } = await import("./manifest.ts");
  const { sha256Hex } = await import("../text/canonical_json.ts");
  const sha256 = await sha256Hex(script);
  for (let at = 0; at < COUNT; at++) {
    const directory = `${root}/c${at}/v1`;
    Deno.mkdirSync(directory, { recursive: true });
    Deno.writeTextFileSync(`${directory}/run.js`, script);
    Deno.writeTextFileSync(
      `${directory}/CLAM.md`,
      formatManifest({
        ...draftOf(script, {
          name: `Clam ${at}`,
          requests: [`price of coin ${at}`],
          templates: [
            `price of {symbol:word} on market ${at}`,
            `{symbol:word} at stall ${at % (COUNT / 100)}`,
          ],
        }).manifest,
        version: 1,
        sha256,
        origin: "generated",
        createdAt: "2026-11-24T00:00:00.000Z",
      }, ""),
    );
  }
  const first = home.open();
  assert.equal((await first.matcher.find("price of coin 77"))?.clam, "c77");
  first.library.close();

  home.reads.length = 0;
  const { matcher, library } = home.open();
  assert.equal(await matcher.find("no clam knows this"), undefined);
  assert.deepEqual(home.reads, [], "nothing is read on start, nor for a miss");
  assert.equal((await matcher.find("price of coin 1234"))?.clam, "c1234");
  assert.equal((await matcher.find("price of BTC on market 1999"))?.clam, "c1999");
  assert.ok(home.reads.length <= 8, home.reads.join());
  home.reads.length = 0;
  assert.equal(await matcher.find("BTC at stall 7"), undefined, "a hundred clams fit");
  assert.deepEqual(home.reads, []);
  await library.add(draftOf(script, { requests: ["one more"] }), "generated");
  home.reads.length = 0;
  assert.ok(await matcher.find("price of coin 5"));
  assert.ok(home.reads.length <= 3, "keeping one clam does not touch the others");
});
