import assert from "node:assert/strict";
import { status } from "../fakes/scripted_model.ts";
import { ACCEPT, accepting, clam, GENERATE, Pipeline, saying, startSite } from "./pipeline.ts";

const REPORT = clam("async function run() { return { crabs: 7, shrimps: 2 }; }");

Deno.test("an accepted result is told in the judge's words, kept, and later presented without a model (A82, A91)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  model.on("selection", GENERATE);
  model.on("clam", REPORT);
  model.on("verdict", accepting("There are seven crabs."));
  const first = await pipeline.ask("count the crabs");
  assert.equal(first.object.reply, "There are seven crabs.");
  assert.deepEqual(first.object.value, { crabs: 7, shrimps: 2 });
  assert.equal(model.sequence(), "selection clam verdict");
  const judged = model.named("verdict")[0];
  assert.match(judged?.text ?? "", /<untrusted (\w+)>\n\{\n {2}"crabs": 7[^]*<\/untrusted \1>/);
  model.reset();
  const again = await pipeline.ask("count the crabs");
  assert.deepEqual(model.calls, []);
  assert.match(again.object.reply, /crabs: 7/);
  assert.doesNotMatch(again.object.reply, /[{}]/, "no JSON for people");
});

Deno.test("a result that its schema vouches for needs no judge, any doubt does (A59)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  const object = { type: "object", required: ["reply"] };
  const doubtful: [string, ReturnType<typeof clam>][] = [
    ["no schema", saying("x", { result_schema: null })],
    ["an empty schema", saying("x", { result_schema: {} })],
    ["another type", saying("x", { result_schema: object })],
    ["no words of its own", { ...REPORT, result_schema: { type: "object" } }],
    ["a bare type", saying("x", { result_schema: { type: "string", minLength: 1 } })],
    ["two bare types", saying("x", { result_schema: { type: ["string", "object"] } })],
    [
      "members of bare types",
      clam(`async function run() { return { reply: "x", data: { name: "crab" } }; }`, {
        result_schema: {
          type: "object",
          required: ["reply", "data"],
          properties: {
            reply: { type: "string" },
            data: { type: "object", required: ["name"], properties: { name: { type: "string" } } },
          },
        },
      }),
    ],
    [
      "a failed call",
      clam(
        `async function run() {
          try { await time({}); } catch {}
          return "all fine";
        }`,
        { declared_tools: ["time"], result_schema: { const: "all fine" } },
      ),
    ],
  ];
  model.on("selection", GENERATE);
  for (const [, draft] of doubtful) model.on("clam", draft);
  model.on("verdict", accepting("judged"));
  const { stdout } = await pipeline.talk(doubtful.map(([kind]) => `count what has ${kind}`));
  assert.deepEqual(stdout.trim().split("\n").slice(1), doubtful.map(() => "judged"));
  assert.equal(model.named("verdict").length, doubtful.length);
});

Deno.test("a rejected result ends with the reason, and nothing is kept (A82)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  model.on("selection", GENERATE);
  model.on("clam", REPORT);
  model.on("verdict", { ...ACCEPT, decision: "reject", reply: "Crabs cannot be counted here." });
  const { object, code } = await pipeline.ask("count the crabs");
  assert.equal(code, 1);
  assert.deepEqual(object.error?.code, "rejected_by_analyzer");
  assert.equal(object.error?.message, "Crabs cannot be counted here.");
  assert.ok(object.error?.hint);
  assert.deepEqual(await pipeline.kept(), []);
});

Deno.test("a judge who needs the whole output gets it once (A82)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  const need = { ...ACCEPT, decision: "need_full_output" };
  model.on("selection", GENERATE);
  model.on("clam", clam('async function run() { return { text: "x".repeat(9000) + "END" }; }'));
  model.on("verdict", need, accepting("It ends."));
  const { object } = await pipeline.ask("read the long text");
  assert.equal(object.reply, "It ends.");
  const [first, second] = model.named("verdict");
  assert.doesNotMatch(first?.text ?? "", /END/);
  assert.match(first?.text ?? "", /the first 4000 of 9\d+ characters/);
  assert.match(second?.text ?? "", /END/);

  model.reset();
  model.on("selection", GENERATE);
  model.on("clam", clam('async function run() { return { text: "y".repeat(9000) }; }'));
  model.on("verdict", need);
  const never = await pipeline.ask("read the other long text");
  assert.equal(model.named("verdict").length, 2);
  assert.equal(never.object.status, "completed");
  assert.match(never.object.reply, /was not checked/);
  assert.equal((await pipeline.kept()).length, 1);
});

Deno.test("a verdict that cannot be read is asked for once more, then the result goes out unchecked (A83)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  model.on("selection", GENERATE);
  model.on("clam", REPORT);
  model.on("verdict", '{"verdict": "GARBAGE", "reply":');
  const { object } = await pipeline.ask("count the crabs");
  assert.equal(model.sequence(), "selection clam verdict verdict");
  assert.equal(object.status, "completed");
  assert.match(object.reply, /crabs: 7[^]*not checked/);
  assert.doesNotMatch(object.reply, /GARBAGE|verdict|[{}]/);
  assert.deepEqual(await pipeline.kept(), []);
});

Deno.test("a verdict that was cut off, fenced or wrapped counts as far as it goes (A83)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  const verdicts = [
    '{"decision": "accept", "reply": "cut off", "fix": nul',
    '```json\n{"reply": "fenced", "decision": "accept"}\n```',
    'My verdict: {"decision": "accept", "reply": "wrapped"}. Good?',
  ];
  model.on("selection", GENERATE);
  model.on("clam", REPORT);
  model.on("verdict", ...verdicts);
  const requests = ["crabs", "shrimps", "prawns"].map((what) => `count the ${what}`);
  const { stdout } = await pipeline.talk(requests);
  assert.deepEqual(stdout.trim().split("\n").slice(1), ["cut off", "fenced", "wrapped"]);
  assert.equal(model.named("verdict").length, 3);
});

Deno.test("with the model down after the run the result is delivered, unchecked and not kept (A90)", async () => {
  await using site = startSite({ "/order": "done" });
  await using pipeline = await Pipeline.open(site.config);
  const { model } = pipeline;
  model.on("selection", GENERATE);
  model.on(
    "clam",
    clam(
      `async function run() {
        const { status } = await http_request({ method: "POST", url: "${site.url}/order" });
        return { reply: "ordered with " + status };
      }`,
      { declared_tools: ["http_request"] },
    ),
  );
  model.on("verdict", status(401));
  const { object, code } = await pipeline.ask("order one crab");
  assert.equal(code, 0);
  assert.equal(object.status, "completed");
  assert.match(object.reply, /^ordered with 200\n\n\(This result was not checked: .*key\.\)$/);
  assert.equal(site.seen.length, 1);
  assert.deepEqual(await pipeline.kept(), []);
});

Deno.test("an API's own error is data (A88)", async () => {
  const page = new Response('{"error": "no such crab"}', { status: 404 });
  await using site = startSite({ "/crab": page });
  await using pipeline = await Pipeline.open(site.config);
  const { model } = pipeline;
  model.on("selection", GENERATE);
  model.on(
    "clam",
    clam(
      `async function run() {
        const { ok, content } = await http_request({ method: "GET", url: "${site.url}/crab" });
        return { ok, ...JSON.parse(content) };
      }`,
      { declared_tools: ["http_request"] },
    ),
  );
  model.on("verdict", accepting("There is no such crab."));
  const { object } = await pipeline.ask("look up the crab");
  assert.equal(object.reply, "There is no such crab.");
  assert.equal(model.sequence(), "selection clam verdict");
});
