import { TEST_CERTIFICATE } from "../../fakes/loopback_network.ts";
import { startNameServer } from "../../fakes/name_server.ts";
import type { Pipeline } from "../pipeline.ts";
import { type Cases, together } from "./cases.ts";
import { valueOf } from "./run.ts";

// One program asks three servers on loopback: one by its address, one by a name, and one whose
// certificate nobody vouches for.

const HTTP = ["http_request"];

interface NetworkServers extends Readonly<Record<string, { readonly url: string }>> {
  readonly plain: { readonly url: string };
  readonly named: { readonly url: string };
  readonly secure: { readonly url: string };
  /** Knows the name as an address that is allowed. */
  readonly right: { readonly url: string };
  /** Knows it as another one. */
  readonly wrong: { readonly url: string };
}

async function startServers(stack: AsyncDisposableStack): Promise<NetworkServers> {
  const serve = (more = {}) => {
    const options = { hostname: "127.0.0.1", port: 0, onListen() {}, ...more };
    const server = stack.use(Deno.serve(options, () => new Response("hello")));
    return server.addr.port;
  };
  const answering = async (address: string) => {
    const server = stack.use(await startNameServer(() => [address]));
    return { url: server.address };
  };
  const port = serve();
  return {
    plain: { url: `http://127.0.0.1:${port}` },
    named: { url: `http://site.test:${port}` },
    secure: { url: `https://127.0.0.1:${serve(TEST_CERTIFICATE)}` },
    right: await answering("127.0.0.1"),
    wrong: await answering("127.0.0.9"),
  };
}

/** What came of asking each server: the status, or why there is none. */
async function askAll(pipeline: Pipeline, { plain, named, secure }: NetworkServers) {
  const script = `
    const ask = (url) => http_request({method: "GET", url}).then(
      ({status, insecure_tls}) => insecure_tls ? "unverified " + status : String(status),
      ({code, message}) => code + ": " + message.replace(/^.*": /, ""),
    );
    return {
      plain: await ask("${plain.url}"),
      named: await ask("${named.url}"),
      secure: await ask("${secure.url}"),
    };`;
  return await valueOf(pipeline, script, "http_request") as {
    readonly plain: string;
    readonly named: string;
    readonly secure: string;
  };
}

const opened = (...names: string[]) =>
  names.map((name) => ({ url: `{${name}}`, addresses: "127.0.0.1", tools: HTTP }));

export const network: Cases = together({
  given: { agents: { approvals: { enabled: false } } },
  start: startServers,
  observe: askAll,
}, {
  "network.allowHosts": {
    values: [opened("named", "secure"), opened("named", "secure", "plain")],
    mark: ({ plain }) => plain,
    expected: ["network_blocked: address 127.0.0.1 is of this machine.", "200"],
  },
  "network.nameServers": {
    values: [["{right}"], ["{wrong}"]],
    mark: ({ named }) => named,
    expected: [
      "200",
      "network_blocked: address 127.0.0.9 is outside its entry in network.allowHosts.",
    ],
  },
  "security.sslFallbackInsecure": {
    values: [false, true],
    mark: ({ secure }) => secure,
    expected: ["network_failed: its certificate is not valid (UnknownIssuer).", "unverified 200"],
  },
});
