import { CodedError } from "../domain/failure.ts";
import {
  type Clock,
  ConnectionError,
  type Log,
  type NameServer,
  type Network,
} from "../platform/platform.ts";
import type { AllowedHost } from "./allowed_hosts.ts";
import { portOf } from "./allowed_hosts.ts";
import { mayHoldCredentials, readHeaders } from "./headers.ts";
import { readBody } from "./_body.ts";
import { createDeadline } from "./_deadline.ts";
import { type CarriedSecret, findLocation, followRedirect, type Hop } from "./_redirect.ts";
import { blocked, type Destination, examine, resolveChecked } from "./_resolve.ts";

export type { CarriedSecret };

declare const publicFetch: unique symbol;

/** What is asked for. */
export interface OutwardRequest {
  /** Name of the tool that asks; entries of `network.allowHosts` are given to tools. */
  readonly tool: string;
  /** Upper case. */
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  /** A secret is in the headers, address or body: never sent over unverified TLS. */
  readonly carriesSecret?: boolean;
  /** A secret that is put in right before each request is sent, where it may go there. */
  readonly secret?: CarriedSecret;
}

/** How far a request may go. */
export interface FetchPolicy {
  /** Asked before each redirect is followed; the time that it takes does not count. */
  mayFollow(url: string, method: string): Promise<boolean>;
  readonly limits: {
    /** Bytes of the body after decompression; more is cut. */
    readonly bytes: number;
    /** Milliseconds for all requests together. */
    readonly timeMs: number;
    /** Redirects that are followed at most. */
    readonly redirects: number;
  };
}

/** The last answer of the chain. Every HTTP status is an answer. */
export interface PublicResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
  /** The body was longer than the limit. */
  readonly truncated: boolean;
  readonly finalUrl: string;
  /** Addresses that were asked, in order; the last is `finalUrl`. */
  readonly hops: readonly string[];
  /** At least one server could not prove its name (`security.sslFallbackInsecure`). */
  readonly insecureTls: boolean;
}

/**
 * The only way out to addresses that programs choose. It reaches public addresses, and internal
 * ones that the configuration opens by name. Only this room makes one.
 */
export interface PublicFetch {
  readonly [publicFetch]: true;
  /**
   * Reads an address without using the network, for showing it to the person: the form that will
   * be asked, and whether an entry of `network.allowHosts` opens it.
   * @throws {CodedError} `tool_arguments_invalid` or `network_blocked`.
   */
  examine(tool: string, url: string): { readonly url: URL; readonly internal: boolean };
  /**
   * @throws {CodedError} `network_blocked`, `network_failed`, `tool_timeout`,
   * `tool_arguments_invalid`, or `approval_denied` when a redirect may not be followed.
   */
  send(request: OutwardRequest, policy: FetchPolicy, signal: AbortSignal): Promise<PublicResponse>;
  /**
   * Sends one request and follows no redirect; the body streams, until it is cancelled or `signal`
   * aborts. Without a secret.
   * @throws {CodedError} as `send`; the body's stream throws what breaks it
   */
  open(
    request: Omit<OutwardRequest, "secret">,
    timeMs: number,
    signal: AbortSignal,
  ): Promise<Response>;
}

/** Means of the guard. */
export interface PublicFetchPorts {
  readonly network: Network;
  readonly clock: Pick<Clock, "monotonic">;
  /** `network.allowHosts`, read by `parseAllowedHost`. */
  readonly allowHosts: readonly AllowedHost[];
  /** `network.nameServers`, read by `parseNameServer`; empty: the system's. */
  readonly nameServers: readonly NameServer[];
  /** `security.sslFallbackInsecure`. */
  readonly sslFallbackInsecure: boolean;
  readonly userAgent: string;
  readonly log?: Pick<Log, "warn">;
}

/** Addresses of one host that are tried when connecting fails. */
const ATTEMPTS = 3;

/** Builds the guard. */
export function createPublicFetch(ports: PublicFetchPorts): PublicFetch {
  async function send(
    request: OutwardRequest,
    { mayFollow, limits }: FetchPolicy,
    signal: AbortSignal,
  ): Promise<PublicResponse> {
    let hop = firstHop(request);
    let insecureTls = false;
    const hops = [hop.url.href];
    const deadline = createDeadline(limits.timeMs, `Cannot fetch "${hop.url.href}"`, ports.clock);
    for (;;) {
      const answer = await deadline.spend(signal, (within) => ask(hop, limits.bytes, within));
      insecureTls ||= answer.insecureTls;
      const { status, headers, location } = answer;
      if (location === undefined) {
        const { bytes: body, truncated } = answer;
        return { status, headers, body, truncated, finalUrl: hop.url.href, hops, insecureTls };
      }
      if (hops.length > limits.redirects) throw tooManyRedirects(request.url, limits.redirects);
      if (request.secret?.standsIn(location)) throw showsSecret(hop.url);
      hop = followRedirect(hop, status, location, request.tool);
      if (!await mayFollow(hop.url.href, hop.method)) throw notFollowed(request.url, hop.url);
      hops.push(hop.url.href);
    }
  }

  function firstHop(request: OutwardRequest): Hop {
    const headers = readHeaders(request.headers);
    const carriesSecret = request.carriesSecret ?? false;
    const { secret } = request;
    const mustVerify = carriesSecret || secret !== undefined || mayHoldCredentials(headers);
    if (!headers.has("user-agent")) headers.set("user-agent", ports.userAgent);
    if (!headers.has("accept")) headers.set("accept", "*/*");
    const body = typeof request.body === "string"
      ? new TextEncoder().encode(request.body)
      : request.body;
    const { tool, url, method } = request;
    return { ...find(tool, url), method, headers, body, carriesSecret, mustVerify, secret };
  }

  /** One request: the name resolved once, every address checked, one of them connected to. */
  async function ask(hop: Hop, bytes: number, signal: AbortSignal) {
    const addresses = await resolveChecked(hop, ports.network, ports.nameServers, signal);
    try {
      const { response, insecureTls } = await reach(hop, addresses, signal);
      const location = findLocation(response);
      if (location !== undefined) response.body?.cancel().catch(() => {});
      const body = await readBody(location === undefined ? response.body : null, bytes);
      return { status: response.status, headers: response.headers, location, insecureTls, ...body };
    } catch (error) {
      signal.throwIfAborted();
      throw failed(hop.url, error);
    }
  }

  async function open(
    request: OutwardRequest,
    timeMs: number,
    signal: AbortSignal,
  ): Promise<Response> {
    const hop = firstHop(request);
    const late = AbortSignal.timeout(timeMs);
    const within = AbortSignal.any([signal, late]);
    try {
      const addresses = await resolveChecked(hop, ports.network, ports.nameServers, within);
      const answer = reach(hop, addresses, signal);
      const { response } = await Promise.race([answer, rejectedAt(within)]);
      return response;
    } catch (error) {
      signal.throwIfAborted();
      if (!late.aborted) throw failed(hop.url, error);
      throw new CodedError("tool_timeout", `"${hop.url.href}" did not answer in time.`);
    }
  }

  /** Tries the addresses in order. Only what was surely not sent is tried again. */
  async function reach(hop: Hop, addresses: readonly string[], signal: AbortSignal) {
    const port = portOf(hop.url);
    let failure: unknown;
    for (const address of addresses.slice(0, ATTEMPTS)) {
      const target = { address, port };
      try {
        const response = await ports.network.fetchAt(toRequest(hop), target, signal);
        return { response, insecureTls: false };
      } catch (error) {
        failure = error;
        const reason = error instanceof ConnectionError ? error.reason : "broken";
        if (reason === "certificate" && ports.sslFallbackInsecure && !hop.mustVerify) {
          ports.log?.warn("tls_not_verified", { host: hop.url.host, address });
          const unverified = { ...target, insecureTls: true };
          const response = await ports.network.fetchAt(toRequest(hop), unverified, signal);
          return { response, insecureTls: true };
        }
        if (reason !== "unreachable") break;
      }
    }
    throw failure;
  }

  function find(tool: string, url: string): Destination {
    return examine(url, tool, ports.allowHosts);
  }

  const made: Omit<PublicFetch, typeof publicFetch> = {
    examine(tool, text) {
      const { url, opened } = find(tool, text);
      return { url, internal: opened !== undefined };
    },
    send,
    open,
  };
  return made as PublicFetch;
}

/** The request as it is sent. Only here, behind all checks of this hop, does a secret come in. */
function toRequest(hop: Hop): Request {
  const { method, body, secret } = hop;
  const { url, headers } = secret?.mayGoTo(hop.url) ? secret.putInto(hop.url, hop.headers) : hop;
  return new Request(url, { method, headers, body: body ?? null });
}

function rejectedAt(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function failed(url: URL, error: unknown): Error {
  if (error instanceof CodedError) return error;
  if (error instanceof ConnectionError && error.reason === "certificate") {
    const certificate = error.message.replace(/^invalid peer certificate: /, "");
    return network(url, `its certificate is not valid (${certificate})`, error);
  }
  if (error instanceof ConnectionError) return network(url, error.message, error);
  return error instanceof Error ? error : new Error(String(error));
}

function network(url: URL, why: string, cause: unknown): CodedError {
  return new CodedError("network_failed", `Cannot fetch "${url.href}": ${why}.`, undefined, {
    cause,
  });
}

function showsSecret({ host }: URL): CodedError {
  return blocked(host, "it redirects to an address in which the secret stands");
}

function tooManyRedirects(url: string, most: number): CodedError {
  return new CodedError(
    "network_failed",
    `Cannot fetch "${url}": it redirects more than ${most} times.`,
  );
}

function notFollowed(from: string, to: URL): CodedError {
  return new CodedError(
    "approval_denied",
    `Cannot fetch "${from}": it redirects to "${to.href}", which was not allowed.`,
  );
}
