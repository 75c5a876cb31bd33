import { dirname } from "node:path";
import { openAdmissions } from "../../src/app/admission.ts";
import type { App } from "../../src/app/app.ts";
import { openGateway } from "../../src/app/gateway.ts";
import { openTelegram } from "../../src/app/telegram.ts";
import { homeLayout } from "../../src/config/home.ts";
import { parseConfig } from "../../src/config/parse.ts";
import type { JsonObject } from "../../src/domain/json.ts";
import type { Gateway } from "../../src/gateway/gateway.ts";
import { openPeople, type People } from "../../src/gateway/people.ts";
import { FakeBotApi, type FakeMessage } from "../fakes/bot_api/bot_api.ts";
import { FaultyWorld, type Flow } from "./faulty_house.ts";
import { GATEWAY_CONFIG } from "./running_gateway.ts";

/** What was logged, as lines. */
export type LogLines = string[];

/** A house that talks by Telegram with a strict server, and can be started again over its home. */
export class TelegramHouse implements AsyncDisposable {
  readonly server = FakeBotApi.start();
  readonly world = new FaultyWorld();
  readonly logged: LogLines = [];
  #app: App | undefined;
  #gateway: Gateway | undefined;
  #draining = new AbortController();
  #ended: Promise<void> = Promise.resolve();

  private constructor(readonly flow: Flow, readonly telegram: JsonObject) {}

  /** With owner 1 and guest 2. */
  static async open(flow: Flow, telegram: JsonObject = {}): Promise<TelegramHouse> {
    const house = new TelegramHouse(flow, telegram);
    house.#app = await house.world.house(flow);
    await house.people.admit({ channel: "telegram", id: "1" }, "owner", "cli");
    await house.people.admit({ channel: "telegram", id: "2" }, "guest", "cli");
    await house.#start();
    return house;
  }

  get app(): App {
    if (!this.#app) throw new TypeError("The house is closed.");
    return this.#app;
  }

  get gateway(): Gateway {
    if (!this.#gateway) throw new TypeError("The house is closed.");
    return this.#gateway;
  }

  get people(): People {
    const { stores } = this.app;
    return openPeople({ ...stores, files: stores.state });
  }

  /** Somebody writes; gives what the bot writes next in the same chat. */
  async say(from: number, text: string, chat = from): Promise<FakeMessage> {
    const seen = this.server.in(chat).length;
    this.server.say(from, text, { chat });
    return await this.server.answer(chat, seen);
  }

  /** A message of the bot as it stands when it reads so. */
  reads(chat: number, pattern: RegExp): Promise<FakeMessage> {
    return this.server.until(() => this.server.in(chat).find(({ text }) => pattern.test(text)));
  }

  /** Ends the gateway and starts it over the same home; `meanwhile` happens while it is down. */
  async restart(meanwhile: () => void | Promise<void> = () => {}): Promise<void> {
    await this.#close();
    await meanwhile();
    this.#app = await this.world.again();
    await this.#start();
  }

  async #start(): Promise<void> {
    const { app, server, telegram } = this;
    const { stores } = app;
    const given = { enabled: true, token: server.token, apiRoot: server.url, ...telegram };
    const read = parseConfig(JSON.stringify({ channels: { telegram: given } }), "config.json");
    if (read.kind !== "ok") throw new TypeError("The configuration cannot be read.");
    const { config } = read;
    const note = (event: string, fields: object = {}) =>
      void this.logged.push(`${event} ${JSON.stringify(fields)}`);
    const log = { debug: note, warn: note };
    const channel = openTelegram(config, stores, log);
    const originOf = () => "telegram" as const;
    const setting = { config, layout: homeLayout(dirname(stores.state.path)) };
    this.#gateway = await openGateway(app, { ...config, ...GATEWAY_CONFIG }, {
      ...openAdmissions(app, setting, originOf),
      ...{ originOf, channels: channel ? [channel] : [], log },
    });
    this.#draining = new AbortController();
    const serving = Promise.withResolvers<void>();
    this.#ended = this.#gateway.run(this.#draining.signal, serving.resolve);
    await serving.promise;
  }

  async #close(): Promise<void> {
    this.#draining.abort();
    await this.#ended;
    await this.#app?.finish();
    this.#app?.close();
    this.#app = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
    await this.world[Symbol.asyncDispose]();
    await this.server[Symbol.asyncDispose]();
  }
}
