import type { Channel } from "../channels/channel.ts";
import { isLoopback } from "../config/loopback.ts";
import type { Config } from "../config/schema.ts";
import { CodedError } from "../domain/failure.ts";
import type { Counters } from "../gateway/counters.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { createHealth } from "../gateway/health.ts";
import { type HttpListener, listenForRequests } from "../platform/http_listener.ts";
import { watchLoopGap } from "../platform/loop_gap.ts";
import { isReference, revealReference } from "../secrets/reference.ts";
import type { Stores } from "./stores.ts";

/** What is looked at. */
export interface HealthMeans {
  readonly gateway: Gateway;
  readonly counters: Counters;
  readonly channels: readonly Channel[];
  readonly stores: Pick<Stores, "clock" | "state" | "vault">;
}

type Settings = Config["gateway"];

/** A head is small, and whoever measures is quick. */
const LIMITS = { headBytes: 8_192, ms: 5_000, connections: 32 };
/** Signs of a token at least: so many of base64 hold 128 bits. */
const SHORTEST_TOKEN = 22;

/**
 * Answers `/health` and `/metrics` at `gateway.host` and `gateway.port`; `undefined` while no token
 * is set.
 * @throws {CodedError} `config_invalid` for a token that could be guessed, or an address that others
 *   reach without `gateway.exposed`; `usage` when the address is taken
 */
export async function openGatewayHealth(
  settings: Settings,
  means: HealthMeans,
): Promise<HttpListener | undefined> {
  const { host, port, token, exposed } = settings;
  if (token === "") return undefined;
  const { stores } = means;
  const reveal = () => revealReference(token, stores.vault);
  // one in a vault that is locked yet is looked at when it is asked for
  if (!isReference(token)) refuseShort(await reveal());
  if (!isLoopback(host) && !exposed) throw hidden(host);
  const gap = watchLoopGap();
  try {
    const answer = createHealth({
      token: async () => refuseShort(await reveal()),
      clock: stores.clock,
      isOwnHost: (name) => isOwnName(name, exposed),
      vitals: async () => ({
        status: means.gateway.status(),
        counts: means.counters.read(),
        silentMs: silencesOf(means),
        gapMs: gap.read(),
        isDiskWritable: await isWritable(stores),
      }),
    });
    const hostname = host.replace(/^\[(.*)\]$/, "$1");
    const listener = listenForRequests({ hostname, port }, LIMITS, answer);
    return {
      port: listener.port,
      close() {
        gap.stop();
        listener.close();
      },
    };
  } catch (error) {
    gap.stop();
    throw error;
  }
}

function refuseShort(token: string): string {
  if (token.length >= SHORTEST_TOKEN && /^\S+$/.test(token)) return token;
  throw new CodedError(
    "config_invalid",
    `gateway.token can be guessed: it has fewer than ${SHORTEST_TOKEN} signs, or a blank in it.`,
    "Make one with: openssl rand -hex 32",
  );
}

function hidden(host: string): CodedError {
  return new CodedError(
    "config_invalid",
    `gateway.host is ${host}, which others can reach; nothing listens there unless you say so.`,
    "Set gateway.host to 127.0.0.1, or gateway.exposed to true.",
  );
}

/**
 * Names that no name server decides: an address, or this machine. A page that leads its own name
 * here is refused by that.
 */
function isOwnName(host: string, exposed: boolean): boolean {
  const name = host.replace(/:\d+$/, "");
  if (isLoopback(name)) return true;
  return exposed && (/^\d{1,3}(\.\d{1,3}){3}$/.test(name) || /^\[[0-9a-f:.]+\]$/.test(name));
}

function silencesOf({ channels, stores }: HealthMeans): Record<string, number> {
  const now = stores.clock.now();
  return Object.fromEntries(channels.flatMap(({ name, heardAt }) => {
    const at = heardAt?.();
    return at === undefined ? [] : [[name, Math.max(0, now - at)]];
  }));
}

async function isWritable({ state, clock }: HealthMeans["stores"]): Promise<boolean> {
  try {
    await state.replace("health", `${clock.now()}\n`);
    return true;
  } catch {
    return false; // whatever keeps it from being written
  }
}
