import type { LoopbackChannel } from "../channels/catalog.ts";
import { CodedError } from "../domain/failure.ts";
import type { JsonObject } from "../domain/json.ts";
import type { Answer } from "../domain/turn.ts";
import { type ControlServer, createControlServer } from "../gateway/control.ts";
import { type ControlDoor, createControlOps } from "../gateway/control_ops.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { Log } from "../platform/platform.ts";
import { processId } from "../platform/process.ts";
import { listenLocally } from "../platform/unix_socket.ts";
import type { QuestionEnd } from "../runs/line.ts";
import { findPending, keepReply } from "./answer_question.ts";
import type { App } from "./app.ts";
import { type HomeJobs, runJobNow } from "./home_jobs.ts";

// The control socket of a gateway, put together over the house.

/** What stands behind the socket. */
export interface ControlMeans {
  readonly app: App;
  readonly gateway: Gateway;
  readonly loopback: LoopbackChannel;
  readonly home: HomeJobs;
  /** Whether jobs are begun here at all: `cron.enabled`. */
  readonly beginsJobs: boolean;
  readonly log: Log;
  /** Who listens, for `hello`. */
  readonly about: JsonObject;
}

/**
 * Opens the socket at a path and answers commands until it is closed.
 * @throws {CodedError} `usage` when somebody listens there; `file_failed`
 */
export async function openControl(path: string, means: ControlMeans): Promise<ControlServer> {
  const { app, log, about } = means;
  const { redactor, clock } = app.stores;
  const server = createControlServer({
    ...{ redactor, clock, log, about },
    listener: await listenLocally(path),
    ops: createControlOps(createDoor(means)),
  });
  void server.serve();
  return server;
}

function createDoor(means: ControlMeans): ControlDoor {
  const { app: { stores }, gateway, loopback, home, beginsJobs } = means;
  return {
    jobs: {
      book: home.book,
      async runNow(id, signal) {
        if (beginsJobs) return await runJobNow(id, home, stores.clock, signal);
        throw new CodedError("not_possible", JOBS_OFF, "Set it, and start the gateway again.");
      },
      takeNotices: () => home.notices.take(),
    },
    standing: () => ({ ...gateway.status(), pid: processId() }),
    answer: (question, reply) => answer(question, reply, means),
    async goOn(part, given) {
      const run = await stores.runs.rootOf(part);
      const { conversation } = await openingOf(run, means);
      return await gateway.resume({ run, conversation }, given);
    },
    cancel: (run) => cancel(run, means),
    async say({ id, as, text, conversation }, tell, signal) {
      const said = { id, as, text, conversation, at: stores.clock.now() };
      await loopback.say(said, (told) => {
        const { text, question, status } = told;
        tell({
          text,
          ...(question === undefined ? {} : { question }),
          ...(status === undefined ? {} : { status }),
        });
      }, signal);
    },
  };
}

const JOBS_OFF = "The gateway begins no jobs: cron.enabled is false.";

/** Who answers by the socket sits at this machine. */
const CLI = { channel: "cli" };

async function answer(
  question: string,
  reply: QuestionEnd,
  { app: { stores }, gateway }: ControlMeans,
): Promise<Answer> {
  const pending = await findPending(question, stores);
  await keepReply(pending, reply, CLI, stores);
  // the question may be of a part: what goes on is the whole
  const { run, record } = await stores.runs.find(await stores.runs.rootOf(pending.run));
  return await gateway.resume({ run, conversation: record?.opening.conversation ?? "" });
}

async function openingOf(run: string, { app: { stores } }: ControlMeans) {
  const { record } = await stores.runs.find(run);
  if (record) return record.opening;
  throw new CodedError(
    "run_damaged",
    `The record of the run ${run} is not as it was written, so nothing is done with it.`,
  );
}

async function cancel(run: string, means: ControlMeans): Promise<void> {
  const { app: { stores }, gateway } = means;
  const { state, record } = await stores.runs.find(run);
  // what is under way here ends by its signal, and tells its own end
  if (state === "running" && record && gateway.cancel(record.opening.conversation)) return;
  const why = { code: "cancelled", message: "You cancelled it." } as const;
  const whole = await stores.runs.endWhole(run, "cancelled", why);
  gateway.tellEnded(whole, "This was cancelled.");
}
