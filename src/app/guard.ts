import { VERSION } from "../domain/version.ts";
import { parseAllowedHost } from "../net/allowed_hosts.ts";
import { parseNameServer } from "../net/name_server.ts";
import { createPublicFetch, type PublicFetch } from "../net/public_fetch.ts";
import { createNetwork } from "../platform/network.ts";
import type { Clock } from "../platform/platform.ts";
import { escapeLine } from "../text/escape.ts";
import type { Setting } from "./stores.ts";

/** The guard on everything that tools ask of the network, as the configuration has it. */
export function openGuard(
  { clock }: { readonly clock: Clock },
  { config, terminal }: Pick<Setting, "config" | "terminal">,
): PublicFetch {
  return createPublicFetch({
    network: createNetwork(),
    userAgent: `ClamBot/${VERSION}`,
    clock,
    allowHosts: config.network.allowHosts.map(parseAllowedHost),
    nameServers: config.network.nameServers.map(parseNameServer),
    sslFallbackInsecure: config.security.sslFallbackInsecure,
    log: {
      warn: (_event, fields) => {
        const host = escapeLine(String(fields?.host));
        terminal.err(`clambot: the certificate of ${host} could not be verified.\n`);
      },
    },
  });
}
