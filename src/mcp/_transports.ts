import {
  SdkHttpError,
  SSEClientTransport,
  StreamableHTTPClientTransport,
  type Transport,
} from "@modelcontextprotocol/client";
import { CodedError } from "../domain/failure.ts";
import type { PublicFetch } from "../net/public_fetch.ts";
import type { Children } from "../platform/children.ts";
import { createChildTransport } from "./_child_transport.ts";
import { createGuardedFetch } from "./_guarded_fetch.ts";
import { createOAuthProvider } from "./_oauth.ts";
import { openSession, type Session } from "./_session.ts";
import type { ServerEntry } from "./entry.ts";
import type { LoginStore } from "./login_store.ts";
import { sentenceOf } from "./_failures.ts";

/** How servers are reached. */
export interface Ways {
  readonly children: Children;
  readonly publicFetch: PublicFetch;
  readonly logins: LoginStore;
  /** A line that a server wrote beside the protocol. */
  noise(server: string, line: string): void;
}

/** Begins a session with a server, whichever way and era of the protocol it is of. */
export async function beginSession(
  entry: ServerEntry,
  ways: Ways,
  changed: () => void,
  signal: AbortSignal,
): Promise<Session> {
  const common = { name: entry.name, quietMs: entry.quietMs, changed };
  const { way } = entry;
  if (way.kind === "program") {
    const begin = (legacy: boolean) => beginWithChild(entry, ways, { ...common, legacy }, signal);
    // servers of the older era may end at the first thing that they do not know
    return await begin(false).catch((error) => {
      signal.throwIfAborted();
      if (error instanceof EndedEarly && error.wasThere) return begin(true);
      throw error;
    });
  }
  const url = new URL(way.url);
  const authorized = Object.keys(way.headers).some((one) => /^authorization$/i.test(one));
  const options = {
    fetch: createGuardedFetch(ways.publicFetch, url.origin, way.headers),
    ...(authorized ? {} : { authProvider: createOAuthProvider(entry.name, ways.logins) }),
  };
  const begin = (transport: Transport, legacy: boolean) =>
    openSession({ ...common, transport, legacy, why: () => "" }, signal);
  try {
    return await begin(new StreamableHTTPClientTransport(url, options), false);
  } catch (error) {
    signal.throwIfAborted();
    const status = error instanceof SdkHttpError ? error.data?.status : undefined;
    if (![400, 404, 405, 406, 415].includes(Number(status))) throw error;
    // servers of before 2025 have an address of events in its place
    return await begin(new SSEClientTransport(url, options), true).catch(() => {
      throw error;
    });
  }
}

/** The program ended, or broke off, before it had answered. */
class EndedEarly extends CodedError {
  constructor(server: string, why: string, readonly wasThere: boolean) {
    super(
      "server_failed",
      `The server ${server} cannot be used: ${why}.`,
      `See what it wrote last with: clambot mcp test ${server}`,
    );
  }
}

async function beginWithChild(
  entry: ServerEntry,
  { children, noise }: Ways,
  common: Omit<Parameters<typeof openSession>[0], "transport" | "why">,
  signal: AbortSignal,
): Promise<Session> {
  const child = await children.start(entry.name);
  let why = "";
  const transport = createChildTransport(child, {
    noise: (line) => noise(entry.name, line),
    broke: (sentence) => void (why ||= sentence),
  });
  try {
    return await openSession({ ...common, transport, why: () => why }, signal);
  } catch (error) {
    signal.throwIfAborted();
    const byItself = why !== "";
    await child.end();
    const isMissing = /exit code 12[67]$/.test(why);
    throw new EndedEarly(entry.name, why || sentenceOf(error), byItself && !isMissing);
  }
}
