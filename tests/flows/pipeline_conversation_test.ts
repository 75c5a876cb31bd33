import assert from "node:assert/strict";
import type { JsonObject } from "../../src/domain/json.ts";
import {
  ACCEPT,
  chatting,
  clam,
  existing,
  GENERATE,
  Pipeline,
  saying,
  worded,
} from "./pipeline.ts";

// What leans on its conversation answers nothing outside of it, whatever words it is said in.

const PRICE = clam(
  `async function run({ symbol, currency }) { return symbol + " costs 1 " + currency; }`,
  {
    name: "Coin price",
    inputs: { symbol: "AAA", currency: "usd" },
    input_schema: { type: "object", properties: { currency: { default: "usd" } } },
    result_schema: worded("costs 1 \\w+$"),
  },
);
const inEuros = (inputs: JsonObject, more: JsonObject = {}) => ({ ...PRICE, inputs, ...more });

for (
  const [how, second] of [
    ["in its inputs", inEuros({ symbol: "AAA", currency: "eur" })],
    ["in its script", saying("AAA costs 1 eur")],
    ["only in what it means", { ...saying("1 eur"), stands_alone: false }],
  ] as const
) {
  Deno.test(`a follow-up that has what was said before ${how} answers no other conversation (R19)`, async () => {
    await using pipeline = await Pipeline.open();
    const { model } = pipeline;
    model.on("selection", GENERATE);
    const template = { templates: ["price of oddcoin {symbol:word}"], inputs: { symbol: "AAA" } };
    model.on("clam", { ...PRICE, ...template }, second);
    await pipeline.talk(["price of oddcoin AAA", "now in euros"]);
    assert.equal(model.sequence(), "selection clam selection clam");
    assert.equal((await pipeline.kept()).length, 2, "both are kept");

    model.reset();
    model.on("selection", GENERATE);
    model.on("clam", saying("BBB costs 2 eur"));
    const { stdout } = await pipeline.talk(["price of oddcoin BBB", "now in euros"]);
    assert.deepEqual(stdout.trim().split("\n").slice(1), ["BBB costs 1 usd", "BBB costs 2 eur"]);
    assert.equal(model.sequence(), "selection clam", "the first was known, the second is asked");
  });
}

Deno.test("a request that says all by itself is kept for everybody, however long the conversation (R19)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  const requests = [
    "price of oddcoin AAA",
    "count the crabs on Monday",
    "how high is Mount Fuji in meters",
    "name three kinds of whales",
    "draw a red square of 12 pixels",
    "odds of rain in Rome",
  ];
  const clams = [
    inEuros({ symbol: "AAA", currency: "usd" }),
    saying("There are 40 of them on Monday"),
    saying("Mount Fuji has 3776 meters"),
    saying("blue, grey and humpback"),
    clam("async function run({ size, colour }) { return `It is ${size} ${colour}`; }", {
      inputs: { size: 12, colour: "red" },
      result_schema: worded("^It is \\d+ \\w+$"),
    }),
    clam("async function run({ city, unit }) { return `It is 5 in ${city}`; }", {
      inputs: { city: "Rome" },
      input_schema: { type: "object", properties: { unit: { default: "metric" } } },
      result_schema: worded("^It is \\d in \\w+$"),
    }),
  ];
  model.on("selection", GENERATE);
  model.on("clam", ...clams);
  const first = await pipeline.talk(requests);
  assert.equal(model.calls.length, 2 * requests.length);
  assert.equal((await pipeline.kept()).length, requests.length, first.stdout + first.stderr);
  model.reset();
  for (const request of requests.toReversed()) {
    const { object } = await pipeline.ask(request);
    assert.equal(object.modelCalls, 0, request);
    assert.ok(first.stdout.includes(object.reply), request);
  }
});

Deno.test("a bound clam is offered to the selector in its own conversation and nowhere else (R19)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  model.on("selection", chatting("Hello."), GENERATE);
  model.on("clam", { ...saying("bound"), name: "Bound one", stands_alone: false });
  const { object: { conversation } } = await pipeline.ask("good morning, crab");
  const made = await pipeline.ask("now the crabs", "--session", conversation);
  const id = made.object.clam ?? "";
  const { stdout } = await pipeline.clambot.here.run(["clams", "show", id]);
  assert.match(stdout, new RegExp(`^Only in +${conversation}$`, "m"));

  model.reset();
  model.on("selection", existing(id));
  model.on("clam", saying("written anew"));
  const elsewhere = await pipeline.ask("now the crabs");
  assert.equal(elsewhere.object.reply, "written anew", "not even when its id is named");
  assert.doesNotMatch(model.calls[0]?.system ?? "", /Bound one/);

  model.reset();
  model.on("selection", existing(id));
  model.on("verdict", ACCEPT);
  const here = await pipeline.ask("the crabs now", "--session", conversation);
  assert.equal(here.object.reply, "bound");
  assert.equal(here.object.clam, id);
  assert.match(model.calls[0]?.system ?? "", /Bound one/);
});

Deno.test("a follow-up in common words that came first in its conversation answers no other one (R19)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  const requests = ["how much is it", "tell me more", "shorter", "what else", "the former"];
  model.on("selection", GENERATE);
  model.on("clam", ...requests.map((request) => saying(`first ${request}`)));
  await pipeline.talk(requests.flatMap((request) => [request, "/new"]));
  assert.equal(model.named("clam").length, requests.length);
  model.reset();
  model.on("selection", chatting("asked"));
  const { stdout } = await pipeline.talkOutside(requests);
  assert.equal(model.named("selection").length, requests.length, stdout);
  assert.doesNotMatch(stdout, /first/);
});
