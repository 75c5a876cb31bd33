/// <reference lib="deno.worker" />
/**
 * The clam worker: a thread without permissions that runs one program in QuickJS and ends. It
 * gets the compiled engine first, says `ready`, then gets one program and the host's answers.
 */
import { type HostReply, type RunOrder, type ToWorker, type WorkerSetup } from "./_protocol.ts";
import type { FromWorker } from "./_protocol.ts";
import { createRun, type Run } from "./_run.ts";

declare const self: DedicatedWorkerGlobalScope;

const post = (message: FromWorker) => self.postMessage(JSON.stringify(message));
let run: Run | undefined;

self.onmessage = async (event: MessageEvent<unknown>) => {
  if (run === undefined) {
    run = await createRun(event.data as WorkerSetup, post);
    post({ type: "ready" });
    return;
  }
  const message = JSON.parse(String(event.data)) as ToWorker;
  if (message.type === "run") await run.start(message satisfies RunOrder);
  else run.answer(message satisfies HostReply);
};
