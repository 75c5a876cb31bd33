import type { App } from "../../src/app/app.ts";
import { type GatewayMeans, type GatewaySetting, openGateway } from "../../src/app/gateway.ts";
import { createLoopbackChannel, type LoopbackChannel } from "../../src/channels/catalog.ts";
import type { OutgoingMessage } from "../../src/channels/channel.ts";
import { type HomeJobs, openHomeJobs } from "../../src/app/home_jobs.ts";
import { defaultConfig } from "../../src/config/parse.ts";
import type { JobRun } from "../../src/cron/ledger.ts";
import type { Gateway } from "../../src/gateway/gateway.ts";
import type { Log } from "../../src/platform/platform.ts";

const NEVER = new AbortController().signal;
const SILENT: Log = { debug() {}, warn() {} };

/** What the gateway is like where nothing is written. */
export const GATEWAY_CONFIG: GatewaySetting = {
  ...defaultConfig(),
  gateway: {
    ...{
      host: "127.0.0.1",
      port: 0,
      token: "",
      exposed: false,
      shutdownSeconds: 5,
      maxFiles: 1024,
    },
    ...{ concurrency: 2, mostWaiting: 20, maxAgeHours: 24 },
    logs: { keepDays: 14, maxMiB: 64 },
  },
  cron: { enabled: true, atOnce: 3 },
  channels: { telegram: { enabled: false, token: "", format: "entities", replyToMessage: false } },
};

/** A gateway that runs over a house, heard and answered by the loopback channel. */
export class RunningGateway {
  readonly #draining = new AbortController();
  #ended: Promise<void> = Promise.resolve();

  private constructor(
    readonly app: App,
    readonly gateway: Gateway,
    readonly home: HomeJobs,
    readonly channel: LoopbackChannel,
  ) {}

  static async over(
    app: App,
    config: GatewaySetting = GATEWAY_CONFIG,
    more: Pick<GatewayMeans, "memory" | "logs" | "graceMs"> = {},
  ): Promise<RunningGateway> {
    const channel = createLoopbackChannel();
    const admit = () => Promise.resolve({ kind: "turn" } as const);
    const originOf = () => "cli" as const;
    const home = await openHomeJobs(app.stores);
    const means = { channels: [channel], log: SILENT, admit, originOf, home, ...more };
    const running = new RunningGateway(app, await openGateway(app, config, means), home, channel);
    const { promise, resolve } = Promise.withResolvers<void>();
    running.#ended = running.gateway.run(running.#draining.signal, resolve);
    await promise;
    return running;
  }

  /** Says something, and gives everything that is told of it until it is answered. */
  async say(text: string, { as = "anna", id = text, at = Date.now() } = {}) {
    const heard: OutgoingMessage[] = [];
    await this.channel.say({ as, text, id, at }, (message) => heard.push(message), NEVER);
    return heard;
  }

  /** What became of jobs, the newest first. */
  jobs(): readonly JobRun[] {
    return this.home.store.history({ most: 100 });
  }

  /** Resolves when nothing is under way and nothing waits for its turn. */
  async idle(): Promise<void> {
    for (;;) {
      const { running, queued } = this.gateway.status();
      if (running + queued === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async end(): Promise<void> {
    this.#draining.abort();
    await this.#ended;
    await this.app.finish();
    this.app.close();
  }
}
