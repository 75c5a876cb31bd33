/**
 * The clam worker: a thread without permissions that runs one program in QuickJS and ends. It
 * gets the compiled engine first, says `ready`, then gets one program and the host's answers.
 */
import { receiveOwnPort } from "../platform/own_port.ts";
import { createGuest, type Guest } from "./_guest.ts";
import type { FromWorker, ToWorker, WorkerSetup } from "./_protocol.ts";
import { createByteStream } from "./_random.ts";
import { createRun, type ProgramRun } from "./_run.ts";
import { wrapScript } from "./_script.ts";
import { createSlices } from "./_slices.ts";

let setup: WorkerSetup | undefined;
let guest: Guest | undefined;
let run: ProgramRun | undefined;

const port = await receiveOwnPort();
port.onmessage = async ({ data }: MessageEvent<unknown>) => {
  if (setup === undefined) await setUp(data as WorkerSetup);
  else await receive(setup, JSON.parse(String(data)) as ToWorker);
};

async function setUp(first: WorkerSetup): Promise<void> {
  setup = first;
  guest = await createGuest(first.engine);
  await warmUp();
  post({ type: "ready" });
}

async function receive({ stop }: WorkerSetup, message: ToWorker): Promise<void> {
  if (message.type === "reply") return run?.answer(message);
  if (guest === undefined) throw new Error("The program came before the engine");
  const entropy = await createByteStream(message.seed);
  run = createRun(message, { guest, entropy, stop: new Int32Array(stop), post });
  run.start();
}

/** Does once what every run does, so that the runtime has it compiled when it counts. */
async function warmUp(): Promise<void> {
  wrapScript('async function run(args) { const { a = [1] } = await f({ "b": `${args.c}` }); }');
  (await createByteStream(""))(1);
  createSlices(1000).spend(() => {});
}

function post(message: FromWorker): void {
  port.postMessage(JSON.stringify(message));
}
