import assert from "node:assert/strict";
import type { JsonObject } from "../../../src/domain/json.ts";
import { LITERALS, LOCAL_NAMES, NAMES, TRICKS } from "../../attacks/addresses.ts";
import { startNameServer } from "../../fakes/name_server.ts";
import { Guest } from "./guest.ts";

// T21, T23 with the binary: everything is granted, and a witness listens at this machine's own
// addresses. Nothing of it may ever hear anything.

const GRANTS = ["web_fetch:*", "http_request:*"];

/** Listens at all addresses of this machine and counts who comes. */
function startWitness() {
  const listener = Deno.listen({ hostname: "0.0.0.0", port: 0 });
  let heard = 0;
  const done = (async () => {
    for await (const conn of listener) {
      heard++;
      conn.close();
    }
  })();
  return {
    port: listener.addr.port,
    heard: () => heard,
    async [Symbol.asyncDispose]() {
      listener.close();
      await done;
    },
  };
}

const addressesAt = (port: number) => [
  ...[...LITERALS, ...LOCAL_NAMES, ...Object.keys(NAMES)].map((host) => `http://${host}:${port}/`),
  ...TRICKS,
  ...TRICKS.map((trick) => trick.replace(/127\.0\.0\.1(?!:)/, `127.0.0.1:${port}`)),
];

const calling = (url: string): [string, JsonObject][] => [
  ["web_fetch", { url }],
  ["http_request", { method: "POST", url, body: "x" }],
];

const openNames = () => startNameServer((name) => NAMES[name] ?? []);

Deno.test("T21 the binary connects to no address that is not public, in any spelling or name", async () => {
  await using witness = startWitness();
  await using names = await openNames();
  await using guest = await Guest.open({ network: { nameServers: [names.address] } });
  const calls = addressesAt(witness.port).flatMap(calling);
  const ends = await guest.call(calls, GRANTS);
  assert.equal(ends.length, calls.length);
  for (const [index, { code }] of ends.entries()) {
    const url = String(calls[index]?.[1].url);
    const expected = URL.canParse(url) ? "network_blocked" : "tool_arguments_invalid";
    assert.equal(code, expected, JSON.stringify(calls[index]));
  }
  assert.equal(witness.heard(), 0);
});

Deno.test("T21 the binary follows no redirect from an opened host to an address that is not public", async () => {
  await using witness = startWitness();
  const targets = addressesAt(witness.port).filter((url) => /^[a-z]+:\/\//.test(url)).map((url) =>
    encodeURI(url).replaceAll("%25", "%").replace(/%5[BD]/g, decodeURIComponent)
  );
  await using site = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    ({ url }) => {
      const location = targets[Number(new URL(url).pathname.slice(1))] ?? "/";
      return new Response(null, { status: 307, headers: { location } });
    },
  );
  const url = `http://127.0.0.1:${site.addr.port}`;
  const tools = ["web_fetch", "http_request"];
  await using guest = await Guest.open({
    network: { allowHosts: [{ url, addresses: "127.0.0.1", tools }] },
  });
  const calls = targets.flatMap((_, index) => calling(`${url}/${index}`));
  const own = tools.map((tool) => `${tool}:path:${url}/`);
  const ends = await guest.call(calls, [...GRANTS, ...own]);
  for (const [index, { code }] of ends.entries()) {
    const target = targets[Math.floor(index / 2)];
    assert.match(String(code), /^network_(blocked|failed)$/, `${calls[index]} to ${target}`);
  }
  assert.equal(witness.heard(), 0);
});

Deno.test("T21 the witness hears the binary where the configuration opens its address", async () => {
  await using witness = startWitness();
  const url = `http://127.0.0.1:${witness.port}`;
  await using guest = await Guest.open({
    network: { allowHosts: [{ url, addresses: "127.0.0.1", tools: ["web_fetch"] }] },
  });
  const [end] = await guest.call([["web_fetch", { url }]], [`web_fetch:path:${url}/`]);
  assert.equal(end?.code, "network_failed", "it says nothing");
  assert.ok(witness.heard() > 0);
});

Deno.test("T23 an opened name whose address leaves its range is refused by the binary, by every tool", async () => {
  await using witness = startWitness();
  await using names = await startNameServer(() => ["127.0.0.1"]);
  const url = `http://nas.test:${witness.port}`;
  const entry = { url, addresses: "192.168.0.0/17", tools: ["web_fetch"] };
  await using guest = await Guest.open({
    network: { nameServers: [names.address], allowHosts: [entry] },
  });
  const grants = ["web_fetch", "http_request"].map((tool) => `${tool}:path:${url}/`);
  const ends = await guest.call(calling(url), [...GRANTS, ...grants]);
  assert.deepEqual(ends.map(({ code }) => code), ["network_blocked", "network_blocked"]);
  assert.equal(witness.heard(), 0);
});
