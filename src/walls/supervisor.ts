import type { Places } from "../config/home.ts";
import { CodedError, type Failure } from "../domain/failure.ts";
import type { ChildHost } from "../platform/child_host.ts";
import type { HostedWorker, WorkerHost } from "../platform/worker_host.ts";
import { type BackOff, createBackOff } from "./_back_off.ts";
import {
  type CoreMessage,
  type CoreOrder,
  type CoreThread,
  startCoreThread,
} from "./_core_thread.ts";
import { countDescriptors } from "./_descriptors.ts";
import { createPulse, type Pulse } from "./_pulse.ts";
import type { Overseer } from "./overseer.ts";
import { NO_SERVERS, programOf } from "./server_programs.ts";
import { answerRequest } from "./services.ts";
import type { TaskMeans } from "./services/task.ts";

/** The exit code that asks whoever started the program to start it again (sysexits: try later). */
const RESTART = 75;

/** The share of the descriptors at which a service makes room by starting anew. */
const MOST_DESCRIPTORS = 0.75;

/** Milliseconds and counts by which a core is watched. */
export interface SupervisorTimes {
  /** What a command that answers once has for finishing after a stop signal. */
  readonly graceMs: number;
  /** What a core has beyond its grace before it is ended from outside. */
  readonly forceMs: number;
  readonly pingMs: number;
  /** Pings in a row that a core may leave unanswered. */
  readonly missedPings: number;
  readonly firstRestartMs: number;
  readonly longestRestartMs: number;
}

export const SUPERVISOR_TIMES: SupervisorTimes = {
  graceMs: 1_500,
  forceMs: 1_500,
  pingMs: 2_000,
  missedPings: 5,
  firstRestartMs: 1_000,
  longestRestartMs: 60_000,
};

/** What a supervisor works with. */
export interface SupervisorMeans {
  readonly core: URL;
  readonly workers: WorkerHost;
  /** Programs of MCP servers. */
  readonly children: ChildHost;
  /** The kind of a worker that the core will soon ask for, so that it is started ahead of time. */
  readonly ahead: string | undefined;
  readonly args: readonly string[];
  readonly places: Places;
  /** The command goes on until it is told to stop; its core is started again when it crashes. */
  readonly isService: boolean;
  /** Seconds that a service has for finishing, and the descriptors that it may have. */
  readonly bounds: { readonly shutdownSeconds: number; readonly maxFiles: number };
  readonly times: SupervisorTimes;
  /** Reads everything anew. @throws {CodedError} when the core could not be started so */
  reload(): Promise<CoreOrder>;
  /** Is told how a service stands. */
  readonly overseer: Overseer;
  /** A line for the person or the log. */
  say(sentence: string): void;
  /** Tells a failure and ends the process. */
  fail(failure: Failure): void;
  exit(code: number): void;
}

/** Why a core is to end; `none`: it is not. */
type Ending = "none" | "stop" | "reload" | "restart";

/**
 * The one that holds the process together: it starts the core and the workers, ends them, and
 * answers the core by the list of `services.ts`. It runs no command and no code of models or tools.
 */
export class Supervisor {
  readonly #means: SupervisorMeans;
  readonly #tasks: TaskMeans;
  readonly #backOff: BackOff;
  #core: CoreThread | undefined;
  #order: CoreOrder | undefined;
  /** What to go back to when a new configuration does not work. */
  #former: CoreOrder | undefined;
  #next: CoreOrder | undefined;
  #ending: Ending = "none";
  #lastSignal: "SIGINT" | "SIGTERM" | undefined;
  #pulse: Pulse | undefined;
  #forcing: ReturnType<typeof setTimeout> | undefined;
  /** A worker that was started ahead of time, and its kind. */
  #spare: { readonly kind: string; readonly worker: HostedWorker } | undefined;

  constructor(means: SupervisorMeans) {
    this.#means = means;
    this.#backOff = createBackOff(means.times.firstRestartMs, means.times.longestRestartMs);
    this.#tasks = {
      args: means.args,
      places: means.places,
      startWorker: (kind) => this.#startWorker(kind),
      endWorker: (id) => this.#endWorker(id),
      startServer: (name) =>
        means.children.start(programOf(name, this.#order?.servers ?? NO_SERVERS)),
    };
    means.overseer.watch(() => this.#showLife());
  }

  /** Starts a core; there is none. */
  start(order: CoreOrder): void {
    this.#order = order;
    this.#ending = "none";
    clearTimeout(this.#forcing);
    this.#core = startCoreThread(this.#means.core, order, {
      began: () => this.#startAhead(),
      heard: (message) => this.#heard(message),
      crashed: (why) => this.#crashed(why),
    });
  }

  /** Takes a signal of the operating system. */
  signal(name: "SIGINT" | "SIGTERM" | "SIGHUP"): void {
    if (name === "SIGHUP") return void this.#reload();
    const isSecond = this.#lastSignal !== undefined;
    this.#lastSignal = name;
    if (name === "SIGINT" && !this.#means.isService) {
      this.#core?.tell({ kind: "interrupt" });
      if (isSecond) this.#forcing ??= setTimeout(() => this.#force(), this.#means.times.forceMs);
    } else if (isSecond) this.#force();
    else this.#drain("stop");
  }

  /** Ends the core and every worker, and does nothing any more. */
  stop(): void {
    this.#ending = "stop";
    clearTimeout(this.#forcing);
    this.#clear();
  }

  #heard(message: CoreMessage): void {
    switch (message.kind) {
      case "request":
        return void answerRequest(message, this.#tasks)
          .then((answer) => this.#core?.tell(answer));
      case "pong":
        this.#means.overseer.felt();
        return this.#pulse?.felt();
      case "serving":
        return this.#serving();
      case "settled":
        return this.#settled();
      case "exit":
        return this.#ended(message.code);
    }
  }

  /** Starting a worker holds up this thread, so it waits until the core has what it needs. */
  #startAhead(): void {
    const { ahead: kind, workers } = this.#means;
    if (kind !== undefined) this.#spare ??= { kind, worker: workers.start(kind) };
  }

  #startWorker(kind: string): HostedWorker {
    const isSpare = this.#spare?.kind === kind;
    const worker = isSpare ? this.#spare!.worker : this.#means.workers.start(kind);
    if (isSpare) this.#spare = undefined;
    const { id } = worker;
    worker.ended.then((why) => this.#core?.tell({ kind: "worker_ended", worker: id, why }));
    return worker;
  }

  #endWorker(id: number): void {
    const { workers, isService, bounds, say } = this.#means;
    workers.end(id);
    const open = isService && this.#ending === "none" ? countDescriptors() : undefined;
    if (open === undefined || open < bounds.maxFiles * MOST_DESCRIPTORS) return;
    say(`${open} file descriptors are open; the program ends to be started again.`);
    this.#drain("restart");
  }

  #serving(): void {
    const { pingMs, missedPings } = this.#means.times;
    this.#means.overseer.tell({ kind: "serving" });
    this.#former = undefined;
    this.#backOff.reset();
    this.#pulse ??= createPulse(
      (id) => this.#core?.tell({ kind: "ping", id }),
      () => this.#unanswered(),
      { everyMs: pingMs, most: missedPings },
    );
  }

  /** Only a core that answers shows that the service lives, unless there is none for a while. */
  #showLife(): void {
    if (this.#core) this.#core.tell({ kind: "ping", id: 0 });
    else this.#means.overseer.felt();
  }

  /** A busy core keeps its locks when it is terminated, so none can take its place here. */
  #unanswered(): void {
    this.#means.say("The core does not answer any more; the program ends to be started again.");
    this.#means.exit(RESTART);
  }

  #settled(): void {
    if (this.#means.isService || this.#lastSignal !== "SIGINT") return;
    this.#lastSignal = undefined;
    clearTimeout(this.#forcing);
    this.#forcing = undefined;
  }

  #ended(code: number): void {
    const { isService, exit } = this.#means;
    if (!isService) return exit(code === 130 && this.#lastSignal === "SIGTERM" ? 143 : code);
    this.#clear();
    if (this.#ending === "restart") return exit(RESTART);
    if (this.#ending === "reload") return this.#replace();
    if (code !== 0 && this.#former) return this.#goBack(`it ended with exit code ${code}`);
    exit(code);
  }

  #crashed(why: string): void {
    const { isService, exit, fail, overseer, say } = this.#means;
    this.#clear();
    if (!isService) {
      return fail({ code: "internal", message: `ClamBot stopped unexpectedly: ${why}` });
    }
    if (this.#ending === "stop") return exit(1);
    if (this.#ending === "restart") return exit(RESTART);
    if (this.#ending === "reload") return this.#replace();
    if (this.#former) return this.#goBack(why);
    const wait = this.#backOff.next();
    say(`The core stopped unexpectedly: ${why}. It is started again in ${wait / 1000} s.`);
    overseer.tell({ kind: "waiting", ms: wait });
    setTimeout(() => {
      if (this.#ending === "none" && this.#order) this.start(this.#order);
    }, wait);
  }

  /** Nothing of a core that has ended is left. */
  #clear(): void {
    this.#pulse?.stop();
    this.#pulse = undefined;
    this.#means.workers.endAll();
    this.#means.children.killAll();
    this.#spare = undefined;
    this.#core?.end();
    this.#core = undefined;
  }

  #replace(): void {
    const next = this.#next;
    this.#former = this.#order;
    this.#next = undefined;
    if (next) this.start(next);
  }

  #goBack(why: string): void {
    const former = this.#former;
    this.#former = undefined;
    this.#means.say(`The new configuration does not work: ${why}. The former one counts again.`);
    if (former) this.start(former);
  }

  /** Lets what runs come to its end, for as long as it may take. */
  #drain(ending: Exclude<Ending, "none">): void {
    const { isService, bounds, overseer, times } = this.#means;
    this.#ending = ending;
    if (ending !== "reload") overseer.tell({ kind: "stopping" });
    if (!this.#core) return this.#ended(0); // between two tries to start it
    const graceMs = isService ? bounds.shutdownSeconds * 1000 : times.graceMs;
    this.#core.tell({ kind: "drain", graceMs });
    clearTimeout(this.#forcing);
    this.#forcing = setTimeout(() => this.#force(), graceMs + times.forceMs);
  }

  #force(): void {
    const { exit, say } = this.#means;
    if (this.#lastSignal) return exit(this.#lastSignal === "SIGINT" ? 130 : 143);
    say("What runs does not end; the program ends to be started again.");
    exit(RESTART);
  }

  async #reload(): Promise<void> {
    if (this.#ending !== "none" || !this.#core) return;
    const { overseer, reload, say } = this.#means;
    overseer.tell({ kind: "reloading" });
    try {
      this.#next = await reload();
    } catch (error) {
      const why = error instanceof CodedError ? error.message : String(error);
      say(`The configuration was not taken over: ${why}`);
      if (this.#ending !== "none") return;
      return overseer.tell({ kind: "serving", remark: "The new configuration was refused." });
    }
    if (this.#ending === "none") this.#drain("reload");
  }
}
