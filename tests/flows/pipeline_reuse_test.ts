import assert from "node:assert/strict";
import { ACCEPT, clam, existing, GENERATE, Pipeline, saying, worded } from "./pipeline.ts";

const PRICE = clam(
  `async function run({ symbol }) {
    return { reply: symbol + " costs 5", data: { symbol, price: 5 } };
  }`,
  {
    name: "Coin price",
    inputs: { symbol: "BTC" },
    input_schema: {
      type: "object",
      properties: { symbol: { type: "string", maxLength: 5 }, currency: { default: "EUR" } },
      required: ["symbol"],
    },
    result_schema: {
      type: "object",
      required: ["reply", "data"],
      properties: {
        data: {
          type: "object",
          required: ["price"],
          properties: { price: { type: "number" } },
        },
      },
    },
    templates: ["price of {symbol:word} right now", "{symbol:word}", "sold {symbol:word} of it"],
  },
);

Deno.test("a new task is kept, repeated and varied without any model call (A48, A59, A71, A252)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  model.on("selection", GENERATE);
  model.on("clam", PRICE);
  const first = await pipeline.ask("Price of BTC right now");
  assert.equal(first.code, 0, first.stderr);
  assert.equal(first.object.reply, "BTC costs 5");
  assert.deepEqual(first.object.value, { symbol: "BTC", price: 5 });
  assert.equal(model.sequence(), "selection clam");
  assert.equal(first.object.modelCalls, 2);
  assert.ok(first.object.clam);

  model.reset();
  for (
    const [request, reply] of [
      ["  price of  btc RIGHT now!", "BTC costs 5"],
      ["price of ETH right now", "ETH costs 5"],
    ] as const
  ) {
    const { object } = await pipeline.ask(request);
    assert.equal(object.reply, reply);
    assert.equal(object.clam, first.object.clam);
    assert.equal(object.modelCalls, 0);
  }
  assert.deepEqual(model.calls, [], "neither choice nor facts may ask the model");

  const manifest = await Deno.readTextFile((await pipeline.kept())[0] ?? "");
  assert.match(manifest, /price of \{symbol:word\} right now/);
  assert.doesNotMatch(manifest, /sold \{symbol/, "a template that does not fit is not kept");
});

Deno.test("the selector's clam runs with its inputs over the defaults, validated (A57, A79)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  model.on("selection", GENERATE);
  model.on("clam", { ...PRICE, templates: [] });
  const { object } = await pipeline.ask("price of BTC right now");
  const id = object.clam ?? "";

  model.reset();
  model.on("selection", existing(id, { symbol: "ETH" }));
  model.on("verdict", ACCEPT);
  const chosen = await pipeline.ask("what about the value of one ETH coin");
  assert.equal(chosen.object.reply, "ETH costs 5");
  assert.equal(chosen.object.clam, id);
  assert.equal(model.sequence(), "selection verdict");
  assert.match(model.named("verdict")[0]?.text ?? "", /kept for: .*"price of BTC right now"/);
  const system = model.calls[0]?.system ?? "";
  assert.match(system, new RegExp(`- ${id}: Coin price\\. .*used 1 times, last \\d{4}-`));

  model.reset();
  model.on("selection", existing(id, { symbol: "much too long" }));
  model.on("clam", saying("written anew"));
  const refused = await pipeline.ask("the value of a much too long coin");
  assert.equal(refused.object.reply, "written anew");
  assert.notEqual(refused.object.clam, id);
  assert.equal(model.sequence(), "selection clam");

  for (const unknown of ["nosuchclam", "../../etc/passwd", ""]) {
    model.reset();
    model.on("selection", existing(unknown));
    model.on("clam", saying(`new for ${unknown}`));
    const made = await pipeline.ask(`the clam named "${unknown}" please`);
    assert.equal(made.object.reply, `new for ${unknown}`);
  }
});

Deno.test("what depends on the conversation is never matched, nor what is not reusable (A51, A52)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  model.on("selection", GENERATE);
  model.on("clam", saying("done"));
  const requests = ["do it again", "and tomorrow?", "delete that file"];
  const twice = requests.flatMap((request) => [request, request]);
  const { stdout } = await pipeline.talk(twice);
  assert.equal(stdout.split("\n").filter((line) => line === "done").length, 6);
  assert.equal(model.named("selection").length, 6);

  model.reset();
  model.on("selection", GENERATE);
  model.on("clam", saying("once", { reusable: false }));
  await pipeline.talk(["count the crabs", "count the crabs"]);
  assert.equal(model.sequence(), "selection clam selection clam");
});

Deno.test("a pronoun for what the request itself names stops no reuse, and varies (R18)", async () => {
  await using pipeline = await Pipeline.open({
    agents: { approvals: { alwaysGrants: [{ tool: "fs", scope: "workspace" }] } },
  });
  const { model } = pipeline;
  await pipeline.put("workspace/files/people.json", "[1]");
  model.on("selection", GENERATE);
  model.on(
    "clam",
    clam(
      `async function run({ from, to }) {
        const { content } = await fs({ operation: "read", path: from });
        await fs({ operation: "write", path: to, content: JSON.parse(content).join() });
        return { reply: "Saved as " + to + ".", data: { to } };
      }`,
      {
        declared_tools: ["fs"],
        inputs: { from: "people.json", to: "people.csv" },
        result_schema: worded("^Saved as .*\\.$"),
        templates: ["convert {from:path} to CSV and save it as {to:path}"],
      },
    ),
  );
  model.on("verdict", ACCEPT);
  const request = "convert people.json to CSV and save it as people.csv";
  assert.equal((await pipeline.ask(request)).object.reply, "Saved as people.csv.");
  model.reset();
  for (
    const [text, reply] of [[request, "people.csv"], [
      request.replace(".csv", "2.csv"),
      "people2.csv",
    ]]
  ) {
    const { object } = await pipeline.ask(text ?? "");
    assert.equal(object.reply, `Saved as ${reply}.`);
    assert.equal(object.modelCalls, 0);
  }
  assert.deepEqual(model.calls, []);
});

Deno.test("numbers, operators and addresses are told apart (A50)", async () => {
  await using pipeline = await Pipeline.open({ agents: { defaults: { disabledTools: [] } } });
  const { model } = pipeline;
  model.on("selection", GENERATE);
  model.on("clam", saying("four"), saying("nought"), saying("a"), saying("b"));
  const requests = [
    "crunch 2+2",
    "crunch 2-2",
    "crab page http://a.test/x",
    "crab page http://a.test/y",
  ];
  const { stdout } = await pipeline.talk([...requests, ...requests]);
  assert.deepEqual(
    stdout.trim().split("\n").slice(1),
    ["four", "nought", "a", "b", "four", "nought", "a", "b"],
  );
  assert.equal(model.calls.length, 8);
});

Deno.test("a kept clam that fails is mended as its next version (A72)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  model.on("selection", GENERATE);
  model.on(
    "clam",
    {
      ...PRICE,
      script: `async function run({ symbol }) {
      if (symbol === "ETH") throw new TypeError("not a function");
      return symbol + " costs 5";
    }`,
      result_schema: worded("^[A-Z]+ costs \\d+$"),
    },
    { ...PRICE, inputs: { symbol: "ETH" } },
  );
  const first = await pipeline.ask("price of BTC right now");
  const mended = await pipeline.ask("price of ETH right now");
  assert.equal(mended.object.reply, "ETH costs 5");
  assert.equal(mended.object.clam, first.object.clam);
  assert.equal(model.sequence(), "selection clam clam");
  const versions = (await pipeline.kept()).map((path) => path.split("/").at(-2)).sort();
  assert.deepEqual(versions, ["v1", "v2"]);
});

Deno.test("a leftover build of a rejected attempt is never promoted (A74)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  const build = "workspace/build/leftoverleftover";
  await pipeline.put(
    `${build}/run.js`,
    "async function run() { return 'evil' }",
  );
  await pipeline.put(`${build}/CLAM.md`, "---\nname: evil\n---\n");
  model.on("selection", GENERATE);
  model.on("clam", clam("async function run() { throw new Error('no') }"));
  const { object, code } = await pipeline.ask("try to count the crabs");
  assert.equal(code, 1);
  assert.equal(object.error?.code, "runtime_execution_error");
  const after = await pipeline.files();
  assert.deepEqual(after.clams.filter((path) => path.endsWith("run.js")), []);
  assert.deepEqual(after.build.filter((path) => !path.includes("leftover")), []);
  model.reset();
  model.on("selection", GENERATE);
  model.on("clam", saying("fine"));
  await pipeline.ask("try to count the crabs");
  const scripts = (await pipeline.files()).clams.filter((path) => path.endsWith("run.js"));
  assert.equal(scripts.length, 1);
  assert.match(await Deno.readTextFile(scripts[0] ?? ""), /fine/);
});
