import assert from "node:assert/strict";
import { CodedError } from "../domain/failure.ts";
import { call, once, SECRET, signal, withRoad } from "../../tests/fakes/road_bench.ts";

Deno.test("a call that is allowed is done, accounted for and written into the audit log", () =>
  withRoad({ replies: [once] }, async ({ open, done, audit }) => {
    const road = open();
    const reply = await road.host(call({ a: 1 }), signal);
    assert.deepEqual(reply.kind === "result" && reply.value, { n: 1 });
    assert.deepEqual(done, [{ a: 1 }]);
    const [{ deed, ...record } = assert.fail()] = road.calls;
    assert.deepEqual(record, { tool: "post", args: { a: 1 }, decision: "once", outcome: "ok" });
    assert.equal(deed?.effect, "outward");
    assert.ok(Date.parse(deed.allowedAt) > 0);
    assert.equal(road.foreign, true);
    const [entry] = await audit.read({ kind: "tool_call" });
    assert.equal(entry?.decision, "once");
  }));

Deno.test("what a program did not wait for is on record before its run is settled (A132)", () => {
  const over = Promise.withResolvers<void>();
  return withRoad({
    replies: [once, once],
    act: async ({ n }, inner) => {
      await over.promise;
      if (n === 2) inner.throwIfAborted();
      return { n };
    },
  }, async ({ open, done, audit }) => {
    const road = open();
    const ended = new AbortController();
    void road.host(call({ n: 1 }), ended.signal);
    void road.host(call({ n: 2 }), ended.signal);
    while (done.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    ended.abort(); // as the sandbox does when the program has ended
    const settled = road.settled();
    over.resolve();
    await settled;
    const entries = await audit.read({ kind: "tool_call" });
    assert.deepEqual(entries.map(({ decision, outcome }) => [decision, outcome]).sort(), [
      ["once", "cancelled"],
      ["once", "ok"],
    ]);
  });
});

for (
  const [name, tool, declared, code] of [
    ["a tool that was not declared", "post", [], "undeclared_tool"],
    ["a name from the prototype", "__proto__", [], "undeclared_tool"],
    ["a declared tool that does not exist", "constructor", ["constructor"], "unknown_tool"],
  ] as const
) {
  Deno.test(`${name} is refused before anything is asked or done`, () =>
    withRoad({ replies: [once] }, async ({ open, done }) => {
      const reply = await open([...declared]).host(call({}, tool), signal);
      assert.equal(reply.kind === "error" && reply.failure.code, code);
      assert.deepEqual(done, []);
    }));
}

Deno.test("no ends the run, and so does nobody to ask; nothing is done (A130)", async () => {
  for (
    const [reply, code] of [[{ kind: "reject" }, "approval_denied"], [
      { kind: "unavailable" },
      "approval_needed",
    ]] as const
  ) {
    await withRoad({ replies: [reply] }, async ({ open, done }) => {
      const road = open();
      const ended = await road.host(call(), signal);
      assert.equal(ended.kind === "end" && ended.failure.code, code);
      assert.deepEqual(done, []);
      assert.equal(road.calls[0]?.outcome, code);
    });
  }
});

Deno.test("a call outside of the capabilities is refused unasked", () =>
  withRoad({
    replies: [once],
    capabilities: [{ method: "post", constraints: [{ param: "n", "<=": 1 }] }],
  }, async ({ open, done }) => {
    const road = open();
    const reply = await road.host(call({ n: 2 }), signal);
    assert.equal(reply.kind === "error" && reply.failure.code, "capability_violation");
    assert.deepEqual(done, []);
    assert.equal((await road.host(call({ n: 1 }), signal)).kind, "result");
  }));

Deno.test("a redirect out of the capabilities is refused without asking", () =>
  withRoad({
    replies: [once, once],
    capabilities: [{
      method: "post",
      constraints: [{ param: "url", starts_with: "https://a.org/x" }],
    }],
    hop: "https://b.org/",
  }, async ({ open, done }) => {
    const reply = await open().host(call({ url: "https://a.org/x" }), signal);
    assert.deepEqual(reply.kind === "result" && reply.value, { followed: false });
    assert.equal(done.length, 1);
  }));

for (
  const [name, reply, code, decision] of [
    ["nobody could be asked", { kind: "unavailable" }, "approval_needed", "unasked"],
    ["the person said no", { kind: "reject" }, "approval_denied", "denied"],
  ] as const
) {
  Deno.test(`a call stopped on its way since ${name} is told and recorded as what it was`, () =>
    withRoad({
      replies: [once, reply],
      hop: "https://b.org/y",
      mustFollow: true,
    }, async ({ open, audit }) => {
      const road = open();
      const ended = await road.host(call({ url: "https://a.org/x" }), signal);
      assert.ok(ended.kind === "end");
      assert.equal(ended.failure.code, code);
      assert.match(ended.failure.message, /led on to "GET https:\/\/b\.org\/y".*was sent/);
      const also = [{ to: "GET https://b.org/y", decision }];
      assert.deepEqual(
        road.calls.map(({ args: _, deed, ...more }) => ({ ...more, to: deed?.to })),
        [
          { tool: "post", decision: "once", also, to: "POST https://a.org/x", outcome: code },
        ],
      );
      const [entry] = await audit.read({ kind: "tool_call" });
      assert.deepEqual([entry?.decision, entry?.also], ["once", also]);
      assert.match(String(entry?.fingerprint), /^[0-9a-f]{64}$/);
    }));
}

Deno.test("a call led out of the capabilities says so, and the grants of its way are on record", () =>
  withRoad({
    replies: [once],
    capabilities: [{
      method: "post",
      constraints: [{ param: "url", starts_with: "https://a.org/x" }],
    }],
    hop: "https://b.org/",
    mustFollow: true,
  }, async ({ open }) => {
    const road = open();
    const reply = await road.host(call({ url: "https://a.org/x" }), signal);
    assert.equal(reply.kind === "error" && reply.failure.code, "capability_violation");
    assert.deepEqual(road.calls[0]?.also, [{ to: "GET https://b.org/", decision: "refused" }]);
  }));

Deno.test("what an earlier attempt did is answered from the journal; equal calls of one are two", () =>
  withRoad({ replies: [once, once] }, async ({ open, done }) => {
    const first = open();
    await first.host(call({ a: 1 }), signal);
    await first.host(call({ a: 1 }), signal);
    assert.equal(done.length, 2);
    const second = open();
    const replies = [
      await second.host(call({ a: 1 }), signal),
      await second.host(call({ a: 1 }), signal),
    ];
    assert.deepEqual(replies.map((reply) => reply.kind === "result" && reply.value), [{ n: 1 }, {
      n: 2,
    }]);
    assert.equal(done.length, 2);
    assert.deepEqual(second.calls.map(({ decision }) => decision), ["journal", "journal"]);
    const third = await second.host(call({ a: 1 }), signal);
    assert.equal(third.kind, "end", "a third equal call was never made, so it asks");
  }));

Deno.test("an outward call that failed half-way is not made again by a later attempt", () =>
  withRoad({
    replies: [once],
    act: () => {
      throw new CodedError("network_failed", "the connection broke");
    },
  }, async ({ open, done }) => {
    await open().host(call(), signal);
    const again = await open().host(call(), signal);
    assert.equal(again.kind === "error" && again.failure.code, "network_failed");
    assert.equal(done.length, 1);
  }));

Deno.test("secrets are taken out of results, failures and the audit log (A126)", async () => {
  await withRoad(
    { replies: [once], act: () => ({ [`k ${SECRET}`]: `v ${SECRET}` }) },
    async (world) => {
      const reply = await world.open().host(call({ q: SECRET }), signal);
      assert.doesNotMatch(JSON.stringify(reply), /canary/);
      assert.doesNotMatch(JSON.stringify(await world.audit.read()), /canary/);
    },
  );
  await withRoad({
    replies: [once],
    act: () => {
      throw new CodedError("tool_failed", `it said ${SECRET}`);
    },
  }, async ({ open }) => {
    assert.doesNotMatch(JSON.stringify(await open().host(call(), signal)), /canary/);
  });
});

Deno.test("an unexpected error tells the program nothing of its inside", () =>
  withRoad({
    replies: [once],
    act: () => {
      throw new TypeError("/home/ada/.clambot/secrets is broken");
    },
  }, async ({ open }) => {
    const reply = await open().host(call(), signal);
    assert.equal(reply.kind === "error" && reply.failure.code, "tool_failed");
    assert.doesNotMatch(JSON.stringify(reply), /ada/);
  }));

Deno.test("a call that takes too long is stopped; the time of a question does not count", async () => {
  const wait = (ms: number, inner: AbortSignal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => resolve({}), ms);
      inner.addEventListener("abort", () => {
        clearTimeout(timer);
        reject(inner.reason);
      });
    });
  await withRoad(
    { replies: [once], callMs: 50, act: (_, inner) => wait(5000, inner) },
    async ({ open }) => {
      const reply = await open().host(call(), signal);
      assert.equal(reply.kind === "error" && reply.failure.code, "tool_timeout");
    },
  );
});

Deno.test("a broken grant file lets nothing pass and ends the run", () =>
  withRoad({ replies: [once] }, async ({ open, done, files }) => {
    await files.replace("approvals/grants.json", "{broken");
    const reply = await open().host(call(), signal);
    assert.equal(reply.kind === "end" && reply.failure.code, "internal");
    assert.deepEqual(done, []);
  }));
