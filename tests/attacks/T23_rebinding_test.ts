/** T23: the address that was checked is the one that is connected to; IC #518. */
import assert from "node:assert/strict";
import { parseAllowedHost } from "../../src/net/allowed_hosts.ts";
import { createHttpRequestTool } from "../../src/tools/http_request/http_request.ts";
import { createWebFetchTool } from "../../src/tools/web_fetch/web_fetch.ts";
import { PUBLIC_ADDRESS } from "../fakes/loopback_network.ts";
import { callTool, openWorld, type WorldParts } from "../fakes/outward_world.ts";
import { CALLER } from "../fakes/alone.ts";
import { createTestWorkers } from "../fakes/workers.ts";

const rebinding: NonNullable<WorldParts["names"]> = (
  _,
  times,
) => [times === 1 ? PUBLIC_ADDRESS : "127.0.0.1"];

Deno.test("T23 a name that is public once and private ever after is asked for once (A159)", async () => {
  await using world = await openWorld({ names: rebinding });
  const result = await callTool(createWebFetchTool(world.publicFetch, createTestWorkers()), {
    url: "http://site.test/",
  });
  assert.equal((result as { content: string }).content, "hello");
  assert.deepEqual(world.reached, [`${PUBLIC_ADDRESS}:80`]);
});

Deno.test("T23 the second call of a rebinding name is refused", async () => {
  await using world = await openWorld({ names: rebinding });
  const tool = createHttpRequestTool(world.publicFetch);
  await callTool(tool, { method: "GET", url: "http://site.test/" });
  await assert.rejects(callTool(tool, { method: "GET", url: "http://site.test/" }), {
    code: "network_blocked",
  });
  assert.deepEqual(world.reached, [`${PUBLIC_ADDRESS}:80`]);
});

Deno.test("T23 a name that turns private between two hops is refused at the second", async () => {
  await using world = await openWorld({
    names: rebinding,
    serve: () => new Response(null, { status: 302, headers: { location: "/again" } }),
  });
  await assert.rejects(
    callTool(createWebFetchTool(world.publicFetch, createTestWorkers()), {
      url: "http://site.test/",
    }),
    {
      code: "network_blocked",
      message: 'Cannot fetch "site.test": address 127.0.0.1 is of this machine.',
    },
  );
  assert.deepEqual(world.reached, [`${PUBLIC_ADDRESS}:80`]);
});

const nas = parseAllowedHost({
  url: "http://nas.test:8080",
  addresses: "192.168.1.0/24",
  tools: ["http_request"],
});
const nasNames = (address: string): NonNullable<WorldParts["names"]> => (name) =>
  name === "nas.test" ? [address] : [PUBLIC_ADDRESS];

Deno.test("T23 an internal host that the configuration opens is reached by its tool alone (A161)", async () => {
  await using world = await openWorld({
    names: nasNames("192.168.1.5"),
    allowHosts: [nas],
    places: ["192.168.1.5:8080"],
  });
  const request = createHttpRequestTool(world.publicFetch);
  const url = "http://nas.test:8080/status";
  const result = await callTool(request, { method: "GET", url });
  assert.equal((result as { content: string }).content, "hello");
  const blocked = { code: "network_blocked" };
  await assert.rejects(
    callTool(createWebFetchTool(world.publicFetch, createTestWorkers()), { url }),
    blocked,
  );
  for (const other of ["http://nas.test/", "https://nas.test:8080/", "http://192.168.1.5:8080/"]) {
    await assert.rejects(callTool(request, { method: "GET", url: other }), blocked, other);
  }
  assert.deepEqual(world.reached, ["192.168.1.5:8080"]);
});

Deno.test("T23 a call to an opened internal host is marked as internal for the gate", async () => {
  await using world = await openWorld({ allowHosts: [nas] });
  const context = CALLER;
  const prepared = await createHttpRequestTool(world.publicFetch).prepare(
    { method: "GET", url: "http://nas.test:8080/status" },
    context,
    new AbortController().signal,
  );
  assert.deepEqual(prepared.resource, {
    kind: "url",
    method: "GET",
    url: "http://nas.test:8080/status",
    internal: true,
  });
});

Deno.test("T23 an opened name whose address leaves its range is refused, public or not", async () => {
  for (const address of ["192.168.2.5", "127.0.0.1", PUBLIC_ADDRESS]) {
    await using world = await openWorld({ names: nasNames(address), allowHosts: [nas] });
    await assert.rejects(
      callTool(createHttpRequestTool(world.publicFetch), {
        method: "GET",
        url: "http://nas.test:8080/",
      }),
      { code: "network_blocked", message: /is outside its entry in network\.allowHosts/ },
    );
    assert.deepEqual(world.reached, []);
  }
});

Deno.test("T23 an opened internal host is never reached by a redirect, not even from itself (A161)", async () => {
  for (const start of ["http://site.test/", "http://nas.test:8080/"]) {
    await using world = await openWorld({
      names: nasNames("192.168.1.5"),
      allowHosts: [nas],
      places: ["192.168.1.5:8080"],
      serve: () =>
        new Response(null, { status: 302, headers: { location: "http://nas.test:8080/admin" } }),
    });
    await assert.rejects(
      callTool(createHttpRequestTool(world.publicFetch), { method: "GET", url: start }),
      { code: "network_blocked" },
    );
    assert.equal(world.reached.length, 1);
  }
});
