import assert from "node:assert/strict";
import { keepAnswers } from "./_kept_answers.ts";

Deno.test("keepAnswers() keeps the newest answers, within a number and a weight", () => {
  const byNumber = keepAnswers<number>({ most: 3, mostBytes: 1000 });
  for (let n = 1; n <= 5; n++) byNumber.keep(`r${n}`, "x", n, 1);
  assert.deepEqual([1, 2, 3, 4, 5].map((n) => byNumber.find(`r${n}`)?.answer), [
    ...[undefined, undefined, 3, 4, 5],
  ]);
  const byWeight = keepAnswers<number>({ most: 100, mostBytes: 10 });
  byWeight.keep("a", "x", 1, 6);
  byWeight.keep("b", "x", 2, 4);
  assert.equal(byWeight.find("a")?.answer, 1);
  byWeight.keep("c", "x", 3, 1);
  assert.deepEqual(["a", "b", "c"].map((id) => byWeight.find(id)?.answer), [undefined, 2, 3]);
});
