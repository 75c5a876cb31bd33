import { CodedError } from "../domain/failure.ts";
import type { NameServer, Network } from "../platform/platform.ts";
import { type AllowedHost, findAllowedHost } from "./allowed_hosts.ts";
import { findSpecialPurpose, isInRange, parseAddress } from "./_ranges.ts";

/** An address that may be asked for, and the entry of the configuration that opens it, if one. */
export interface Destination {
  readonly url: URL;
  readonly opened: AllowedHost | undefined;
}

/**
 * Reads an address and refuses what can be refused without the network: schemes other than http
 * and https, user names, and literal addresses that are not public and that no entry opens.
 * @throws {CodedError} `tool_arguments_invalid` or `network_blocked`.
 */
export function examine(text: string, tool: string, entries: readonly AllowedHost[]): Destination {
  const url = URL.parse(text);
  if (!url) throw new CodedError("tool_arguments_invalid", `"${text}" is no complete web address.`);
  if (!/^https?:$/.test(url.protocol)) {
    throw blocked(text, `only http and https can be reached, not "${url.protocol}"`);
  }
  if (url.username !== "" || url.password !== "") {
    throw blocked(url.host, "the address holds a user name or password; leave it out");
  }
  url.hash = "";
  const opened = findAllowedHost(entries, url, tool);
  const literal = literalHost(url);
  if (literal !== undefined) checkAddress(literal, url, opened);
  return { url, opened };
}

/**
 * All addresses of a destination, each checked. One that is not public condemns them all: who
 * answers with a mixture is not to be trusted with the choice.
 * @throws {CodedError} `network_failed` when the name has no address, `network_blocked`.
 */
export async function resolveChecked(
  { url, opened }: Destination,
  network: Pick<Network, "lookup">,
  nameServers: readonly NameServer[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const literal = literalHost(url);
  const addresses = literal === undefined
    ? await lookup(url.hostname, network, nameServers, signal)
    : [literal];
  for (const address of addresses) checkAddress(address, url, opened);
  return addresses;
}

/** The host as an address, when it is one. URL has made every spelling of IPv4 a dotted one. */
function literalHost(url: URL): string | undefined {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return parseAddress(host) ? host : undefined;
}

async function lookup(
  hostname: string,
  network: Pick<Network, "lookup">,
  nameServers: readonly NameServer[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  let addresses: readonly string[] = [];
  try {
    addresses = await network.lookup(hostname, nameServers, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw unresolved(hostname, error);
  }
  if (addresses.length === 0) throw unresolved(hostname);
  return addresses;
}

function checkAddress(text: string, url: URL, opened: AllowedHost | undefined): void {
  const address = parseAddress(text);
  if (!address) throw blocked(url.host, `its address "${text}" cannot be read`);
  if (opened) {
    if (opened.addresses.some((range) => isInRange(address, range))) return;
    throw blocked(url.host, `address ${text} is outside its entry in network.allowHosts`);
  }
  const word = findSpecialPurpose(address);
  if (word !== undefined) throw blocked(url.host, `address ${text} is ${word}`, INTERNAL_HINT);
}

/** An address that must not be reached. */
export function blocked(place: string, why: string, hint?: string): CodedError {
  return new CodedError("network_blocked", `Cannot fetch "${place}": ${why}.`, hint);
}

const INTERNAL_HINT =
  "Only public addresses can be reached; network.allowHosts in config.json opens an internal host, " +
  "though never for a redirect.";

function unresolved(hostname: string, cause?: unknown): CodedError {
  return new CodedError(
    "network_failed",
    `Cannot fetch "${hostname}": the name has no address or the name server does not answer.`,
    undefined,
    { cause },
  );
}
