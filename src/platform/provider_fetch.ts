import type { Fetch } from "./platform.ts";

/**
 * The runtime's `fetch` for model servers. Unlike tools, it may reach private addresses, since
 * they come from the person's configuration (a local Ollama), and it uses the proxy that the
 * environment names (`HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`). Certificates are always verified.
 * A redirect comes back as the answer that it is; nothing is sent to where it points.
 */
export function createFetch(): Fetch {
  return (input, init) => fetch(input, { ...init, redirect: "manual" });
}
