import assert from "node:assert/strict";
import { clamWorkerReads } from "../../src/sandbox/worker_sandbox.ts";

Deno.test("the sandbox starts in a core that may read nothing but the clam worker", async () => {
  const core = new Worker(new URL("../fixtures/sandbox_core.ts", import.meta.url), {
    type: "module",
    deno: {
      permissions: {
        read: [clamWorkerReads],
        write: false,
        net: false,
        env: false,
        run: false,
        sys: false,
        ffi: false,
        import: false,
      },
    },
  });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  core.onmessage = ({ data }) => resolve(data);
  core.onerror = (event) => (event.preventDefault(), reject(new Error(event.message)));
  try {
    const outcome = JSON.parse(await promise);
    assert.deepEqual(outcome, { kind: "completed", value: { from: "inside" }, console: [] });
  } finally {
    core.terminate();
  }
});
