import assert from "node:assert/strict";
import { bundledClamWorker } from "../fakes/workers.ts";

// A97, A98: `terminate()` does not stop a busy worker, so what counts is what is still running.

/** What programs of one kind leave in their process. */
interface Leftovers {
  readonly kind: string;
  readonly cpuMs: number;
  readonly grownMb: number;
}

async function leftovers(): Promise<Leftovers[]> {
  const script = new URL("../fixtures/sandbox_leftovers.ts", import.meta.url).pathname;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--allow-read",
      "--allow-env",
      "--allow-sys",
      script,
      (await bundledClamWorker()).href,
    ],
  }).output();
  const decoder = new TextDecoder();
  assert.notEqual(stdout.length, 0, decoder.decode(stderr));
  return decoder.decode(stdout).trim().split("\n").map((line) => JSON.parse(line));
}

Deno.test("after runs of every kind no thread works on and no memory piles up", async (t) => {
  const found = await leftovers();
  const kinds = ["honest", "loops", "native", "cancelled", "microtasks", "memory"];
  assert.deepEqual(found.map(({ kind }) => kind), kinds);
  for (const { kind, cpuMs, grownMb } of found) {
    await t.step(`of the kind "${kind}"`, () => {
      assert.ok(cpuMs < 150, `${cpuMs} ms of CPU in 500 idle ms`);
      assert.ok(grownMb < 40, `${grownMb} MB more`);
    });
  }
});
