import assert from "node:assert/strict";

/** Rounds that a busy machine has for one quiet moment. */
const ROUNDS = 40;

/**
 * Fails when `work` takes more than `times` what `reference` takes on the same machine at the same
 * time; the best round of each counts. For what could take thousands of times as long.
 */
export async function assertKeepsPace(
  work: () => unknown,
  reference: () => unknown,
  times: number,
  what = "it",
): Promise<void> {
  let [took, allowed] = [Infinity, 0];
  let compared = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    compared = Math.min(compared, await timeOf(reference));
    took = Math.min(took, await timeOf(work));
    allowed = compared * times;
    if (took <= allowed) return;
  }
  assert.fail(`${what} took ${took} ms, and ${times} times what it is compared to are ${allowed}`);
}

async function timeOf(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
