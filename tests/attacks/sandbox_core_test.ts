import assert from "node:assert/strict";
import { createWorkerHost } from "../../src/platform/worker_host.ts";
import type { ToCore, ToLauncher } from "../../src/walls/_messages.ts";
import { answerRequest } from "../../src/walls/services.ts";
import { WORKER_SCRIPTS } from "../../src/walls/worker_scripts.ts";

Deno.test("the sandbox runs programs for a core that has no permission at all", async () => {
  const workers = createWorkerHost(WORKER_SCRIPTS);
  const core = new Worker(new URL("../fixtures/sandbox_core.ts", import.meta.url), {
    type: "module",
    deno: { permissions: "none" },
  });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const tell = (message: ToCore) =>
    core.postMessage(message, "port" in message && message.port ? [message.port] : []);
  core.onmessage = async ({ data }: MessageEvent<ToLauncher | string>) => {
    if (typeof data === "string") return resolve(data);
    if (data.kind !== "request") return;
    const places = { home: "", config: "", envFile: "" };
    const { start: startWorker, end: endWorker } = workers;
    const startServer = () => assert.fail("a server was started");
    tell(await answerRequest(data, { args: [], places, startWorker, endWorker, startServer }));
  };
  core.onerror = (event) => (event.preventDefault(), reject(new Error(event.message)));
  try {
    const outcome = JSON.parse(await promise);
    assert.deepEqual(outcome, { kind: "completed", value: { from: "inside" }, console: [] });
    assert.equal(workers.living(), 0, "the worker ended with its program");
  } finally {
    core.terminate();
  }
});
