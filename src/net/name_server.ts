import { CodedError } from "../domain/failure.ts";
import type { NameServer } from "../platform/platform.ts";
import { parseAddress } from "./_ranges.ts";

const USUAL_PORT = 53;

/**
 * Reads one entry of `network.nameServers`: `9.9.9.9`, `9.9.9.9:5353`, `2620:fe::fe`,
 * `[2620:fe::fe]:53`.
 * @throws {CodedError} `config_invalid`
 */
export function parseNameServer(text: string): NameServer {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const address = bracketed ?? plain ?? text;
  const port = digits === undefined ? USUAL_PORT : Number(digits);
  if (parseAddress(address) && port >= 1 && port <= 65_535) return { address, port };
  throw new CodedError(
    "config_invalid",
    `An entry of network.nameServers cannot be used: "${text}" is no address of a server.`,
    "Write an address such as 9.9.9.9, 9.9.9.9:5353 or [2620:fe::fe]:53.",
  );
}
