import { createGuest, type Guest } from "./_guest.ts";
import type { FromWorker, ToWorker, WorkerSetup } from "./_protocol.ts";
import { createByteStream } from "./_random.ts";
import { createRun, type ProgramRun } from "./_run.ts";
import { wrapScript } from "./_script.ts";
import { createCpuClock } from "./_cpu_clock.ts";

/**
 * Runs one program for whoever holds the other end of the port: it gets the compiled engine first,
 * says `ready`, then gets the program and the host's answers.
 */
export function serveProgram(port: MessagePort): void {
  let setup: WorkerSetup | undefined;
  let guest: Guest | undefined;
  let run: ProgramRun | undefined;

  const post = (message: FromWorker) => port.postMessage(JSON.stringify(message));
  const setUp = async (first: WorkerSetup) => {
    setup = first;
    guest = await createGuest(first.engine);
    await warmUp();
    post({ type: "ready" });
  };
  const receive = async ({ stop }: WorkerSetup, message: ToWorker) => {
    if (message.type === "reply") return run?.answer(message);
    if (guest === undefined) throw new Error("The program came before the engine");
    const entropy = await createByteStream(message.seed);
    run = createRun(message, { guest, entropy, stop: new Int32Array(stop), post });
    run.start();
  };
  port.onmessage = async ({ data }: MessageEvent<unknown>) => {
    if (setup === undefined) await setUp(data as WorkerSetup);
    else await receive(setup, JSON.parse(String(data)) as ToWorker);
  };
}

/** Does once what every run does, so that the runtime has it compiled when it counts. */
async function warmUp(): Promise<void> {
  wrapScript('async function run(args) { const { a = [1] } = await f({ "b": `${args.c}` }); }');
  (await createByteStream(""))(1);
  createCpuClock(1000).spend(() => {});
}
