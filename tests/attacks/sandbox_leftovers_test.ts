import assert from "node:assert/strict";
import { bundledClamWorker } from "../fakes/workers.ts";

// A97, A98: `terminate()` does not stop a busy worker, so what counts is what is still running.

async function leftoversOf(kind: string): Promise<{ cpuMs: number; grownMb: number }> {
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
      kind,
      (await bundledClamWorker()).href,
    ],
  }).output();
  const decoder = new TextDecoder();
  assert.notEqual(stdout.length, 0, decoder.decode(stderr));
  return JSON.parse(decoder.decode(stdout));
}

for (const kind of ["loops", "native", "cancelled", "microtasks", "memory", "honest"]) {
  Deno.test(`after runs of the kind "${kind}" no thread works on and no memory piles up`, async () => {
    const { cpuMs, grownMb } = await leftoversOf(kind);
    assert.ok(cpuMs < 150, `${cpuMs} ms of CPU in 500 idle ms`);
    assert.ok(grownMb < 40, `${grownMb} MB more`);
  });
}
