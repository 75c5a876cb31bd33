/**
 * T21: no spelling of a non-public address is ever connected to, by either tool, at once or after
 * a redirect. CVE-2026-26324, -28467, -28476, -35629, -31989, -34504, -44116, -62201.
 */
import assert from "node:assert/strict";
import { CodedError } from "../../src/domain/failure.ts";
import type { PublicFetch } from "../../src/net/public_fetch.ts";
import { createHttpRequestTool } from "../../src/tools/http_request/http_request.ts";
import type { Tool } from "../../src/tools/tool.ts";
import { createWebFetchTool } from "../../src/tools/web_fetch/web_fetch.ts";
import { PUBLIC_ADDRESS } from "../fakes/loopback_network.ts";
import { callTool, openWorld, type World } from "../fakes/outward_world.ts";
import { LITERALS, LOCAL_NAMES, NAMES, TRICKS } from "./addresses.ts";
import { createTestWorkers } from "../fakes/workers.ts";

const ALL = [
  ...[...LITERALS, ...LOCAL_NAMES].map((host) => `http://${host}/`),
  ...Object.keys(NAMES).map((name) => `http://${name}/`),
  ...["127.0.0.1:8080", "[::1]:22", "loopback.test:6379"].map((host) => `https://${host}/x?y`),
  ...TRICKS,
];

const TOOLS: readonly ((publicFetch: PublicFetch) => [Tool, Record<string, string>])[] = [
  (publicFetch) => [createWebFetchTool(publicFetch, createTestWorkers()), {}],
  (publicFetch) => [createHttpRequestTool(publicFetch), { method: "POST", body: "x" }],
];

const openNames = (serve?: Deno.ServeHandler) =>
  openWorld({
    names: (name) => NAMES[name] ?? (name === "site.test" ? [PUBLIC_ADDRESS] : []),
    ...(serve ? { serve } : {}),
  });

async function refusal(tool: Tool, args: Record<string, string>): Promise<string> {
  try {
    await callTool(tool, args);
  } catch (error) {
    assert.ok(error instanceof CodedError, `${args["url"]}: ${error}`);
    return error.code;
  }
  return "not refused";
}

function assertReached(world: World, expected: readonly string[], url: string): void {
  assert.deepEqual(world.reached, expected, url);
}

Deno.test("T21 neither tool connects to any address that is not public (A156, A157)", async () => {
  assert.ok(ALL.length >= 120, String(ALL.length));
  await using world = await openNames();
  for (const build of TOOLS) {
    const [tool, args] = build(world.publicFetch);
    for (const url of ALL) {
      const code = await refusal(tool, { ...args, url });
      const expected = URL.canParse(url) ? ["network_blocked"] : ["tool_arguments_invalid"];
      assert.ok(expected.includes(code), `${tool.name} ${url}: ${code}`);
      assertReached(world, [], url);
    }
  }
});

Deno.test("T21 an address that is no public one is refused before the person is asked", async () => {
  await using world = await openNames();
  for (const host of LITERALS) {
    assert.throws(
      () => world.publicFetch.examine("web_fetch", `http://${host}/`),
      { code: "network_blocked" },
      host,
    );
  }
});

Deno.test("T21 no redirect leads to an address that is not public (A158)", async () => {
  let location = "";
  await using world = await openNames(() =>
    new Response(null, { status: 307, headers: { location } })
  );
  for (const build of TOOLS) {
    const [tool, args] = build(world.publicFetch);
    let tried = 0;
    for (const url of ALL) {
      // a header holds bytes, and what is relative leads back to the same public server
      location = encodeURI(url).replaceAll("%25", "%").replace(/%5[BD]/g, decodeURIComponent);
      const target = URL.parse(location, "http://site.test/");
      if (target?.host === "site.test") continue;
      tried++;
      const before = world.reached.length;
      const code = await refusal(tool, { ...args, url: "http://site.test/" });
      assert.match(code, /^network_(?:blocked|failed)$/, `${tool.name} ${url}`);
      assertReached(world, [...world.reached.slice(0, before), `${PUBLIC_ADDRESS}:80`], url);
    }
    assert.ok(tried >= 110, String(tried));
  }
});

Deno.test("T21 the error names the host, the address and what it is", async () => {
  await using world = await openNames();
  await assert.rejects(
    callTool(createWebFetchTool(world.publicFetch, createTestWorkers()), {
      url: "http://private.test/",
    }),
    {
      code: "network_blocked",
      message: 'Cannot fetch "private.test": address 10.1.2.3 is private.',
    },
  );
});
