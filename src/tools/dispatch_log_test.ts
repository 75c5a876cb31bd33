import assert from "node:assert/strict";
import { CodedError } from "../domain/failure.ts";
import { build, call, once, signal } from "../../tests/fakes/road_bench.ts";

// What is written down before it is done, and what becomes of it when that cannot be.

/** What makes the log unwritable, in ways that a person meets. */
const UNWRITABLE: Readonly<Record<string, (directory: string) => Promise<void>>> = {
  "a file in place of the log": (directory) =>
    Deno.writeTextFile(`${directory}/audit`, "stands where the log should"),
  "a directory in place of the month": async (directory) => {
    const month = new Date().toISOString().slice(0, 7);
    await Deno.mkdir(`${directory}/audit/${month}.jsonl`, { recursive: true });
  },
};

for (const [what, arrange] of Object.entries(UNWRITABLE)) {
  Deno.test(`with ${what} nothing is done, and the account tells it (S18)`, async () => {
    const directory = await Deno.makeTempDir();
    try {
      await arrange(directory);
      const { open, done } = build(directory, { replies: [once, once] });
      const road = open();
      const reply = await road.host(call({ a: 1 }), signal);
      assert.equal(reply.kind === "end" && reply.failure.code, "audit_failed");
      await road.settled();
      assert.deepEqual(done, []);
      assert.equal(road.unwritten?.code, "audit_failed");
      assert.match(road.unwritten?.message ?? "", /nothing is done without its line/);
      assert.deepEqual(road.calls, [
        { tool: "post", args: { a: 1 }, decision: "once", outcome: "audit_failed" },
      ]);
    } finally {
      await Deno.remove(directory, { recursive: true });
    }
  });
}

Deno.test("a disk that is full at any line leaves no effect without one before it (S18)", async () => {
  for (let room = 0; room < 4; room++) {
    const directory = await Deno.makeTempDir();
    try {
      let left = room;
      const hop = "https://b.org/";
      const world = build(directory, { replies: [once, once], hop }, (audit) => ({
        ...audit,
        record(kind, fields) {
          if (left-- > 0) return audit.record(kind, fields);
          return Promise.reject(new CodedError("audit_failed", "The disk is full."));
        },
      }));
      const road = world.open();
      const reply = await road.host(call({ a: 1 }), signal);
      await road.settled();
      const kinds = (await world.audit.read()).map(({ kind }) => kind);
      const lines = ["tool_call_begins", "tool_call_goes_on", "tool_call"];
      assert.deepEqual(kinds, lines.slice(0, room));
      assert.deepEqual(world.done.length, room === 0 ? 0 : 1);
      assert.deepEqual(world.followed.length, room < 2 ? 0 : 1);
      assert.equal(reply.kind, room < 3 ? "end" : "result");
      assert.equal(road.unwritten?.code, room < 3 ? "audit_failed" : undefined);
      assert.equal(road.calls[0]?.outcome, room < 2 ? "audit_failed" : "ok");
    } finally {
      await Deno.remove(directory, { recursive: true });
    }
  }
});

Deno.test("a call whose run ends between the yes and the doing is not done (S13)", async () => {
  const ended = new AbortController();
  const directory = await Deno.makeTempDir();
  try {
    const world = build(directory, { replies: [once] }, (audit) => ({
      ...audit,
      async record(kind, fields) {
        const entry = await audit.record(kind, fields);
        if (kind === "tool_call_begins") ended.abort();
        return entry;
      },
    }));
    const road = world.open();
    void road.host(call({ a: 1 }), ended.signal); // as a program that does not wait for it
    await road.settled();
    assert.deepEqual(world.done, []);
    assert.deepEqual(road.calls.map(({ decision, outcome }) => [decision, outcome]), [
      ["once", "cancelled"],
    ]);
    await road.host(call({ a: 2 }), ended.signal);
    await road.settled();
    assert.deepEqual(world.done, []);
    assert.equal(road.calls[1]?.outcome, "cancelled");
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
