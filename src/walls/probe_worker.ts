import { type Targets, tryEverything } from "./prove.ts";

// Entry of a worker with a clam's permissions, that tries them instead of running a clam.

const scope = self as unknown as {
  postMessage(message: unknown): void;
  onmessage: (event: MessageEvent<Targets>) => void;
};

scope.onmessage = async ({ data }) => scope.postMessage(await tryEverything(data));
scope.postMessage("ready");
