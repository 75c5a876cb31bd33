import assert from "node:assert/strict";
import type { JsonObject } from "../../src/domain/json.ts";
import {
  ACCEPT,
  accepting,
  chatting,
  clam,
  existing,
  fixing,
  GENERATE,
  Pipeline,
  saying,
  startSite,
  worded,
} from "./pipeline.ts";

const PROMISE = "OK, I will remind you tomorrow at 9 to call the dentist.";

Deno.test("a promise in words alone becomes a program, and the judge saw that nothing was called (R5)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  model.on("selection", chatting(PROMISE));
  model.on("verdict", fixing("missing_step"));
  model.on("clam", saying("Noted in the list."));
  const { object } = await pipeline.ask("ping me about the dentist when the tide turns");
  assert.equal(object.reply, "Noted in the list.");
  assert.equal(model.sequence(), "selection verdict clam");
  assert.match(model.named("verdict")[0]?.text ?? "", /^Calls: none$/m);
});

Deno.test("a claim that nobody can bear out is not told as done (R5)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  model.on("selection", chatting("I have sent the email to Bob."));
  model.on("verdict", { ...ACCEPT, decision: "reject", reply: "No mail was sent." });
  const refused = await pipeline.ask("send an email to Bob");
  assert.deepEqual([refused.object.status, refused.object.error?.message], [
    "failed",
    "No mail was sent.",
  ]);
  model.reset();
  model.on("selection", chatting("I have sent the email to Bob."));
  model.on("verdict", "!!");
  const unread = await pipeline.ask("send an email to Bob");
  assert.match(unread.object.reply, /Nothing was done/);
});

Deno.test("a program that calls nothing and promises is judged, whatever its schema says (R5)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  model.on("selection", GENERATE);
  model.on("clam", saying(PROMISE, { result_schema: worded("^OK, I will remind you") }));
  model.on("verdict", fixing("missing_step"));
  const { object } = await pipeline.ask("ping me about the dentist when the tide turns");
  assert.equal(object.status, "failed");
  assert.equal(object.clam, null);
});

Deno.test("what cannot be done is said, by whoever finds it (R5)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  model.on("selection", { ...chatting(null), cannot: "send e-mail" });
  const said = await pipeline.ask("mail Bob that I am late");
  assert.equal(said.object.reply, "Nothing here can do this: send e-mail.");
  assert.match(model.calls[0]?.system ?? "", /What does not exist here[^]*e-mail/);
  model.reset();
  model.on("selection", GENERATE);
  model.on("clam", clam("", { cannot: "book a table" }));
  const written = await pipeline.ask("book a table for two");
  assert.equal(written.object.error?.code, "not_possible");
  assert.match(written.object.error?.message ?? "", /book a table/);
});

const PRICE: JsonObject = clam(
  "async function run({ coin }) { return { reply: coin + ' costs 5.', data: { coin } }; }",
  {
    name: "Coin price",
    description: "Tells what a coin costs.",
    inputs: { coin: "BTC" },
    input_schema: { type: "object", properties: { coin: { type: "string" } } },
  },
);

Deno.test("a clam that a model chose is judged once, and a misfit leads to a new one (R4)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  model.on("selection", GENERATE);
  model.on("clam", PRICE);
  model.on("verdict", ACCEPT);
  const { object: { clam: id } } = await pipeline.ask("what does BTC cost");
  assert.ok(id);
  model.reset();
  model.on("selection", existing(id, { coin: "ETH" }));
  model.on("verdict", fixing("wrong_result"), ACCEPT);
  model.on("clam", saying("ETH fell by 2."));
  const { object } = await pipeline.ask("how much did ETH fall since Monday");
  assert.equal(object.reply, "ETH fell by 2.");
  assert.notEqual(object.clam, id);
  assert.match(model.named("verdict")[0]?.text ?? "", /kept for: .*"what does BTC cost"/);
  const kept = await pipeline.clambot.here.json(["clams", "show", id]);
  assert.equal((kept.object.manifest as JsonObject | undefined)?.version ?? 1, 1, "no new version");
});

Deno.test("a clam that says its request's words answers no other one, even when it is chosen (R4)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  model.on("selection", GENERATE);
  model.on(
    "clam",
    { ...PRICE, script: "async function run() { return 'The price of Bitcoin is 5.'; }" },
  );
  model.on("verdict", ACCEPT);
  const { object: { clam: id } } = await pipeline.ask("what is the price of Bitcoin");
  model.reset();
  model.on("selection", existing(id ?? ""));
  model.on("clam", saying("Ethereum costs 7."));
  const { object } = await pipeline.ask("what is the price of Ethereum");
  assert.equal(object.reply, "Ethereum costs 7.");
  assert.doesNotMatch(model.calls[0]?.system ?? "", new RegExp(id ?? "-"));
  const again = await pipeline.ask("what is the price of Bitcoin");
  assert.equal(again.object.reply, "The price of Bitcoin is 5.");
});

Deno.test("the judge's words never make an answer worse (R7, R20)", async () => {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  const own = "100 USD are 92.00 EUR.";
  const judged: readonly (readonly [string | null, string])[] = [
    ["ok", own],
    [null, own],
    [`{"eur": 92}`, own],
    ["About a hundred.", own],
    ["100 USD sind 92,00 EUR.", "100 USD sind 92,00 EUR."],
  ];
  for (const [at, [reply, told]] of judged.entries()) {
    model.reset();
    model.on("selection", GENERATE);
    model.on("clam", saying(own, { result_schema: null }));
    model.on("verdict", reply === null ? ACCEPT : accepting(reply));
    const { object } = await pipeline.ask(`convert dollars, way ${at}`);
    assert.equal(object.reply, told);
  }
});

Deno.test("what the person named and is not there ends the turn: no model is paid to mend it (R11)", async () => {
  await using site = startSite({ "/gone": new Response("no", { status: 404 }) });
  const { approvals } = (site.config.agents ?? {}) as { approvals: { alwaysGrants: [] } };
  const alwaysGrants = [...approvals.alwaysGrants, "fs:workspace"];
  await using pipeline = await Pipeline.open({
    ...site.config,
    agents: { approvals: { alwaysGrants } },
  });
  const { model } = pipeline;
  model.on("selection", GENERATE);
  model.on(
    "clam",
    clam(
      `async function run() { return (await fs({ operation: "read", path: "no.md" })).content; }`,
      {
        declared_tools: ["fs"],
      },
    ),
  );
  const file = await pipeline.ask("how many words are in no.md");
  assert.equal(file.object.error?.code, "file_not_found");
  assert.equal(model.sequence(), "selection clam");
  model.reset();
  model.on("selection", GENERATE);
  const url = `${site.url}/gone`;
  model.on(
    "clam",
    clam(
      `async function run() {
        const { ok, status } = await http_request({ method: "GET", url: "${url}" });
        if (!ok) throw new Error("HTTP " + status);
      }`,
      { declared_tools: ["http_request"] },
    ),
  );
  const page = await pipeline.ask(`what stands at ${url}`);
  assert.equal(page.object.error?.code, "server_answered");
  assert.match(page.object.error?.message ?? "", /answered with the HTTP status 404/);
  assert.equal(model.sequence(), "selection clam");
});

Deno.test("a fault tells what it takes: arguments, statuses, names that were sought, the try (R9)", async () => {
  await using site = startSite({ "/form": new Response(`{"secret":1}`, { status: 415 }) });
  await using pipeline = await Pipeline.open(site.config);
  const { model } = pipeline;
  const post = (rest: string) =>
    clam(
      `async function run({ column }) {
        const sent = await http_request({ method: "POST", url: "${site.url}/form" });
        ${rest}
      }`,
      { declared_tools: ["http_request"], inputs: { column: "amounts" } },
    );
  model.on("selection", GENERATE);
  model.on(
    "clam",
    post(`if (!sent.ok) throw new Error("no column " + column + " SECRET");`),
    "!!",
    clam(`async function run() { return await time({ operation: "now", where: "x" }); }`, {
      declared_tools: ["time"],
    }),
    saying("mended"),
  );
  const { object } = await pipeline.ask("add up the amounts");
  assert.equal(object.reply, "mended");
  const faults = model.named("clam").slice(1).map(({ messages }) => messages.at(-1)?.content ?? "");
  assert.match(
    faults[0] ?? "",
    /try 1 of 3[^]*The error is about: column, amounts\n[^]*status 415, \{ ok: boolean/,
  );
  assert.match(faults[0] ?? "", /Declared with it: \{"declared_tools":\["http_request"\]/);
  assert.doesNotMatch(faults[0]?.split("```")[0] ?? "", /SECRET/);
  assert.match(
    faults[1] ?? "",
    /try 2 of 3[^]*could not be used[^]*status 415/,
    "it stays in sight",
  );
  assert.match(faults[2] ?? "", /Arguments: time takes \{ operation: "now" \| /);
});
