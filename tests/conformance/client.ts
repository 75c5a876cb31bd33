import { parseAllowedHost } from "../../src/net/allowed_hosts.ts";
import { createPublicFetch, type PublicFetch } from "../../src/net/public_fetch.ts";
import { readServerEntry } from "../../src/mcp/entry.ts";
import { logInto } from "../../src/mcp/login.ts";
import type { KeptLogin, LoginStore } from "../../src/mcp/login_store.ts";
import { createClock } from "../../src/platform/deno.ts";
import { createNetwork } from "../../src/platform/network.ts";
import { McpWorld, QUIET } from "../fakes/mcp.ts";

// The client that a scenario of the conformance suite starts: ours, with a browser that says yes. It
// logs in where that is wanted, lists the tools, calls each, and logs in again where a call wants it.

/** The guard, which lets MCP reach every port of this machine: scenarios have servers of their own. */
const publicFetch: PublicFetch = {
  ...guardFor("http://localhost"),
  open: (request, headMs, signal) => guardFor(request.url).open(request, headMs, signal),
};

function guardFor(url: string): PublicFetch {
  const { origin } = new URL(url);
  return createPublicFetch({
    network: createNetwork(),
    userAgent: "conformance",
    clock: createClock(),
    allowHosts: [
      parseAllowedHost({ url: origin, addresses: ["127.0.0.0/8", "::1"], tools: ["mcp"] }),
    ],
    nameServers: [],
    sslFallbackInsecure: false,
  });
}

let kept: KeptLogin = {};
const logins: LoginStore = {
  read: () => Promise.resolve(kept),
  write: (_, login) => Promise.resolve(void (kept = login)),
  remove: () => Promise.resolve(Object.keys(kept).length > 0 && Boolean(kept = {})),
};

const url = Deno.args.at(-1) ?? "";

async function logIn(): Promise<void> {
  let brought = Promise.resolve(new URLSearchParams());
  const screen = {
    redirectUrl: "http://127.0.0.1:9/callback",
    state: crypto.randomUUID(),
    show: (address: URL) => void (brought = visit(address)),
    wait: () => brought,
  };
  await logInto(readServerEntry("s", { url }), { publicFetch, logins }, screen, QUIET);
}

/** What the browser is sent back with. */
async function visit(address: URL): Promise<URLSearchParams> {
  const response = await fetch(address, { redirect: "manual" });
  await response.body?.cancel();
  return new URL(response.headers.get("location") ?? "").searchParams;
}

if (Deno.env.get("MCP_CONFORMANCE_SCENARIO")?.startsWith("auth/")) await logIn();
await useTools();
Deno.exit(0); // no connection that a scenario leaves open is waited for

async function useTools(): Promise<void> {
  await using world = await McpWorld.of({ s: { url } }, { publicFetch, logins });
  const { tools } = await world.servers.survey("s", QUIET);
  for (const { definition: { name } } of tools) {
    const tool = await world.approve("s", name);
    const args = name === "add_numbers" ? { a: 5, b: 3 } : {};
    await world.servers.call(tool, args, QUIET).catch(async (error) => {
      if (!/wants a login/.test(error.message)) throw error;
      await logIn();
      await world.servers.call(tool, args, QUIET);
    });
  }
}
