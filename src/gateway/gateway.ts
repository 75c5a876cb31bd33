import type { Channel, IncomingUpdate, Sink } from "../channels/channel.ts";
import type { Answer } from "../domain/turn.ts";
import { createEntrance, type Entrance } from "./entrance.ts";
import { BROKEN, CANCELLED, keptUpdate, personOf, TOO_MANY, TOO_OLD } from "./_updates.ts";
import type {
  Gateway,
  GatewayPorts,
  GatewayStatus,
  GrantsForRun,
  MessageToOthers,
  OpenRun,
} from "./gateway_ports.ts";
import { heardText } from "./heard_text.ts";
import { createJoining, type Joining } from "./joining.ts";
import { listenAlways } from "./_listen_always.ts";
import { givesSecret, withoutSecret } from "./_secret_message.ts";
import { codeOf } from "./code_of.ts";
import { createOutbox, type Outbox } from "./outbox.ts";
import { createPrompts, type Prompts } from "./prompts.ts";
import { serverOf } from "./server_standing.ts";
import { createWorkQueue, type WorkQueue } from "./queue.ts";
import type { KeptUpdate, ToTell } from "./store.ts";
import { createUnderWay } from "./_under_way.ts";
import { formOf, toldOfQuestion } from "./told_of_question.ts";

export type {
  Admission,
  Gateway,
  GatewayPorts,
  GatewayStatus,
  GrantsForRun,
  HeardVoice,
  MessageToOthers,
  OpenRun,
} from "./gateway_ports.ts";

/** Milliseconds that what was dealt with stays on disk: a month. */
const KEPT_MS = 30 * 86_400_000;

/** Milliseconds between two looks at what waits. */
const LOOK_MS = 60_000;

/** Milliseconds after which a run that another process was at is looked at again. */
const BUSY_MS = 5_000;

/** Milliseconds to wait for what may still belong to a request. */
const JOIN_MS = 1_000;

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
  readonly #underWay = createUnderWay();
  /** Updates that wait, by person. */
  readonly #waiting = new Map<string, number>();
  readonly #entrance: Entrance;
  readonly #joining: Joining;
  readonly #prompts: Prompts;
  /** Updates that a process before this one accepted. */
  readonly #again = new Set<string>();
  readonly #since: number;

  constructor(ports: GatewayPorts) {
    this.#ports = ports;
    this.#channels = new Map(ports.channels.map((channel) => [channel.name, channel]));
    this.#outbox = createOutbox({ ...ports, channels: this.#channels });
    this.#prompts = createPrompts(ports);
    this.#queue = createWorkQueue(ports.concurrency);
    this.#jobs = createWorkQueue(ports.jobsAtOnce);
    this.#entrance = createEntrance({
      admit: (update) => this.#admit(update),
      enter: (update) => this.#joining.take(update),
      fail: (update, error) => this.#bury(update, error),
    });
    this.#joining = createJoining({
      ...ports,
      waitMs: ports.joinMs ?? JOIN_MS,
      longestText: (channel) => this.#channels.get(channel)?.longestText,
      enter: (update) => this.#line(update),
      fail: (error) => ports.log.warn("store_failed", codeOf(error)),
    });
    this.#since = ports.clock.now();
  }

  async run(draining: AbortSignal, onServing: () => void): Promise<void> {
    this.#takeUp();
    const sink: Sink = { accept: (updates) => this.#accept(updates) };
    const listening = [...this.#channels.values()].map((one) =>
      listenAlways(one, sink, this.#ports, draining)
    );
    const looking = this.#lookNowAndThen(draining);
    onServing();
    await new Promise<void>((resolve) => {
      if (draining.aborted) resolve();
      draining.addEventListener("abort", () => resolve(), { once: true });
    });
    await Promise.allSettled([...listening, looking]);
    await this.#entrance.settled();
    this.#joining.close();
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
        const answer = await this.#underWay.during(place, resume);
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
    const wasUnderWay = this.#underWay.cancel(conversation);
    const dropped = this.#joining.drop(conversation);
    for (const update of dropped) this.#finish(update, CANCELLED);
    return wasUnderWay || dropped.length > 0;
  }

  underWay(): readonly string[] {
    return this.#underWay.conversations();
  }

  confirmHeard(by: KeptUpdate): KeptUpdate | undefined {
    const { store, clock, maxAgeHours } = this.#ports;
    const heard = store.takeHeard(by, clock.now() - maxAgeHours * 3_600_000);
    if (!heard) return undefined;
    const { turn, update, message, at } = by;
    return { ...heard, turn, update, at, ...(message === undefined ? {} : { message }) };
  }

  status(): GatewayStatus {
    return {
      since: this.#since,
      running: this.#queue.running + this.#jobs.running,
      queued: this.#queue.waiting + this.#jobs.waiting + this.#joining.waiting,
      channels: this.#ports.channels.filter((one) => !one.isInward).map(({ name }) => name),
      servers: [...this.#channels.values()].flatMap(serverOf),
      ...this.#ports.store.counts(),
      deadLetters: this.#ports.store.deadLetters(),
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
    await this.#closePrompts();
    while (!signal.aborted) {
      await clock.sleep(LOOK_MS, signal).catch(() => {});
      if (signal.aborted) return;
      try {
        await lookAfterRuns();
        await this.#closePrompts();
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

  /** Questions that need no answer any more lose their buttons. */
  async #closePrompts(): Promise<void> {
    try {
      await this.#prompts.close();
      this.#outbox.wake();
    } catch (error) {
      this.#ports.log.warn("prompts_not_closed", codeOf(error));
    }
  }

  async #accept(updates: readonly IncomingUpdate[]): Promise<void> {
    const { store, clock, log } = this.#ports;
    const kept = await Promise.all(updates.map(keptUpdate));
    const fresh = store.accept(kept, clock.now());
    this.#joining.announce(fresh);
    for (const one of fresh) this.#entrance.take(one);
    const known = kept.filter((one) => !fresh.includes(one));
    if (known.length > 0) log.debug("already_known", { count: known.length });
    for (const { channel, turn } of known) {
      if (this.#channels.get(channel)?.tellsAgain) store.tellAgain(turn);
    }
    this.#outbox.wake();
  }

  /** Commands and strangers are dealt with at once; the rest is a turn. */
  async #admit(update: KeptUpdate): Promise<KeptUpdate | undefined> {
    if (update.unreadable !== undefined) return this.#putAside(update, update.unreadable);
    const { clock, maxAgeHours, admit, isBegun } = this.#ports;
    const isOld = update.at < clock.now() - maxAgeHours * 3_600_000;
    // what was begun in time is brought to its end
    if (isOld && !await isBegun(update)) return this.#finish(update, TOO_OLD);
    const meant = this.#prompts.read(update);
    if (meant.kind === "for_nothing") return this.#finish(update, undefined);
    const admission = await admit(meant.update, this.#again.delete(update.turn));
    if (admission.kind === "turn") return admission.as ?? update;
    await this.#closePrompts();
    const { text, others } = admission;
    const isSaid = update.press !== undefined && meant.prompt && // its message says it in its place
      await this.#ports.endOf(meant.prompt.question ?? "") !== undefined;
    const told = isSaid
      ? undefined
      : await withoutSecret(meant.update, text, this.#channels.get(update.channel));
    return this.#finish(meant.update, told, others);
  }

  /** Nobody can read it: it is known, and nothing is said. */
  #putAside({ turn, channel }: KeptUpdate, reason: string): undefined {
    const { store, clock, log } = this.#ports;
    log.warn("unreadable", { turn, channel, reason });
    store.bury(turn, reason, [], clock.now());
    return undefined;
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

  #line(update: KeptUpdate): void {
    const who = personOf(update);
    const ahead = this.#waiting.get(who) ?? 0;
    if (ahead >= this.#ports.mostWaiting) return this.#finish(update, TOO_MANY);
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
      const answer = await this.#underWay.during(conversation, take);
      if ("heard" in answer) return this.#keepHeard(update, answer.heard);
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
    const described = await describe(answer);
    const text = redactor.redact(this.#prompts.textOf(described, channel));
    const key = waits ? `question:${waits.question}` : `answer:${turn}`;
    const { message: answers } = update;
    const to = answers === undefined ? {} : { answers };
    const person = update.person.id;
    const asked = waits
      ? { question: waits.question, person, ...this.#prompts.dress(described) }
      : {};
    const failed = failure ? { code: failure.code } : {};
    const known = { key, conversation, text, turn, status, ...to };
    const message = { ...known, ...failed, ...asked, ...formOf(answer) };
    if (waits) store.park(turn, toldOfQuestion(update, message, redactor), clock.now());
    else store.finish(turn, [{ channel, message }], clock.now());
    await this.#closePrompts();
  }

  /** What was heard waits for a yes; until then it is nobody's words. */
  #keepHeard(update: KeptUpdate, heard: string): void {
    const { store, clock } = this.#ports;
    store.keepHeard({ ...update, heard }, this.#toldOf(update, heardText(heard)), clock.now());
    this.#outbox.wake();
  }

  /** It is dealt with, without a turn. */
  #finish(
    update: KeptUpdate,
    text: string | undefined,
    others: readonly MessageToOthers[] = [],
  ): undefined {
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
  }

  #toldOf({ turn, channel, conversation, message }: KeptUpdate, text: string): readonly ToTell[] {
    const redacted = this.#ports.redactor.redact(text);
    const answers = message === undefined ? {} : { answers: message };
    const known = { key: `answer:${turn}`, conversation, turn, status: "told", ...answers };
    return [{ channel, message: { ...known, text: redacted } }];
  }

  /** However a secret was written, and whatever became of it, it does not stay on disk. */
  #forget({ text }: KeptUpdate): void {
    if (givesSecret(text)) this.#ports.store.erase();
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
