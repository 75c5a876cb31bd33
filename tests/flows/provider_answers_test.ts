import assert from "node:assert/strict";
import type { JsonObject } from "../../src/domain/json.ts";
import { Clambot } from "./clambot.ts";
import { walk } from "./pipeline.ts";

// Servers that answer in odd ways, and the program as a user runs it, process after process.

/** What the server says, request by request; the last one is repeated. */
function startServer(answers: readonly string[]) {
  let asked = 0;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    await request.text();
    const body = answers[Math.min(asked++, answers.length - 1)];
    const headers = {
      "content-type": body?.startsWith("data:") ? "text/event-stream" : "application/json",
    };
    return new Response(body, { headers });
  });
  return {
    apiBase: `http://127.0.0.1:${server.addr.port}/v1`,
    asked: () => asked,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

const CHAT = JSON.stringify({
  decision: "chat",
  clam_id: null,
  inputs: {},
  chat_response: "Hi.",
  reason: "",
});

function answer(content: unknown, usage = "null"): string {
  const choices = [{ index: 0, message: { content }, finish_reason: "stop" }];
  return `{"choices":${JSON.stringify(choices)},"usage":${usage}}`;
}

async function configure(clambot: Clambot, apiBase: string, provider = "custom"): Promise<void> {
  const config = {
    agents: {
      defaults: { model: `${provider}/m` },
      budgets: { perDay: { tokens: 1_000_000 } },
      memory: { learn: false },
    },
    providers: { [provider]: { apiKey: "k-0123456789", apiBase } },
  };
  await clambot.write(".clambot/config.json", JSON.stringify(config));
}

for (
  const [what, usage] of [
    ["text", '{"prompt_tokens":"12","completion_tokens":"3"}'],
    ["a cost in words", '{"prompt_tokens":12,"completion_tokens":3,"cost":"free"}'],
  ] as const
) {
  Deno.test(`counts that are ${what} stop no later request, and counts as reserved (S4)`, async () => {
    await using clambot = await Clambot.inEmptyHome();
    await using server = startServer([answer(CHAT, usage)]);
    await configure(clambot, server.apiBase, "openrouter");
    for (const request of ["say hi", "say hi again"]) {
      const { code, object } = await clambot.here.json(["agent", "-m", request]);
      assert.deepEqual([code, object.reply], [0, "Hi."], JSON.stringify(object));
      assert.ok((object.usage as JsonObject).outputTokens as number > 100, "all that was reserved");
    }
    const { object } = await clambot.here.json(["usage"]);
    assert.equal(object.broken, 0);
  });
}

Deno.test("one bad line in the ledger costs that line only, and doctor says where it is (S4)", async () => {
  await using clambot = await Clambot.inEmptyHome();
  await using server = startServer([answer(CHAT)]);
  await configure(clambot, server.apiBase);
  assert.equal((await clambot.here.json(["agent", "-m", "say hi"])).code, 0);
  const [ledger = ""] = (await walk(`${clambot.home}/usage`)).filter((name) =>
    name.endsWith("jsonl")
  );
  const before = (await Deno.readTextFile(ledger)).split("\n").length - 1;
  const bad = (await Deno.readTextFile(ledger)).split("\n")[1]!.replace(
    /"input":\d+/,
    '"input":"12"',
  );
  await Deno.writeTextFile(ledger, `${bad}\n`, { append: true });
  const { code, object } = await clambot.json(["agent", "-m", "say hi again"]);
  assert.deepEqual([code, object.reply], [0, "Hi."]);
  const { code: ended, stdout } = await clambot.here.run(["doctor"]);
  assert.equal(ended, 1);
  const name = ledger.slice(ledger.lastIndexOf("/") + 1);
  assert.match(stdout, new RegExp(`^usage: usage/${name}: line ${before + 1} cannot be read`, "m"));
});

Deno.test("an answer in parts is said and kept as text (S9)", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const wordless = answer([{ type: "text", text: CHAT.replace('"Hi."', "null") }]);
  const parts = answer([{ type: "thinking", thinking: [] }, { type: "text", text: "Part one, " }, {
    type: "text",
    text: "part two.",
  }]);
  await using server = startServer([wordless, parts]);
  await configure(clambot, server.apiBase);
  const { code, stdout } = await clambot.here.run(["agent", "-m", "say something"]);
  assert.deepEqual([code, stdout.trim()], [0, "Part one, part two."]);
  for (const path of await walk(`${clambot.home}/workspace/sessions`)) {
    assert.doesNotMatch(await Deno.readTextFile(path), /object Object/, path);
  }
});

Deno.test("thoughts that nothing opens are neither shown nor stored, nor is their example followed (S10)", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const example =
    '{"decision": "chat", "chat_response": "SECRET example", "inputs": {}, "more": 1}';
  const chosen = answer(
    `The SECRET form is ${example}.\n</think>\n${CHAT.replace('"Hi."', "null")}`,
  );
  const pieces = [
    "The SECRET person ",
    "wants a greeting.",
    "\n</th",
    "ink>\n",
    "\nGood ",
    "morning.",
  ];
  const events = pieces.map((content) => ({ choices: [{ index: 0, delta: { content } }] }));
  const last = { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };
  const stream = [...events, last].map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
  await using server = startServer([chosen, `${stream}data: [DONE]\n\n`]);
  await configure(clambot, server.apiBase);
  const { code, stdout, stderr } = await clambot.run(["agent", "-m", "say something"]);
  assert.deepEqual([code, stdout.trim()], [0, "Good morning."]);
  assert.doesNotMatch(stderr, /SECRET/);
  assert.equal(server.asked(), 2);
  for (const path of await walk(clambot.home)) {
    assert.doesNotMatch(await Deno.readTextFile(path), /SECRET/, path);
  }
});
