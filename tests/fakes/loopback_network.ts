import { createNetwork } from "../../src/platform/network.ts";
import type { Network } from "../../src/platform/platform.ts";

/** The certificate authority that signed the test server's certificate. */
export const TEST_AUTHORITY = Deno.readTextFileSync(
  new URL("../fixtures/tls/authority.pem", import.meta.url),
);

/** Certificate and key of `site.test`, `other.test` and 93.184.216.34. */
export const TEST_CERTIFICATE = {
  cert: Deno.readTextFileSync(new URL("../fixtures/tls/server.pem", import.meta.url)),
  key: Deno.readTextFileSync(new URL("../fixtures/tls/server.key.pem", import.meta.url)),
};

/** A public address that stands for a server on loopback. */
export const PUBLIC_ADDRESS = "93.184.216.34";

/**
 * The real network, but that each connection to `address:port` goes to the loopback port that
 * `routes` names. Nothing ever leaves the machine: a connection without a route is written down
 * and fails. `reached` holds every address that was connected to, in order.
 */
export function createLoopbackNetwork(
  routes: Readonly<Record<string, number>>,
  caCerts: readonly string[] = [TEST_AUTHORITY],
): Network & { readonly reached: string[] } {
  const real = createNetwork({ caCerts });
  const reached: string[] = [];
  return {
    reached,
    lookup: real.lookup,
    fetchAt(request, target, signal) {
      const place = target.address.includes(":")
        ? `[${target.address}]:${target.port}`
        : `${target.address}:${target.port}`;
      reached.push(place);
      const port = routes[place];
      if (port === undefined) return Promise.reject(new Error(`a test reached out to ${place}`));
      return real.fetchAt(request, { ...target, address: "127.0.0.1", port }, signal);
    },
  };
}
