/// <reference lib="deno.worker" />

declare const self: DedicatedWorkerGlobalScope;

/** Inside a worker: the port that its host sends first, and the only way out. */
export function receiveOwnPort(): Promise<MessagePort> {
  return new Promise((resolve) => {
    self.onmessage = ({ data }: MessageEvent<MessagePort>) => resolve(data);
  });
}
