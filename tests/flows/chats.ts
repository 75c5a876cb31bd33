import assert from "node:assert/strict";
import { dirname } from "node:path";
import { homeLayout } from "../../src/config/home.ts";
import { openAdmissions } from "../../src/app/admission.ts";
import type { App } from "../../src/app/app.ts";
import { openGateway } from "../../src/app/gateway.ts";
import type {
  Attachment,
  Channel,
  FetchedFile,
  IncomingUpdate,
  OutgoingMessage,
  Sink,
} from "../../src/channels/channel.ts";
import type { Config } from "../../src/config/schema.ts";
import type { Gateway } from "../../src/gateway/gateway.ts";
import { openPeople, type People } from "../../src/gateway/people.ts";
import { FaultyWorld, type Flow } from "./faulty_house.ts";
import { GATEWAY_CONFIG } from "./running_gateway.ts";

// People in chats over the whole gateway, heard by a channel on which they have numbers.

/** What comes along with words. */
export type Along = Partial<
  Pick<IncomingUpdate, "quoted" | "attachments" | "joinKey" | "replyTo" | "update">
>;

const SILENT = { debug() {}, warn() {} };

/** A channel whose people a test plays. */
export class Chats implements Channel {
  readonly name = "telegram";
  readonly longestText = 4096;
  readonly largestFile = 20 * 1024 * 1024;
  readonly told: OutgoingMessage[] = [];
  /** Files that can be fetched, by their ids. */
  readonly files = new Map<string, (signal: AbortSignal) => Promise<FetchedFile>>();
  /** Ids of those that were fetched. */
  readonly fetched: string[] = [];
  readonly #sink = Promise.withResolvers<Sink>();
  #updates = 0;
  #onTold: () => void = () => {};

  async listen(sink: Sink, signal: AbortSignal): Promise<void> {
    this.#sink.resolve(sink);
    await new Promise<void>((resolve) =>
      signal.addEventListener("abort", () => resolve(), { once: true })
    );
  }

  send(message: OutgoingMessage): Promise<void> {
    this.told.push(message);
    this.#onTold();
    return Promise.resolve();
  }

  async fetchFile({ file }: Attachment, signal: AbortSignal): Promise<FetchedFile> {
    this.fetched.push(file);
    const fetch = this.files.get(file);
    assert.ok(fetch, file);
    return await fetch(signal);
  }

  /** A file that somebody can send. */
  keep(file: string, bytes: Uint8Array<ArrayBuffer>, name?: string): void {
    const fetched = { bytes, ...(name === undefined ? {} : { name }) };
    this.files.set(file, () => Promise.resolve(fetched));
  }

  async hear(id: string, text: string, chat = id, along: Along = {}): Promise<void> {
    const place = chat === id ? "private" as const : "group" as const;
    const update = `${++this.#updates}`;
    const conversation = `telegram:${chat}`;
    const person = { id, name: `name-${id}` };
    const one = {
      channel: this.name,
      update,
      conversation,
      place,
      person,
      text,
      at: Date.now(),
      ...along,
    };
    await (await this.#sink.promise).accept([one]);
  }

  /** What is told next in this chat. */
  async next(chat: string): Promise<string> {
    for (;;) {
      const at = this.told.findIndex(({ conversation }) => conversation === `telegram:${chat}`);
      const [found] = at < 0 ? [] : this.told.splice(at, 1);
      if (found) return found.text;
      await new Promise<void>((resolve) => this.#onTold = resolve);
    }
  }

  /** Says something, and gives what is told next in the same chat. */
  async say(id: string, text: string, chat = id, along: Along = {}): Promise<string> {
    await this.hear(id, text, chat, along);
    return await this.next(chat);
  }
}

/** What is played with. */
export interface Played {
  readonly app: App;
  readonly chats: Chats;
  readonly people: People;
  readonly gateway: Gateway;
  readonly world: FaultyWorld;
}

/** Plays with owner 1 and guest 2. */
export async function withChats(
  flow: Flow,
  play: (played: Played) => Promise<void>,
  allowFrom?: string[],
): Promise<void> {
  await using world = new FaultyWorld();
  const app = await world.house(flow);
  await using serving = await serve(app, new Chats(), { allowFrom });
  await serving.people.admit({ channel: "telegram", id: "1" }, "owner", "cli");
  await serving.people.admit({ channel: "telegram", id: "2" }, "guest", "cli");
  await play({ ...serving, app, world });
}

/** A gateway over a house, until it is disposed of. */
export async function serve(
  app: App,
  chats: Chats,
  { allowFrom, joinMs = 200 }: {
    readonly allowFrom?: string[] | undefined;
    readonly joinMs?: number;
  } = {},
): Promise<Omit<Played, "app" | "world"> & AsyncDisposable> {
  const { stores } = app;
  const config = { channels: { telegram: allowFrom ? { allowFrom } : {} } } as unknown as Config;
  const setting = { config, layout: homeLayout(dirname(stores.state.path)) };
  const originOf = () => "telegram" as const;
  const admissions = openAdmissions(app, setting, originOf);
  const means = { ...admissions, originOf, channels: [chats], joinMs, log: SILENT };
  const gateway = await openGateway(app, GATEWAY_CONFIG, means);
  const draining = new AbortController();
  const { promise, resolve } = Promise.withResolvers<void>();
  const ended = gateway.run(draining.signal, resolve);
  await promise;
  return {
    chats,
    gateway,
    people: openPeople({ ...stores, files: stores.state }),
    async [Symbol.asyncDispose]() {
      draining.abort();
      await ended;
      await app.finish();
      app.close();
    },
  };
}
