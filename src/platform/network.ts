import { exchange } from "./_http1.ts";
import { type Connection, openConnection } from "./_connection.ts";
import { ConnectionError, type NameServer, type Network } from "./platform.ts";

/** What the adapter may be told beside the port. */
export interface NetworkOptions {
  /** PEM certificates to trust beside the system's. */
  readonly caCerts?: readonly string[];
}

/**
 * The machine's network. It speaks HTTP/1.1 over its own connections, so no proxy variable of the
 * environment (`HTTP_PROXY`, `NO_PROXY` …) can reach it: there is no proxy code on this road.
 */
export function createNetwork(options: NetworkOptions = {}): Network {
  return {
    lookup: (hostname, nameServers, signal) =>
      untilAborted(
        nameServers.length === 0
          ? askSystem(hostname)
          : askNameServers(hostname, nameServers, signal),
        signal,
      ),
    async fetchAt(request, target, signal) {
      signal.throwIfAborted();
      const url = new URL(request.url);
      const body = request.body ? new Uint8Array(await request.arrayBuffer()) : undefined;
      const opened = await openConnection({
        address: target.address,
        port: target.port,
        tlsName: url.protocol === "https:" ? tlsName(url) : undefined,
        insecureTls: target.insecureTls ?? false,
        caCerts: options.caCerts ?? [],
      }, signal);
      const connection = endingWith(opened, signal);
      try {
        return await exchange(connection, request, body ?? emptyBody(request.method));
      } catch (error) {
        connection.close();
        signal.throwIfAborted();
        if (error instanceof ConnectionError) throw error;
        throw new ConnectionError("broken", messageOf(error), { cause: error });
      }
    },
  };
}

/** A connection that an abort closes, until it is closed anyway. */
function endingWith(connection: Connection, signal: AbortSignal): Connection {
  const close = () => {
    signal.removeEventListener("abort", close);
    connection.close();
  };
  signal.addEventListener("abort", close);
  return { ...connection, close };
}

/** A request that may have a body and has none says so (RFC 9110, section 8.6). */
function emptyBody(method: string): Uint8Array<ArrayBuffer> | undefined {
  return /^(?:POST|PUT|PATCH)$/.test(method) ? new Uint8Array() : undefined;
}

/** The name in a URL as certificates write it: no brackets, no final dot. */
function tlsName(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
}

async function askSystem(hostname: string): Promise<string[]> {
  const { lookup } = await import("node:dns/promises");
  return (await lookup(hostname, { all: true })).map(({ address }) => address);
}

async function askNameServers(
  hostname: string,
  nameServers: readonly NameServer[],
  signal: AbortSignal,
): Promise<string[]> {
  let failure: unknown;
  for (const { address: ipAddr, port } of nameServers) {
    const answers = await Promise.allSettled(
      (["A", "AAAA"] as const).map((type) =>
        Deno.resolveDns(hostname, type, { nameServer: { ipAddr, port }, signal })
      ),
    );
    const found = answers.flatMap((one) => one.status === "fulfilled" ? one.value : []);
    if (found.length > 0) return found;
    failure = answers.find((one) => one.status === "rejected")?.reason;
    if (failure === undefined || failure instanceof Deno.errors.NotFound) return [];
  }
  throw failure;
}

/** The system's resolver cannot be stopped; its late answer is dropped. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
