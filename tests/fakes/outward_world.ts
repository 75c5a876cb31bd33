import type { ApprovalReply } from "../../src/approvals/approver.ts";
import type { Json, JsonObject } from "../../src/domain/json.ts";
import type { AllowedHost } from "../../src/net/allowed_hosts.ts";
import { parseNameServer } from "../../src/net/name_server.ts";
import { createPublicFetch, type PublicFetch } from "../../src/net/public_fetch.ts";
import { createClock } from "../../src/platform/deno.ts";
import type { CallContext, Person, Tool } from "../../src/tools/tool.ts";
import { createLoopbackNetwork, PUBLIC_ADDRESS, TEST_CERTIFICATE } from "./loopback_network.ts";
import { type Addresses, startNameServer } from "./name_server.ts";
import { createTestGate } from "./test_gate.ts";
import { CALLER, NOBODY_TO_ASK } from "./alone.ts";

/** What a world is made of. Servers answer for the public address, on ports 80 and 443. */
export interface WorldParts {
  readonly serve?: Deno.ServeHandler;
  /** Instead of `serve`: a server that speaks TCP. */
  readonly speak?: (conn: Deno.Conn) => Promise<void>;
  /** Addresses of names; `site.test` and `other.test` are public when it is left out. */
  readonly names?: (name: string, times: number) => Addresses;
  readonly allowHosts?: readonly AllowedHost[];
  /** Further places, such as `192.168.1.5:8080`, that lead to the plain server. */
  readonly places?: readonly string[];
  /** Places where nobody listens. */
  readonly closed?: readonly string[];
  readonly sslFallbackInsecure?: boolean;
  readonly caCerts?: readonly string[];
}

/** The real guard over real DNS and real HTTP, all on loopback. */
export interface World extends AsyncDisposable {
  readonly publicFetch: PublicFetch;
  /** `address:port` of every connection. */
  readonly reached: readonly string[];
  /** Warnings that were logged. */
  readonly warnings: readonly string[];
}

export async function openWorld(parts: WorldParts = {}): Promise<World> {
  const stack = new AsyncDisposableStack();
  const names = parts.names ??
    ((name) => /^(site|other)\.test$/.test(name) ? [PUBLIC_ADDRESS] : []);
  const nameServer = stack.use(await startNameServer(names));
  const [plain, secure] = startServers(parts, stack);
  const network = createLoopbackNetwork({
    [`${PUBLIC_ADDRESS}:80`]: plain,
    [`${PUBLIC_ADDRESS}:8080`]: plain,
    [`${PUBLIC_ADDRESS}:443`]: secure,
    ...Object.fromEntries((parts.closed ?? []).map((place) => [place, 1])),
    ...Object.fromEntries((parts.places ?? []).map((place) => [place, plain])),
  }, parts.caCerts);
  const warnings: string[] = [];
  const publicFetch = createPublicFetch({
    network,
    clock: createClock(),
    allowHosts: parts.allowHosts ?? [],
    nameServers: [parseNameServer(nameServer.address)],
    sslFallbackInsecure: parts.sslFallbackInsecure ?? false,
    userAgent: "ClamBot/test",
    log: { warn: (event) => warnings.push(event) },
  });
  return {
    publicFetch,
    reached: network.reached,
    warnings,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Ports of a plain and a TLS server. */
function startServers(parts: WorldParts, stack: AsyncDisposableStack): [number, number] {
  if (parts.speak) {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const talks: Promise<void>[] = [];
    const done = (async () => {
      for await (const conn of listener) {
        talks.push(parts.speak!(conn).catch(() => {}).finally(() => closeQuietly(conn)));
      }
    })();
    stack.defer(async () => {
      listener.close();
      await done;
      await Promise.all(talks);
    });
    return [listener.addr.port, listener.addr.port];
  }
  const handler = parts.serve ?? (() => new Response("hello"));
  const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
  const plain = Deno.serve(options, handler);
  const secure = Deno.serve({ ...options, ...TEST_CERTIFICATE }, handler);
  stack.defer(async () => {
    await plain.shutdown();
    await secure.shutdown();
  });
  return [plain.addr.port, (secure.addr as Deno.NetAddr).port];
}

/** Calls a tool as dispatch does, through the real gate; `reply` answers its questions. */
export async function callTool(
  tool: Tool,
  args: JsonObject,
  reply: ApprovalReply = { kind: "once" },
  first: ApprovalReply = { kind: "once" },
  around: { readonly person?: Person; readonly context?: CallContext } = {},
): Promise<Json> {
  const signal = new AbortController().signal;
  const prepared = await tool.prepare(args, around.context ?? CALLER, signal);
  const asked: string[] = [];
  const gate = createTestGate({
    grants: { list: () => Promise.resolve([]), add: () => Promise.resolve() } as never,
    // the call itself is always allowed; `reply` is for what comes after it
    approver: {
      ask: (request) => Promise.resolve(asked.push(request.fingerprint) === 1 ? first : reply),
    },
    policy: { enabled: true, interactive: true, allowAlways: true, askAlso: [] },
    base: { root: "/", userHome: undefined },
    clock: createClock(),
  });
  const approved = await gate.check({
    turnId: "t",
    conversation: "c",
    call: { id: 1, tool: tool.name, args: prepared.args },
    effect: prepared.effect,
    resources: [prepared.resource],
    preview: prepared.preview,
  }, signal);
  if (approved.kind !== "approved") throw new Error("the gate refused the call itself");
  return await prepared.run(approved, signal, around.person ?? NOBODY_TO_ASK);
}

function closeQuietly(conn: Deno.Conn): void {
  try {
    conn.close();
  } catch {
    // closed already
  }
}
