import assert from "node:assert/strict";
import fc from "fast-check";
import { type CallResult, createJournal } from "./journal.ts";

const result = (value: number): CallResult => ({ kind: "result", value });
const failure: CallResult = { kind: "error", failure: { code: "tool_failed", message: "no" } };

Deno.test("createJournal() knows nothing at first", () => {
  assert.equal(createJournal().beginAttempt().recall("a"), undefined);
});

Deno.test("an attempt is not answered from what it did itself", () => {
  const attempt = createJournal().beginAttempt();
  attempt.record("a", result(1));
  assert.equal(attempt.recall("a"), undefined);
});

Deno.test("the next attempt is answered by what the one before did, failures too", () => {
  const journal = createJournal();
  const first = journal.beginAttempt();
  first.record("a", result(1));
  first.record("b", failure);
  const second = journal.beginAttempt();
  assert.deepEqual(second.recall("b"), failure);
  assert.deepEqual(second.recall("a"), result(1));
  assert.equal(second.recall("c"), undefined);
});

Deno.test("a third attempt is answered by all that the first and the second did", () => {
  const journal = createJournal();
  journal.beginAttempt().record("a", result(1));
  const second = journal.beginAttempt();
  second.recall("a");
  second.record("a", result(2));
  const third = journal.beginAttempt();
  assert.deepEqual([third.recall("a"), third.recall("a")], [result(1), result(2)]);
});

Deno.test("what an attempt recalls is not taken from another attempt", () => {
  const journal = createJournal();
  journal.beginAttempt().record("a", result(1));
  const [one, other] = [journal.beginAttempt(), journal.beginAttempt()];
  assert.deepEqual([one.recall("a"), other.recall("a")], [result(1), result(1)]);
});

Deno.test("what is recorded after an attempt began is not known to it", () => {
  const journal = createJournal();
  const first = journal.beginAttempt();
  const second = journal.beginAttempt();
  first.record("a", result(1));
  assert.equal(second.recall("a"), undefined);
});

Deno.test("equal calls are answered in the order in which they were made, each once", () => {
  const calls = fc.array(fc.tuple(fc.constantFrom("a", "b", "__proto__"), fc.nat()));
  fc.assert(fc.property(calls, (made) => {
    const journal = createJournal();
    const first = journal.beginAttempt();
    for (const [call, value] of made) first.record(call, result(value));
    const second = journal.beginAttempt();
    for (const [call, value] of made) assert.deepEqual(second.recall(call), result(value));
    for (const [call] of made) assert.equal(second.recall(call), undefined);
  }));
});
