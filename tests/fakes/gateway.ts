import { homeLayout } from "../../src/config/home.ts";
import type { Answer } from "../../src/domain/turn.ts";
import { createControlServer } from "../../src/gateway/control.ts";
import { type ControlDoor, createControlOps } from "../../src/gateway/control_ops.ts";
import { createClock } from "../../src/platform/deno.ts";
import { listenLocally } from "../../src/platform/unix_socket.ts";
import { createRedactor } from "../../src/secrets/redactor.ts";

const redactor = createRedactor([]);

/** An answer of a turn that did nothing. */
export const SOME_ANSWER: Answer = {
  ...{ status: "completed", reply: "from the gateway", foreign: false, modelCalls: 0 },
  ...{ calls: [], durationMs: 1 },
};

const unasked = () => Promise.reject(new Error("No job was to be asked for."));
const NO_JOBS: ControlDoor["jobs"] = {
  book: {
    ...{ add: unasked, list: unasked, show: unasked, remove: unasked, enable: unasked },
    history: unasked,
  },
  runNow: unasked,
  takeNotices: () => [],
};

/** The control socket of a home, with what stands behind it made by the test. */
export class TestGateway implements AsyncDisposable {
  /** What was asked, in order. */
  readonly asked: unknown[] = [];

  private constructor(
    private readonly closing: () => Promise<void>,
  ) {}

  static async open(home: string, door: Partial<ControlDoor> = {}): Promise<TestGateway> {
    const { state } = homeLayout(home);
    await Deno.mkdir(state, { recursive: true, mode: 0o700 });
    const gateway = new TestGateway(async () => {
      server.close();
      await served;
    });
    const note = <T>(what: unknown, value: T) => {
      gateway.asked.push(what);
      return Promise.resolve(value);
    };
    const usual: ControlDoor = {
      standing: () => ({
        ...{ pid: 4711, since: Date.parse("2026-05-04T09:30:00Z"), channels: ["loopback"] },
        servers: [],
        ...{ running: 1, queued: 3, waiting: 4, parked: 2, unsent: 0, dead: 1 },
        deadLetters: [{
          ...{ channel: "telegram", update: "1001", conversation: "telegram:1" },
          ...{ reason: "internal", at: Date.parse("2026-05-04T09:00:00Z") },
        }],
      }),
      answer: (question, reply) => note({ answer: question, reply }, SOME_ANSWER),
      goOn: (run, given) => note({ goOn: run, given }, SOME_ANSWER),
      jobs: NO_JOBS,
      cancel: (run) => note({ cancel: run }, undefined),
      say: (said, tell) => {
        tell({ text: redactor.redact(`you said ${said.text}`), status: "chat" });
        return note({ say: said }, undefined);
      },
    };
    const server = createControlServer({
      listener: await listenLocally(`${state}/gateway.sock`),
      ops: createControlOps({ ...usual, ...door }),
      about: { pid: Deno.pid },
      redactor,
      log: { debug() {}, warn() {} },
      clock: createClock(),
    });
    const served = server.serve();
    return gateway;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.closing();
  }
}

/** Something that listens where the gateway would, and says nothing. */
export async function listenSilently(home: string): Promise<Disposable> {
  const { state } = homeLayout(home);
  await Deno.mkdir(state, { recursive: true, mode: 0o700 });
  const listener = await listenLocally(`${state}/gateway.sock`);
  return { [Symbol.dispose]: () => listener.close() };
}
