import type { IncomingUpdate } from "../../src/channels/channel.ts";
import { turnOf } from "../../src/channels/channel.ts";
import type { Job } from "../../src/cron/job.ts";
import { createJobBook, type JobBook } from "../../src/cron/job_book.ts";
import { type JobStore, openJobStore } from "../../src/cron/job_store.ts";
import { createDueJobs, type DueJobs } from "../../src/gateway/due_jobs.ts";
import { createJobEnds, type JobEnds } from "../../src/gateway/job_ends.ts";
import {
  type GatewayStore,
  openGatewayDatabase,
  openGatewayStore,
} from "../../src/gateway/store.ts";
import { createRedactor } from "../../src/secrets/redactor.ts";
import { createFakeClock, type FakeClock } from "./clock.ts";

const redactor = createRedactor([]);

/** The longest step of time between two looks. */
const MOST_MS = 12 * 3_600_000;

/** How a run of a job ends, as the assistant tells it. */
export interface FakeEnd {
  readonly status: string;
  readonly text: string;
  readonly code?: string;
  readonly question?: string;
}

/** Jobs of a gateway on a clock that the test moves, with everything on disk; the assistant is the test. */
export class JobWorld implements AsyncDisposable {
  readonly clock: FakeClock;
  store!: JobStore;
  messages!: GatewayStore;
  book!: JobBook;
  due!: DueJobs;
  ends!: JobEnds;
  isStopped = false;
  /** What was said to the assistant, by its update: the same one counts once, as in the inbox. */
  readonly posted = new Map<string, IncomingUpdate>();
  /** Turns that had an effect. */
  readonly effects = new Set<string>();
  #close = () => {};
  #ids = 0;

  private constructor(
    readonly path: string,
    start: string,
    zone: string,
    readonly atOnce: number,
  ) {
    this.clock = createFakeClock(Date.parse(start), zone);
    this.open();
  }

  static async at(
    start: string,
    { zone = "UTC", atOnce = 3 }: { readonly zone?: string; readonly atOnce?: number } = {},
  ): Promise<JobWorld> {
    return new JobWorld(await Deno.makeTempDir(), start, zone, atOnce);
  }

  /** A process begins. */
  open(): void {
    const database = openGatewayDatabase(`${this.path}/gateway.sqlite`);
    this.#close = () => database.close();
    const { clock } = this;
    this.messages = openGatewayStore(database);
    this.store = openJobStore(database);
    const random = { id: () => `${(++this.#ids).toString(36).padStart(8, "0")}00000000` };
    this.book = createJobBook({ store: this.store, clock, random, changed: () => {} });
    const events = { note: () => Promise.resolve() };
    this.ends = createJobEnds({
      ...{ store: this.messages, jobs: this.store, clock, redactor, events },
      placeOf: () => Promise.resolve({ channel: "owner", conversation: "owner" }),
      hadEffect: (turn) => Promise.resolve(this.effects.has(turn)),
      ended: () => {},
    });
    this.due = createDueJobs({
      ...{ jobs: this.store, ends: this.ends, clock, events, atOnce: this.atOnce },
      isStopped: () => Promise.resolve(this.isStopped),
      post: (update) => {
        if (!this.posted.has(update.update)) this.posted.set(update.update, update);
        return Promise.resolve();
      },
    });
  }

  /** The process is killed, and another one begins. */
  async restart(): Promise<void> {
    this.#close();
    this.open();
    await this.due.takeUp();
  }

  /** Time passes, with a look whenever one is wanted, as the ticker looks. */
  async pass(ms: number, onLook: () => void | Promise<void> = () => {}): Promise<number> {
    const until = this.clock.now() + ms;
    let looks = 0;
    for (;;) {
      await this.due.look(this.clock.now());
      looks++;
      await onLook();
      const now = this.clock.now();
      if (now >= until) return looks;
      const soonest = this.due.soonest() ?? Infinity;
      const next = Math.min(soonest <= now ? now + 1_000 : soonest, now + MOST_MS, until);
      this.clock.advance(next - now);
    }
  }

  /** Ends every run that was begun. */
  async end(how: (update: IncomingUpdate) => FakeEnd = () => ({ status: "chat", text: "ok" })) {
    for (const run of this.store.underWay()) {
      if (run.state !== "running") continue;
      const update = this.posted.get(`${run.job}:${run.due}:${run.tries}`);
      if (!update) continue;
      await this.say(update, how(update));
    }
  }

  /** What came of a run is told. */
  async say(update: IncomingUpdate, { text, ...end }: FakeEnd): Promise<void> {
    const turn = await turnOf(update);
    const known = { key: `answer:${turn}`, conversation: update.conversation, turn };
    await this.ends.take({ ...known, ...end, text: redactor.redact(text) });
  }

  /** What is to be told to people. */
  told(): readonly string[] {
    return this.messages.unsent().map(({ text }) => text);
  }

  /** A job that is in the store as it is given. */
  put(job: Partial<Job> & Pick<Job, "id" | "schedule">): Job {
    const whole: Job = {
      ...{ name: job.id, enabled: true, missed: "once", retries: 0, deleteAfterRun: false },
      ...{ work: { kind: "message", text: "hello" }, delivery: { deliver: true } },
      ...{ conversation: "cli:test", createdAt: this.clock.now() },
      ...job,
    };
    this.store.add(whole);
    return whole;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#close();
    await Deno.remove(this.path, { recursive: true });
  }
}
