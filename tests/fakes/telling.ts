import assert from "node:assert/strict";
import { createTelegramChannel, type TelegramPorts } from "../../src/channels/catalog.ts";
import type { Channel, OutgoingMessage, TurnWatch } from "../../src/channels/channel.ts";
import { createOutbox } from "../../src/gateway/outbox.ts";
import {
  type GatewayStore,
  openGatewayDatabase,
  openGatewayStore,
} from "../../src/gateway/store.ts";
import { createChannelFetch } from "../../src/platform/channel_fetch.ts";
import { createRandom } from "../../src/platform/deno.ts";
import type { Redacted } from "../../src/domain/redacted.ts";
import { toldSoFarOf } from "../../src/gateway/told_so_far.ts";
import { createRedactor } from "../../src/secrets/redactor.ts";
import { FakeBotApi } from "./bot_api/bot_api.ts";
import { createHeldClock, type HeldClock } from "./held_clock.ts";

/** Milliseconds between two looks at what there is to show of a turn. */
const LOOK_MS = 1_500;
/** Milliseconds of the ends of calls, of typing, and of looks at what there is to show. */
const HELD = [3_000, 10_000, 30_000, 4_000, LOOK_MS, 6_000];
type Sleep = Parameters<HeldClock["sleep"]>;
const FETCH = createChannelFetch();

/** Telegram as a channel, with the store and the outbox of a gateway, over a strict server. */
export class Telling implements AsyncDisposable {
  readonly server = FakeBotApi.start();
  readonly clock: HeldClock;
  readonly channel: Channel;
  readonly store: GatewayStore;
  readonly logged: string[] = [];
  readonly #path = Deno.makeTempFileSync({ suffix: ".sqlite" });

  constructor(
    { held = [], secrets = [], ...ports }: Partial<TelegramPorts> & {
      readonly held?: readonly number[];
      readonly secrets?: readonly string[];
    } = {},
  ) {
    this.clock = createHeldClock([...HELD, ...held]);
    const redactor = createRedactor(secrets);
    this.channel = createTelegramChannel({
      ...{ apiRoot: this.server.url, fetch: FETCH, clock: this.clock, random: createRandom() },
      ...{ isReplying: false, commands: [], format: "entities", redactor },
      log: { debug() {}, warn: (event) => void this.logged.push(event) },
      token: () => Promise.resolve(this.server.token),
      ...ports,
    });
    this.store = openGatewayStore(openGatewayDatabase(this.#path));
  }

  /** A message to be told in a chat with person 1. */
  message(key: string, text: string, more: Partial<OutgoingMessage> = {}): OutgoingMessage {
    return { key, conversation: "telegram:1", text: text as Redacted, form: "markdown", ...more };
  }

  /** Puts messages on disk and tells what there is to tell, as a gateway that has just been started. */
  async tell(...messages: readonly OutgoingMessage[]): Promise<void> {
    const { store, channel } = this;
    const clock = { ...this.clock, sleep: (...given: Sleep) => this.#passLater(...given) };
    store.finish(
      "none",
      messages.map((message) => ({ channel: "telegram", message })),
      clock.now(),
    );
    const settled = Promise.withResolvers<void>();
    const log = { debug() {}, warn: (event: string) => void this.logged.push(event) };
    const channels = new Map([["telegram", channel]]);
    const outbox = createOutbox({ store, channels, clock, log, redactor: createRedactor([]) });
    const look = () => store.unsent().length === 0 ? settled.resolve() : setTimeout(look, 1);
    outbox.wake();
    look();
    await settled.promise;
    await outbox.close();
  }

  /** The outbox's own looks pass, but not before what is under way could go on. */
  async #passLater(ms: number, signal?: AbortSignal): Promise<void> {
    await new Promise((go) => setTimeout(go, 0));
    await this.clock.sleep(ms + 1, signal);
  }

  /** Begins to show a turn, as a gateway does; its answer has the key `answer:TURN`. */
  watch(turn: string, { conversation = "telegram:1", message = "" } = {}): TurnWatch {
    const update = { channel: "telegram", update: turn, conversation, text: "", at: 1 };
    const from = { place: "private", person: { id: "1" } } as const;
    this.store.accept([{ ...update, ...from, turn }], this.clock.now());
    const status = { key: `status:${turn}`, channel: "telegram", conversation };
    const under = { turn, conversation, ...(message === "" ? {} : { message }) };
    const watch = this.channel.watch?.(under, () => toldSoFarOf(status, this.store));
    assert.ok(watch);
    return watch;
  }

  /** Lets the time to the next look pass, and waits until what there was to show has been dealt with. */
  async look(ms = LOOK_MS): Promise<void> {
    await this.until(() => this.clock.holds(ms) > 0);
    this.clock.fire(ms);
    await this.until(() => this.clock.holds(ms) > 0);
  }

  /** Waits until a sleep of this length is held. */
  async held(ms: number): Promise<void> {
    await this.until(() => this.clock.holds(ms) > 0);
  }

  /** Waits until something is so. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise((go) => setTimeout(go, 1));
  }

  /** What stands in the chat with person 1. */
  get texts(): string[] {
    return this.server.in(1).map(({ text }) => text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.store.close();
    await Deno.remove(this.#path);
    await this.server[Symbol.asyncDispose]();
  }
}
