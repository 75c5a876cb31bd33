import { receiveOwnPort } from "../platform/own_port.ts";
import { type Targets, tryEverything } from "./prove.ts";

// Entry of a worker that is started as a clam's is, and tries its wall instead of running a clam.

const port = await receiveOwnPort();
port.onmessage = async ({ data }: MessageEvent<Targets>) =>
  port.postMessage(await tryEverything(data));
