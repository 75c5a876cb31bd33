import assert from "node:assert/strict";
import type { JsonObject } from "../../src/domain/json.ts";
import type {
  CallEnd,
  PlannedCall,
  Prompt,
  ProviderError,
  ProviderErrorCode,
} from "../../src/providers/provider.ts";
import { type Behaviour, TOKENS } from "../fakes/model_server.ts";
import {
  type Bench,
  type Candidate,
  failureOf,
  never,
  status,
  text,
  withBench,
} from "./provider_bench.ts";
import { assertCanaryAbsent, CANARY_KEY } from "./provider_canary.ts";

// The exam of the port `LanguageModel`: what every provider's adapter must do, against a server
// of its protocol on loopback.

const SCHEMA = {
  name: "selection",
  json: {
    type: "object",
    properties: { decision: { type: "string" }, inputs: { type: "object" } },
    required: ["decision"],
  },
} as const;

const PROMPT: Prompt = {
  messages: [
    { role: "system", text: "You are a test." },
    { role: "user", text: "Hello?" },
  ],
  maxTokens: 500,
  temperature: 0.2,
};

/** Registers the exam for one provider. */
export function examProvider(candidate: Candidate): void {
  const { provider } = candidate;
  const exam = (
    promise: string,
    script: readonly Behaviour[],
    test: (bench: Bench) => Promise<void>,
  ) => Deno.test(`${provider}: complete() ${promise}`, () => withBench(candidate, script, test));
  const fails = (
    promise: string,
    script: readonly Behaviour[],
    code: ProviderErrorCode,
    further?: (error: ProviderError, bench: Bench) => void,
  ) =>
    exam(promise, script, async (bench) => {
      const error = await failureOf(bench.model.complete(PROMPT, never()));
      assert.equal(error.code, code, error.message);
      assert.match(error.message, /^[^\n]{10,300}\.$/);
      assert.match(error.failure.hint ?? "", /\S/);
      assertCanaryAbsent(error);
      further?.(error, bench);
    });

  exam("answers with the text and the tokens", [text("Hel", "lo ", "wörld ✓")], async (bench) => {
    const answer = await bench.model.complete(PROMPT, never());
    assert.equal(answer.text, "Hello wörld ✓");
    assert.equal(answer.object, undefined);
    assert.equal(answer.truncated, undefined);
    assert.equal(answer.usage.inputTokens, TOKENS.input);
    assert.equal(answer.usage.cachedInputTokens, TOKENS.cached);
    assert.equal(answer.usage.outputTokens, TOKENS.output);
    assert.equal(answer.model, `${candidate.provider}/${candidate.model}`);
    assert.equal(bench.server.requests.length, 1);
  });

  // the first answer of a server of one's own comes as a whole
  exam("passes on each piece of a later answer as it arrives", [
    text("zero"),
    text("one", " two", " three"),
  ], async (bench) => {
    await bench.model.complete(PROMPT, never());
    const pieces: string[] = [];
    const answer = await bench.model.complete(
      { ...PROMPT, onText: (p) => pieces.push(p) },
      never(),
    );
    assert.deepEqual(pieces, ["one", " two", " three"]);
    assert.equal(answer.text, pieces.join(""));
  });

  exam("sends extra headers, and nothing about this machine", [text("ok")], async (bench) => {
    await bench.model.complete(PROMPT, never());
    const headers = [...bench.server.requests[0]!.headers];
    assert.equal(new Map(headers).get("x-extra"), "extra value");
    assert.equal(new Map(headers).get("user-agent"), "clambot");
    const telling = headers.filter(([name]) => name.startsWith("x-stainless"));
    assert.deepEqual(telling, []);
  });

  exam("names the schema on the wire and returns the object", [
    { kind: "object", value: { decision: "chat", inputs: { a: [1, "}"] } } },
  ], async (bench) => {
    const answer = await bench.model.complete({ ...PROMPT, schema: SCHEMA }, never());
    assert.deepEqual(answer.object, { decision: "chat", inputs: { a: [1, "}"] } });
    assert.equal(bench.server.requests.length, 1);
    assert.equal(schemaNameIn(bench.server.requests[0]!.body), "selection");
  });

  exam("finds the object in a fence with prose around it", [
    text("Sure:\n```json\n", '{"decision": "chat"}', "\n```\nDone."),
  ], async (bench) => {
    const answer = await bench.model.complete({ ...PROMPT, schema: SCHEMA }, never());
    assert.deepEqual(answer.object, { decision: "chat" });
    assert.equal(bench.server.requests.length, 1);
  });

  exam("asks once more for an object that does not parse", [
    text('{"decision": chat}'),
    { kind: "object", value: { decision: "chat" } },
  ], async (bench) => {
    const answer = await bench.model.complete({ ...PROMPT, schema: SCHEMA }, never());
    assert.deepEqual(answer.object, { decision: "chat" });
    assert.equal(bench.server.requests.length, 2);
    assert.equal(answer.usage.inputTokens, 2 * TOKENS.input);
    assert.equal(schemaNameIn(bench.server.requests[1]!.body), "selection");
  });

  exam("does not ask again when the asker sees to that", [
    text('{"decision": chat}'),
  ], async ({ model, server }) => {
    const answer = await model.complete({ ...PROMPT, schema: SCHEMA, asTold: true }, never());
    assert.deepEqual([answer.object, answer.text], [undefined, '{"decision": chat}']);
    assert.equal(server.requests.length, 1);
  });

  exam("gives back the text when the second object does not parse either", [
    text("I would rather not."),
  ], async (bench) => {
    const answer = await bench.model.complete({ ...PROMPT, schema: SCHEMA }, never());
    assert.equal(answer.object, undefined);
    assert.equal(answer.text, "I would rather not.");
    assert.equal(bench.server.requests.length, 2);
  });

  exam("never shows what the model only thought", [
    { kind: "text", pieces: ["42"], thoughts: "The person wants to know something secret." },
  ], async (bench) => {
    const pieces: string[] = [];
    const answer = await bench.model.complete(
      { ...PROMPT, onText: (p) => pieces.push(p) },
      never(),
    );
    assert.equal(answer.text, "42");
    assert.deepEqual(pieces, ["42"]);
  });

  exam("asks once more, with more room, when the model only thought", [
    { kind: "empty" },
    text("42"),
  ], async (bench) => {
    const answer = await bench.model.complete(PROMPT, never());
    assert.equal(answer.text, "42");
    assert.equal(bench.server.requests.length, 2);
    assert.match(JSON.stringify(bench.server.requests[1]!.body), /Answer now, directly/);
  });

  fails(
    "fails when the model only thinks",
    [{ kind: "empty" }],
    "provider_broken",
    (error, bench) => {
      assert.match(error.message, /only thought/);
      assert.equal(bench.server.requests.length, 2);
    },
  );

  exam("says that an answer was cut off at the limit", [
    { kind: "truncated", pieces: ["once upon"] },
  ], async (bench) => {
    const answer = await bench.model.complete(PROMPT, never());
    assert.equal(answer.text, "once upon");
    assert.equal(answer.truncated, true);
  });

  fails(
    "fails on a wrong key at once",
    [status(401, `Incorrect API key: ${CANARY_KEY}`)],
    "provider_auth",
    (error, bench) => {
      assert.equal(error.retryable, false);
      assert.ok(bench.server.requests.length <= 2);
    },
  );

  fails(
    "fails at once when the account is empty",
    [
      status(429, "You exceeded your current quota, please check your plan and billing details."),
    ],
    "provider_quota",
    (_, bench) => assert.equal(bench.server.requests.length, 1),
  );

  exam("waits as long as it is told and tries again", [
    { ...status(429, "slow down"), headers: { "retry-after": "7" } },
    text("late"),
  ], async ({ model, clock }) => {
    assert.equal((await model.complete(PROMPT, never())).text, "late");
    assert.deepEqual(clock.slept, [7000]);
  });

  exam("understands a date in Retry-After", [
    { ...status(429, "slow down"), headers: { "retry-after": "Mon, 04 May 2026 09:30:09 GMT" } },
    text("late"),
  ], async ({ model, clock }) => {
    assert.equal((await model.complete(PROMPT, never())).text, "late");
    assert.deepEqual(clock.slept, [9000]);
  });

  fails(
    "does not wait for minutes",
    [
      { ...status(429, "slow down"), headers: { "retry-after": "3600" } },
    ],
    "provider_rate",
    (error, { server, clock }) => {
      assert.equal(server.requests.length, 1);
      assert.deepEqual(clock.slept, []);
      assert.match(error.failure.hint ?? "", /3600 s/);
    },
  );

  exam("tries again after failures of the server, with growing pauses", [
    status(500, "oops"),
    status(503, "oops"),
    text("recovered"),
  ], async ({ model, clock }) => {
    assert.equal((await model.complete(PROMPT, never())).text, "recovered");
    const [first = 0, second = 0] = clock.slept;
    assert.ok(first >= 250 && first <= 500 && second >= 500 && second <= 1000, `${clock.slept}`);
  });

  fails(
    "gives up after four failures",
    [status(500, "oops")],
    "provider_broken",
    (error, bench) => {
      assert.equal(bench.server.requests.length, 4);
      assert.equal(error.retryable, true);
    },
  );

  fails(
    "takes an answer without its end for a failure",
    [
      { kind: "early", pieces: ["The answer is"] },
    ],
    "provider_broken",
    (_, { server }) => assert.equal(server.requests.length, 4),
  );

  fails(
    "takes a connection that dies for a failure",
    [
      { kind: "cut", pieces: ["The answer is"] },
    ],
    "provider_broken",
    (_, { server }) => assert.equal(server.requests.length, 4),
  );

  fails("takes an answer that is no JSON for a failure", [{ kind: "garbage" }], "provider_broken");

  fails(
    "does not wait for ever for the first word",
    [{ kind: "silence" }],
    "provider_timeout",
    (_, { server }) => assert.equal(server.requests.length, 2),
  );

  fails(
    "does not wait for ever for the next word",
    [{ kind: "stall", pieces: ["The"] }],
    "provider_timeout",
  );

  exam("does not begin again once the person has seen a part of the answer", [
    text("Hello"),
    { kind: "early", pieces: ["The answer is"] },
    text("The answer is 42"),
  ], async ({ model, server }) => {
    await model.complete(PROMPT, never());
    const pieces: string[] = [];
    const asked = model.complete({ ...PROMPT, onText: (piece) => pieces.push(piece) }, never());
    assert.equal((await failureOf(asked)).code, "provider_broken");
    assert.equal(server.requests.length, 2);
    assert.deepEqual(pieces, ["The answer is"]);
  });

  fails(
    "knows a prompt that is too long",
    [
      status(400, "This model's maximum context length is 8192 tokens, you sent 9000."),
    ],
    "context_too_long",
    (_, { server }) => assert.equal(server.requests.length, 1),
  );

  fails(
    "knows a model that does not exist",
    [
      status(404, "The model `nope` does not exist or you do not have access to it."),
    ],
    "model_unknown",
    (error) => assert.ok(error.message.includes(candidate.model)),
  );

  fails("passes on a refusal of the model", [{ kind: "refusal" }], "provider_refused");

  fails(
    "shows no redirect the way, nor the key",
    [
      { ...status(307, ""), headers: { location: "http://127.0.0.2:9/steal" } },
    ],
    "provider_refused",
    (error) => assert.match(error.message, /redirects to/),
  );

  fails("shows no part of a key that the server echoes", [
    status(
      400,
      `Bad key ${CANARY_KEY.slice(0, 12)}****${CANARY_KEY.slice(-4)} in Bearer ${CANARY_KEY}`,
    ),
  ], "provider_refused");

  exam("ends with the signal's reason before, while and after it waits", [
    text("Hello"),
    { kind: "stall", pieces: ["The"] },
  ], async ({ model, server }) => {
    const stopped = new Error("the person pressed Ctrl-C");
    await assert.rejects(model.complete(PROMPT, AbortSignal.abort(stopped)), stopped);
    assert.equal(server.requests.length, 0);
    await model.complete(PROMPT, never());
    const controller = new AbortController();
    const onText = () => controller.abort(stopped);
    await assert.rejects(model.complete({ ...PROMPT, onText }, controller.signal), stopped);
    const waiting = new AbortController();
    const asked = model.complete(PROMPT, waiting.signal);
    while (server.requests.length < 3) await new Promise((resolve) => setTimeout(resolve, 1));
    waiting.abort(stopped);
    await assert.rejects(asked, stopped);
    assert.equal(server.requests.length, 3);
  });

  exam("announces every request before it is sent, and how it ended", [
    status(500, "oops"),
    text("no object"),
    { kind: "object", value: { decision: "chat" } },
  ], async ({ model, server }) => {
    const calls: PlannedCall[] = [];
    const ends: CallEnd[] = [];
    const meter = (call: PlannedCall) => {
      assert.equal(server.requests.length, calls.length);
      calls.push(call);
      return Promise.resolve((end: CallEnd) => Promise.resolve(void ends.push(end)));
    };
    await model.complete({ ...PROMPT, schema: SCHEMA, meter }, never());
    assert.equal(calls.length, 3);
    assert.ok(
      calls.every(({ model, inputTokens }) => model.startsWith(provider) && inputTokens > 5),
    );
    assert.deepEqual(ends.map(({ outcome }) => outcome), ["provider_broken", "ok", "ok"]);
    assert.equal(ends[0]?.usage?.inputTokens, 0);
    assert.equal(ends[1]?.usage?.outputTokens, TOKENS.output);
  });

  exam("sends nothing when the meter says no", [text("ok")], async ({ model, server }) => {
    const over = new Error("budget");
    const meter = () => Promise.reject(over);
    await assert.rejects(model.complete({ ...PROMPT, meter }, never()), over);
    assert.equal(server.requests.length, 0);
  });
}

/** Where the three protocols carry a schema's name; in words for those that have no place. */
function schemaNameIn(body: JsonObject): unknown {
  const { response_format: format, tools, text } = body as {
    response_format?: { json_schema?: { name?: string } };
    tools?: { name?: string }[];
    text?: { format?: { name?: string } };
  };
  const inWords = /called \\"(\w+)\\"/.exec(JSON.stringify(body.messages ?? ""))?.[1];
  return format?.json_schema?.name ?? tools?.[0]?.name ?? text?.format?.name ?? inWords;
}
