import assert from "node:assert/strict";
import type { JsonObject } from "../../src/domain/json.ts";
import { after } from "../fakes/scripted_model.ts";
import {
  accepting,
  chatting,
  clam,
  GENERATE,
  Pipeline,
  saying,
  startSite,
  worded,
} from "./pipeline.ts";

/** A home where one request, or one day, may use so much. */
const limited = (budgets: JsonObject) => Pipeline.open({ agents: { budgets } });
const perTurn = (calls: number) => limited({ perTurn: { calls } });

Deno.test("a turn ends where its budget of calls does, and says so: choice, writing, mending (A92)", async () => {
  for (
    const [calls, sequence] of [
      [0, ""],
      [1, "selection"],
      [2, "selection clam"],
    ] as const
  ) {
    await using pipeline = await perTurn(calls);
    const { model } = pipeline;
    model.on("selection", GENERATE);
    model.on("clam", clam("async function run() { throw new Error('mend me'); }"));
    const { object, code } = await pipeline.ask("count the crabs");
    assert.equal(code, 1);
    assert.equal(object.error?.code, "budget_exceeded");
    assert.match(object.error?.message ?? "", new RegExp(`budget of ${calls} requests`));
    assert.match(object.error?.hint ?? "", /agents\.budgets\.perTurn\.calls/);
    assert.equal(model.sequence(), sequence);
    assert.equal(object.modelCalls, calls);
  }
});

Deno.test("a result that the budget does not let be judged is delivered with the reason (A90, A92)", async () => {
  await using pipeline = await perTurn(2);
  const { model } = pipeline;
  model.on("selection", GENERATE);
  model.on("clam", clam("async function run() { return { crabs: 7 }; }"));
  model.on("verdict", accepting("never"));
  const { object, code } = await pipeline.ask("count the crabs");
  assert.equal(code, 0);
  assert.match(object.reply, /^crabs: 7\n\n\(.*not checked: The budget of 2 requests/);
  assert.equal(model.sequence(), "selection clam");
  assert.deepEqual(await pipeline.kept(), []);
});

Deno.test("a program's questions count, and the end of the budget is the end of its run (A87, A256)", async () => {
  await using pipeline = await perTurn(3);
  const { model } = pipeline;
  const asking = clam(
    `async function run() {
      const told = [];
      for (const text of ["a", "b", "c"]) {
        try {
          told.push((await ask_model({ instruction: "Digest", text })).text);
        } catch { /* goes on as if nothing had been */ }
      }
      return told.join();
    }`,
    { declared_tools: ["ask_model"] },
  );
  model.on("selection", GENERATE);
  model.on("clam", asking);
  model.on("answer", "told");
  const { object } = await pipeline.ask("digest the alphabet");
  assert.equal(object.error?.code, "budget_exceeded");
  assert.equal(model.sequence(), "selection clam answer", "neither mended nor asked again");
  assert.deepEqual(await pipeline.kept(), []);
});

Deno.test("a kept clam that asks a model says how often, run by name too", async () => {
  await using pipeline = await Pipeline.open();
  const { model, clambot } = pipeline;
  model.on("selection", GENERATE);
  model.on(
    "clam",
    clam(
      'async function run() { return (await ask_model({ instruction: "x", text: "y" })).text; }',
      { declared_tools: ["ask_model"], result_schema: worded("^digested$") },
    ),
  );
  model.on("answer", "digested");
  const { object } = await pipeline.ask("digest the letters");
  assert.equal(object.modelCalls, 3);
  const run = await clambot.here.json(["clams", "run", object.clam ?? ""]);
  assert.equal(run.object.reply, "digested", run.stderr);
  assert.equal(run.object.modelCalls, 1);
});

Deno.test("tokens, dollars and days are limits too, and an unknown price is none that may be spent (A92, A274)", async () => {
  const limits: [JsonObject, RegExp][] = [
    [{ perTurn: { tokens: 100 } }, /budget of 100 tokens for one request/],
    [{ perTurn: { usd: 1 } }, /Nobody knows what custom\/test costs/],
    [{ perDay: { calls: 0 } }, /budget of 0 requests to models for one day/],
  ];
  for (const [budgets, sentence] of limits) {
    await using pipeline = await limited(budgets);
    pipeline.model.on("selection", chatting("never"));
    const { object, code } = await pipeline.ask("say something");
    assert.equal(code, 1);
    assert.match(object.error?.message ?? "", sentence);
    assert.deepEqual(pipeline.model.calls, []);
  }
});

Deno.test("with the day's budget spent by the answer nothing is learnt, and nobody is disturbed", async () => {
  await using pipeline = await limited({ perDay: { calls: 1 } });
  const { model } = pipeline;
  model.on("selection", chatting("Hello Ada."));
  model.on("facts", { add: ["Is called Ada"], forget: [] });
  const { object, code, stderr } = await pipeline.ask("my name is Ada");
  assert.deepEqual([code, object.reply, stderr], [0, "Hello Ada.", ""]);
  assert.equal(model.sequence(), "selection");
});

Deno.test("a turn that takes too long is stopped, a model that never answers included (A92)", async () => {
  await using pipeline = await limited({});
  const { model } = pipeline;
  model.on("selection", after(20_000, chatting("too late")), GENERATE);
  model.on(
    "clam",
    clam("async function run() { await sleep({ seconds: 20 }); return 'too late'; }", {
      declared_tools: ["sleep"],
    }),
  );
  // the second one takes some of its time to come to the sleep
  for (const [request, seconds] of [["say something", 1], ["sleep for long", 5]] as const) {
    await pipeline.configure({ agents: { budgets: { perTurn: { seconds } } } });
    const { object, code } = await pipeline.ask(request);
    assert.equal(code, 1);
    assert.equal(object.error?.code, "budget_exceeded");
    assert.match(object.error?.message ?? "", new RegExp(`${seconds} seconds? for one request`));
  }
  assert.equal(model.sequence(), "selection selection clam");
});

Deno.test("--json tells the turn, its conversation and what it used (A195, A267)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  model.on("selection", GENERATE);
  model.on("clam", saying("seven"));
  const told = await pipeline.ask("count the crabs") as unknown as { object: JsonObject };
  const { usage, turn, conversation } = told.object;
  const tokens = { inputTokens: 200, outputTokens: 14, cachedInputTokens: 80 };
  assert.deepEqual(usage, { ...tokens, costUsd: null });
  assert.match(String(turn), /^\w{16}$/);
  assert.match(String(conversation), /^cli:\w{16}$/);
  model.reset();
  const again = await pipeline.ask("count the crabs", "--session", String(conversation));
  const { object } = again as unknown as { object: JsonObject };
  assert.deepEqual((object.usage as JsonObject).inputTokens, 0);
  assert.equal(object.conversation, conversation);
});

Deno.test("a program ends where its budget of tool calls does, before it asks or does anything more (A274)", async () => {
  await using site = startSite();
  await using pipeline = await Pipeline.open({
    ...site.config,
    agents: { ...site.config.agents as JsonObject, budgets: { perTurn: { toolCalls: 2 } } },
  });
  const { model } = pipeline;
  const posts = `async function run() {
    for (let n = 0; n < 5; n++) {
      try {
        await http_request({method: "POST", url: "${site.url}/", body: String(n)});
      } catch { /* goes on as if nothing had been */ }
    }
    return "It was sent.";
  }`;
  model.on("selection", GENERATE);
  model.on("clam", clam(posts, { declared_tools: ["http_request"] }));
  const { object } = await pipeline.ask("send it");
  assert.equal(object.error?.code, "budget_exceeded");
  assert.match(object.error?.hint ?? "", /agents\.budgets\.perTurn\.toolCalls/);
  assert.equal(site.seen.length, 2);
  assert.equal(model.sequence(), "selection clam", "it is not mended");
});

Deno.test("a limit for an origin that there is none of is an error, since it would count as none", async () => {
  await using pipeline = await limited({ perOrigin: { cornjob: { calls: 1 } } });
  const { object } = await pipeline.ask("say something");
  assert.equal(object.error?.code, "config_invalid");
  assert.match(object.error?.message ?? "", /"cornjob".*cli, telegram, cron, heartbeat/);
});
