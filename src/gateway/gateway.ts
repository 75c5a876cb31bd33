import type { Channel, IncomingUpdate, Sink } from "../channels/channel.ts";
import type { Answer } from "../domain/turn.ts";
import type { Redactor } from "../domain/redacted.ts";
import type { Clock, Log } from "../platform/platform.ts";
import { createEntrance, type Entrance } from "./entrance.ts";
import { BROKEN, keptUpdate, personOf, TOO_MANY, TOO_OLD } from "./_updates.ts";
import { codeOf, createOutbox, type Outbox } from "./outbox.ts";
import { formOf, toldOfQuestion } from "./told_of_question.ts";
import { createWorkQueue, type WorkQueue } from "./queue.ts";
import type { GatewayStore, KeptUpdate, StoreCounts, ToTell } from "./store.ts";

/** What becomes of an update before any turn. */
export type Admission =
  /** It is taken to an answer. */
  | { readonly kind: "turn" }
  /** It was a command, or nobody may say this here: this is told, if anything. */
  | {
    readonly kind: "done";
    readonly text?: string;
    /** To be told elsewhere, as to the owners. */
    readonly others?: readonly MessageToOthers[];
  };

/** Something to be told in another conversation than that of the update. */
export interface MessageToOthers {
  readonly channel: string;
  readonly conversation: string;
  readonly text: string;
}

/** What the gateway needs of the house. */
export interface GatewayPorts {
  readonly store: GatewayStore;
  readonly channels: readonly Channel[];
  readonly clock: Clock;
  readonly log: Log;
  readonly redactor: Redactor;
  /** Conversations that are answered at once. */
  readonly concurrency: number;
  /** The same for what the house does by itself: people do not wait for it. */
  readonly jobsAtOnce: number;
  /** Hours after which what was said is not acted on any more. */
  readonly maxAgeHours: number;
  /** Updates of one person that may wait. */
  readonly mostWaiting: number;
  /** Decides at once, before the queue: who may speak, and what is a command. */
  admit(update: KeptUpdate, isAgain: boolean): Promise<Admission>;
  /** Takes an update to its answer, or goes on with it where a process ended before it did. */
  answer(update: KeptUpdate, signal: AbortSignal): Promise<Answer>;
  /** Goes on with a run that waited or was broken off. */
  resume(run: string, signal: AbortSignal, given?: GrantsForRun): Promise<Answer>;
  /** Whether something was done for an update in time, by whatever process. */
  isBegun(update: KeptUpdate): Promise<boolean>;
  /** Whether the run of a turn still waits for a person. */
  stillWaits(turn: string): Promise<boolean>;
  /** Ends what has waited too long, and takes away what is kept no longer. */
  lookAfterRuns(): Promise<void>;
  /** The text of an answer, or of the question that it waits for. */
  describe(answer: Answer): Promise<string>;
}

/** What somebody allows for one run alone, as they typed it. */
export interface GrantsForRun {
  /** `TOOL:SCOPE` each. */
  readonly grant: readonly string[];
  /** Such as `30m`. */
  readonly expires?: string;
}

/** A run that no process is at. */
export interface OpenRun {
  readonly run: string;
  readonly conversation: string;
}

/** The assistant in the background: hears, answers in turn, and tells. */
export interface Gateway {
  /** Hears and answers until `draining` is aborted and what runs has ended. `onServing`: work is taken. */
  run(draining: AbortSignal, onServing: () => void): Promise<void>;
  /** Goes on with a run when its conversation has its turn. */
  resumeLater(run: OpenRun): void;
  /** The same, with what comes of it; a conversation that waits for its answer is told it too. */
  resume(run: OpenRun, given?: GrantsForRun): Promise<Answer>;
  /** A run that waited was ended: whoever waits for its answer is told so. */
  tellEnded(run: string, text: string): void;
  /** Stops the turn that is under way in a conversation. @returns whether there was one */
  cancel(conversation: string): boolean;
  status(): GatewayStatus;
}

/** How the gateway stands. */
export interface GatewayStatus extends StoreCounts {
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly running: number;
  readonly queued: number;
  readonly channels: readonly string[];
}

/** Milliseconds that what was dealt with stays on disk: a month. */
const KEPT_MS = 30 * 86_400_000;

/** Milliseconds between two looks at what waits. */
const LOOK_MS = 60_000;

/** Milliseconds after which a run that another process was at is looked at again. */
const BUSY_MS = 5_000;

/** Builds the gateway; nothing is heard before `run`. */
export function createGateway(ports: GatewayPorts): Gateway {
  return new GatewayOver(ports);
}

class GatewayOver implements Gateway {
  readonly #ports: GatewayPorts;
  readonly #channels: ReadonlyMap<string, Channel>;
  readonly #outbox: Outbox;
  readonly #queue: WorkQueue;
  readonly #jobs: WorkQueue;
  /** What is under way, by conversation. */
  readonly #underWay = new Map<string, AbortController>();
  /** Updates that wait, by person. */
  readonly #waiting = new Map<string, number>();
  readonly #entrance: Entrance;
  /** Updates that a process before this one accepted. */
  readonly #again = new Set<string>();
  readonly #since: number;

  constructor(ports: GatewayPorts) {
    this.#ports = ports;
    this.#channels = new Map(ports.channels.map((channel) => [channel.name, channel]));
    this.#outbox = createOutbox({ ...ports, channels: this.#channels });
    this.#queue = createWorkQueue(ports.concurrency);
    this.#jobs = createWorkQueue(ports.jobsAtOnce);
    this.#entrance = createEntrance({
      admit: (update) => this.#admit(update),
      enter: (update) => this.#enter(update),
      fail: (update, error) => this.#bury(update, error),
    });
    this.#since = ports.clock.now();
  }

  async run(draining: AbortSignal, onServing: () => void): Promise<void> {
    this.#takeUp();
    const listening = [...this.#channels.values()].map((one) => this.#listen(one, draining));
    const looking = this.#lookNowAndThen(draining);
    onServing();
    await new Promise<void>((resolve) => {
      if (draining.aborted) resolve();
      draining.addEventListener("abort", () => resolve(), { once: true });
    });
    await Promise.allSettled([...listening, looking]);
    await this.#entrance.settled();
    await Promise.all([this.#queue.drain(), this.#jobs.drain()]);
    await this.#outbox.close();
    this.#ports.store.close();
  }

  resumeLater(run: OpenRun): void {
    this.resume(run).catch((error) => {
      this.#ports.log.warn("resume_failed", { turn: run.run, ...codeOf(error) });
    });
  }

  resume({ run, conversation }: OpenRun, given?: GrantsForRun): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    // the conversation of the channel, where it came from one
    const place = this.#ports.store.findParked(run)?.conversation ?? conversation;
    this.#add(place, async () => {
      try {
        const { log } = this.#ports;
        log.debug("turn_resumed", { turn: run });
        const resume = (signal: AbortSignal) => this.#ports.resume(run, signal, given);
        const answer = await this.#cancellable(place, resume);
        log.debug("turn_ended", { turn: run, status: answer.status, ms: answer.durationMs });
        const update = this.#ports.store.findParked(run);
        if (update) await this.#keepAnswer(update, answer);
        resolve(answer);
      } catch (error) {
        reject(error);
      }
    });
    return promise;
  }

  tellEnded(run: string, text: string): void {
    const update = this.#ports.store.findParked(run);
    if (update) this.#finish(update, text);
  }

  cancel(conversation: string): boolean {
    const controller = this.#underWay.get(conversation);
    controller?.abort();
    return controller !== undefined;
  }

  status(): GatewayStatus {
    return {
      since: this.#since,
      running: this.#queue.running + this.#jobs.running,
      queued: this.#queue.waiting + this.#jobs.waiting,
      channels: this.#ports.channels.filter((one) => !one.isInward).map(({ name }) => name),
      ...this.#ports.store.counts(),
    };
  }

  #add(conversation: string, work: () => Promise<void>): void {
    const channel = this.#channels.get(conversation.split(":", 1)[0] ?? "");
    (channel?.isInward ? this.#jobs : this.#queue).add(conversation, work);
  }

  /** What a process before this one left. */
  #takeUp(): void {
    const { store, clock } = this.#ports;
    store.sweep(clock.now() - KEPT_MS);
    store.erase(); // what the process before this one had dealt with
    for (const update of store.unanswered()) {
      this.#again.add(update.turn);
      this.#entrance.take(update);
    }
    // answered meanwhile, here or elsewhere, or still waiting: the work on it finds out
    for (const one of store.parked()) this.#add(one.conversation, () => this.#work(one));
    this.#outbox.wake();
  }

  /** What was answered elsewhere or waited too long is told; nothing that was dealt with piles up. */
  async #lookNowAndThen(signal: AbortSignal): Promise<void> {
    const { store, clock, log, stillWaits, lookAfterRuns } = this.#ports;
    while (!signal.aborted) {
      await clock.sleep(LOOK_MS, signal).catch(() => {});
      if (signal.aborted) return;
      try {
        await lookAfterRuns();
        for (const one of store.parked()) {
          if (await stillWaits(one.turn)) continue;
          this.#add(one.conversation, () => this.#work(one));
        }
        store.sweep(clock.now() - KEPT_MS);
      } catch (error) {
        log.warn("look_failed", codeOf(error));
      }
    }
  }

  /** A channel that breaks down is begun again; the others go on. */
  async #listen(channel: Channel, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#ports;
    const sink: Sink = { accept: (updates) => this.#accept(updates) };
    for (let tries = 0; !signal.aborted; tries++) {
      try {
        await channel.listen(sink, signal);
      } catch (error) {
        if (signal.aborted) return;
        log.warn("channel_failed", { channel: channel.name, ...codeOf(error) });
      }
      await clock.sleep(Math.min(60_000, 1_000 * 2 ** tries), signal).catch(() => {});
    }
  }

  async #accept(updates: readonly IncomingUpdate[]): Promise<void> {
    const { store, clock, log } = this.#ports;
    const kept = await Promise.all(updates.map(keptUpdate));
    const fresh = store.accept(kept, clock.now());
    for (const one of fresh) this.#entrance.take(one);
    const known = kept.filter((one) => !fresh.includes(one));
    if (known.length > 0) log.debug("already_known", { count: known.length });
    for (const { channel, turn } of known) {
      if (this.#channels.get(channel)?.tellsAgain) store.tellAgain(turn);
    }
    this.#outbox.wake();
  }

  /** Commands and strangers are dealt with at once; the rest is a turn. */
  async #admit(update: KeptUpdate): Promise<boolean> {
    const { clock, maxAgeHours, admit, isBegun } = this.#ports;
    const isOld = update.at < clock.now() - maxAgeHours * 3_600_000;
    // what was begun in time is brought to its end
    if (isOld && !await isBegun(update)) return this.#finish(update, TOO_OLD);
    const admission = await admit(update, this.#again.delete(update.turn));
    if (admission.kind === "turn") return true;
    return this.#finish(update, admission.text, admission.others);
  }

  #bury(update: KeptUpdate, error: unknown): void {
    const { store, clock, log } = this.#ports;
    const { code } = codeOf(error);
    log.warn("update_failed", { turn: update.turn, code });
    this.#settle(() => {
      store.bury(update.turn, code, this.#toldOf(update, BROKEN), clock.now());
      this.#forget(update);
    });
    this.#outbox.wake();
  }

  #enter(update: KeptUpdate): void {
    const who = personOf(update);
    const ahead = this.#waiting.get(who) ?? 0;
    if (ahead >= this.#ports.mostWaiting) return void this.#finish(update, TOO_MANY);
    this.#waiting.set(who, ahead + 1);
    this.#add(update.conversation, () => this.#work(update).finally(() => this.#leave(who)));
  }

  #leave(who: string): void {
    const left = (this.#waiting.get(who) ?? 1) - 1;
    if (left > 0) this.#waiting.set(who, left);
    else this.#waiting.delete(who);
  }

  async #work(update: KeptUpdate): Promise<void> {
    const { log } = this.#ports;
    const { turn, conversation, channel } = update;
    log.debug("turn_started", { turn, channel });
    try {
      const take = (signal: AbortSignal) => this.#ports.answer(update, signal);
      const answer = await this.#cancellable(conversation, take);
      log.debug("turn_ended", { turn, status: answer.status, ms: answer.durationMs });
      await this.#keepAnswer(update, answer);
    } catch (error) {
      log.warn("turn_failed", { turn, ...codeOf(error) });
      // a command is at its run just now, or everything is stopped
      if (["run_busy", "stopped"].includes(codeOf(error).code)) return this.#workLater(update);
      this.#settle(() => this.#finish(update, BROKEN));
    }
  }

  #workLater(update: KeptUpdate): void {
    const again = () => this.#add(update.conversation, () => this.#work(update));
    this.#ports.clock.sleep(BUSY_MS).then(again, () => {});
  }

  /** The answer is on disk, to be told; a turn that waits is to be found again by it. */
  async #keepAnswer(update: KeptUpdate, answer: Answer): Promise<void> {
    const { store, clock, redactor, describe } = this.#ports;
    const { turn, channel, conversation } = update;
    const { waits, status, failure } = answer;
    const text = redactor.redact(await describe(answer));
    const key = waits ? `question:${waits.question}` : `answer:${turn}`;
    const asked = waits ? { question: waits.question } : {};
    const failed = failure ? { code: failure.code } : {};
    const known = { key, conversation, text, turn, status };
    const message = { ...known, ...failed, ...asked, ...formOf(answer) };
    if (waits) store.park(turn, toldOfQuestion(update, message, redactor), clock.now());
    else store.finish(turn, [{ channel, message }], clock.now());
    this.#outbox.wake();
  }

  /** It is dealt with, without a turn. @returns `false`, for it is none */
  #finish(
    update: KeptUpdate,
    text: string | undefined,
    others: readonly MessageToOthers[] = [],
  ): false {
    const { store, clock, redactor } = this.#ports;
    const told = text === undefined ? [] : this.#toldOf(update, text);
    const toOthers = others.map((other, at) => ({
      channel: other.channel,
      message: {
        ...{ key: `other:${update.turn}:${at}`, conversation: other.conversation },
        text: redactor.redact(other.text),
      },
    }));
    store.finish(update.turn, [...told, ...toOthers], clock.now());
    this.#forget(update);
    this.#outbox.wake();
    return false;
  }

  #toldOf({ turn, channel, conversation }: KeptUpdate, text: string): readonly ToTell[] {
    const redacted = this.#ports.redactor.redact(text);
    const known = { key: `answer:${turn}`, conversation, turn, status: "told" };
    return [{ channel, message: { ...known, text: redacted } }];
  }

  /** However a secret was written, and whatever became of it, it does not stay on disk. */
  #forget({ text }: KeptUpdate): void {
    if (/^\s*\/secret/i.test(text)) this.#ports.store.erase();
  }

  async #cancellable<T>(
    conversation: string,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const controller = new AbortController();
    this.#underWay.set(conversation, controller);
    try {
      return await work(controller.signal);
    } finally {
      this.#underWay.delete(conversation);
    }
  }

  /** What a full disk keeps from being settled is found again at the next start. */
  #settle(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#ports.log.warn("store_failed", codeOf(error));
    }
  }
}
