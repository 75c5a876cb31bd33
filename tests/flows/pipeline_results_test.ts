import assert from "node:assert/strict";
import type { ModelCall } from "../fakes/scripted_model.ts";
import { ACCEPT, accepting, clam, GENERATE, Pipeline, saying, worded } from "./pipeline.ts";

/** What the request for another program tells about the one before. */
const faultIn = (call: ModelCall | undefined) => call?.messages.at(-1)?.content ?? "";

const DEGREES = clam(
  `async function run({ city }) {
    const weather = JSON.parse((await fs({ operation: "read", path: "weather.json" })).content);
    return "It is " + weather.degrees + " degrees in " + city + ".";
  }`,
  {
    declared_tools: ["fs"],
    inputs: { city: "Wien" },
    input_schema: { type: "object", properties: { city: { type: "string" } } },
    result_schema: worded("^It is \\S+ degrees in \\w+\\.$"),
    templates: ["how warm is it in {city:word} now"],
  },
);
const READING = { agents: { approvals: { alwaysGrants: ["fs:*"] } } };
const WEATHER = "workspace/files/weather.json";

Deno.test("a kept clam whose value is gone does not say undefined: it is mended, and told without a model (R2)", async () => {
  await using pipeline = await Pipeline.open(READING);
  const { model } = pipeline;
  await pipeline.put(WEATHER, '{"degrees": 7}');
  model.on("selection", GENERATE);
  model.on("clam", DEGREES);
  const first = await pipeline.ask("how warm is it in Wien now");
  assert.equal(first.object.reply, "It is 7 degrees in Wien.", first.stderr);
  assert.equal(model.sequence(), "selection clam");
  model.reset();

  for (const [content, word] of [['{"celsius": 7}', "undefined"], ['{"degrees": null}', "null"]]) {
    await pipeline.put(WEATHER, content ?? "");
    await pipeline.configure({
      ...READING,
      agents: { ...READING.agents, defaults: { model: "" } },
    });
    const { object, code } = await pipeline.ask("how warm is it in Wien now");
    assert.deepEqual([code, object.status, object.reply], [1, "failed", ""]);
    assert.equal(object.error?.code, "result_invalid");
    assert.match(object.error?.message ?? "", new RegExp(`^The answer .*"${word}".*\\.$`));
    assert.ok(object.error?.hint);
    assert.deepEqual(model.calls, []);
  }

  await pipeline.configure(READING);
  model.on("clam", saying("It is 7 degrees, says celsius."));
  const mended = await pipeline.ask("how warm is it in Graz now");
  assert.equal(mended.object.reply, "It is 7 degrees, says celsius.");
  assert.equal(mended.object.clam, first.object.clam, "its next version");
  assert.equal(model.sequence(), "clam");
  assert.match(faultIn(model.calls[0]), /result_invalid[^]*"null" stands in the reply/);
});

Deno.test("a kept clam is held to what it promised about its results (R2)", async () => {
  await using pipeline = await Pipeline.open(READING);
  const { model } = pipeline;
  await pipeline.put(WEATHER, '{"degrees": 7}');
  model.on("selection", GENERATE);
  model.on("clam", { ...DEGREES, result_schema: worded("^It is -?\\d+ degrees") });
  await pipeline.ask("how warm is it in Wien now");
  const [manifest = ""] = await pipeline.kept();
  assert.match(await Deno.readTextFile(manifest), /result_schema:[^]*pattern: /);
  model.reset();
  await pipeline.put(WEATHER, '{"degrees": "Internal Server Error"}');
  model.on("clam", saying("The weather cannot be read."));
  const { object } = await pipeline.ask("how warm is it in Wien now");
  assert.equal(object.reply, "The weather cannot be read.");
  assert.match(faultIn(model.named("clam")[0]), /does not satisfy result_schema/);
});

Deno.test("a promise that the first result does not keep is not kept either (R2)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  model.on("selection", GENERATE);
  model.on("clam", saying("seven", { result_schema: { type: "string", pattern: "^eight$" } }));
  model.on("verdict", ACCEPT);
  await pipeline.ask("count the crabs");
  const again = await pipeline.ask("count the crabs");
  assert.equal(again.object.reply, "seven");
  assert.equal(model.sequence(), "selection clam verdict");
});

Deno.test("no reply of a new clam has a hole: its own words and the judge's are looked over (R2)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  const run = (body: string, more = {}) => clam(`async function run() { ${body} }`, more);
  const faults: [string, ReturnType<typeof clam>, string][] = [
    ["undefined", run("return 'It is ' + {}.degrees + ' degrees.';"), ACCEPT_WORD],
    ["NaN", run("return { reply: 'It is ' + 1 * 'x' };"), ACCEPT_WORD],
    ["[object Object]", run("return 'It is ' + {};"), ACCEPT_WORD],
    ["Invalid Date", run("return 'Since ' + new Date('x');"), ACCEPT_WORD],
    ["null", run("return { degrees: null };"), "It is null degrees."],
    ["undefined", run("return { city: 'Wien' };"), "It is undefined degrees."],
  ];
  model.on("selection", GENERATE);
  for (const [word, broken] of faults) model.on("clam", broken, saying(`mended ${word}`));
  const judged = faults.map(([, , reply]) => reply).filter((reply) => reply !== ACCEPT_WORD);
  model.on("verdict", ...judged.map(accepting));
  const { stdout } = await pipeline.talk(faults.map((_, n) => `measure crab number ${n} now`));
  assert.deepEqual(
    stdout.trim().split("\n").slice(1),
    faults.map(([word]) => `mended ${word}`),
  );
  faults.forEach(([word], n) => {
    assert.ok(faultIn(model.named("clam")[2 * n + 1]).includes(`"${word}" stands in the reply`));
  });
  assert.equal(model.named("verdict").length, judged.length, "own words are looked over first");
});

/** Never asked for: the program's own words are looked over before. */
const ACCEPT_WORD = "";

Deno.test("a hole in the judge's words alone leaves the program's own reply (R2)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  model.on("selection", GENERATE);
  model.on("clam", saying("There are seven crabs.", { result_schema: null }));
  model.on("verdict", accepting("There are NaN crabs."));
  const { object } = await pipeline.ask("count the crabs");
  assert.equal(object.reply, "There are seven crabs.");
});

Deno.test("such words are answered where the request, the script or a tool says them (R2)", async () => {
  await using pipeline = await Pipeline.open(READING);
  const { model } = pipeline;
  await pipeline.put("workspace/files/notes.txt", "The height is undefined here.");
  await pipeline.put("workspace/files/data.json", '{"height": null, "width": 3}');
  const reading = (path: string) =>
    clam(
      `async function run() { return (await fs({ operation: "read", path: "${path}" })).content; }`,
      {
        declared_tools: ["fs"],
        result_schema: worded("height"),
      },
    );
  const replies = [
    "A value that is NaN is no number.",
    "In JavaScript it is null or undefined.",
    "The height is undefined here.",
    '{"height": null, "width": 3}',
  ];
  model.on("selection", GENERATE);
  model.on(
    "clam",
    clam("async function run({ word }) { return 'A value that is ' + word + ' is no number.'; }", {
      inputs: { word: "NaN" },
      result_schema: worded("no number"),
    }),
    saying("In JavaScript it is null or undefined."),
    reading("notes.txt"),
    reading("data.json"),
  );
  const { stdout } = await pipeline.talk([
    "what does nan mean",
    "how is a missing value called",
    "read my notes about the height",
    "read my data about the height",
  ]);
  assert.deepEqual(stdout.trim().split("\n").slice(1), replies);
  assert.equal(model.named("clam").length, 4, "nothing is mended");
});

Deno.test("a program without run or without a value is a fault before it is judged or kept (R3)", async () => {
  await using pipeline = await Pipeline.open(READING);
  const { model } = pipeline;
  const write = 'await fs({ operation: "append", path: "log.txt", content: "x" });';
  const more = { declared_tools: ["fs"] };
  const faults: [ReturnType<typeof clam>, RegExp][] = [
    [clam("const run = 5;"), /run is no function; define async function run/],
    [clam(`async function start() { ${write} }\nstart();`, more), /there is no function run/],
    [clam("let run; run = Math.PI;"), /run is no function; define async function run/],
    [clam(`async function run() { ${write} }`, more), /returned nothing; return a sentence/],
    [clam("async function run() { return null; }"), /returned nothing/],
    [clam("async function run() { return '  '; }"), /returned nothing/],
    [clam("async function run() { return { reply: '' }; }"), /returned nothing/],
  ];
  model.on("selection", GENERATE);
  faults.forEach(([broken], n) => model.on("clam", broken, saying(`mended ${n}`)));
  model.on("verdict", accepting("never asked for"));
  const { stdout } = await pipeline.talk(faults.map((_, n) => `do crab work number ${n} now`));
  assert.deepEqual(
    stdout.trim().split("\n").slice(1),
    faults.map((_, n) => `mended ${n}`),
  );
  faults.forEach(([, fault], n) => assert.match(faultIn(model.named("clam")[2 * n + 1]), fault));
  assert.equal(model.named("verdict").length, 0);
  const log = await Deno.readTextFile(`${pipeline.clambot.home}/workspace/files/log.txt`);
  assert.equal(log, "x", "what has no run is not run");
  assert.equal((await pipeline.kept()).length, faults.length);
});

Deno.test("the first run gets the defaults of its input schema, as every later one does (R2)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  model.on("selection", GENERATE);
  model.on(
    "clam",
    clam("async function run({ currency }) { return 'The crab costs 1 ' + currency; }", {
      input_schema: {
        type: "object",
        properties: { currency: { type: "string", default: "usd" } },
      },
      result_schema: worded("costs 1 [a-z]{3}$"),
    }),
  );
  for (const calls of [2, 0]) {
    const { object } = await pipeline.ask("price of the crab");
    assert.deepEqual([object.reply, object.modelCalls], ["The crab costs 1 usd", calls]);
  }
});

Deno.test("a top-level return is a value as well (A101)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  model.on("selection", GENERATE);
  model.on("clam", clam("return 'seven';", { result_schema: { const: "seven" } }));
  const { object } = await pipeline.ask("count the crabs");
  assert.equal(object.reply, "seven");
  assert.equal(model.sequence(), "selection clam");
});
