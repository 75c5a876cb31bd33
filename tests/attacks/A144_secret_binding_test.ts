/** A144, P079, P080, P082: a secret reaches its own hosts alone, whatever program and servers do. */
import assert from "node:assert/strict";
import type { JsonObject } from "../../src/domain/json.ts";
import { openSecretWorld, type SecretWorld, VALUE } from "../fakes/secret_world.ts";

const AUTH = { type: "bearer_secret", name: "KEY" };

/** Whether any server got the secret, in any place of a request. */
function leaked({ got }: SecretWorld, form = "CANARY"): boolean {
  return got.some((one) => JSON.stringify(one).includes(form));
}

Deno.test("A144 an address that only looks like the secret's host gets nothing, not even a connection (P080)", async () => {
  await using world = await openSecretWorld({
    names: () => ["93.184.216.34"],
  });
  await world.keep("KEY", ["https://site.test"]);
  for (
    const args of [
      { url: "https://other.test/", headers: { "X-Host": "site.test" } },
      { url: "http://site.test/" },
      { url: "https://site.test:8443/" },
      { url: "https://site.test.other.test/" },
      { url: "https://sub.site.test/" },
      { url: "https://93.184.216.34/" },
      { url: "https://other.test/site.test" },
      { url: "https://other.test/?https://site.test" },
    ] as JsonObject[]
  ) {
    const { code, message } = await world.call({ ...args, auth: AUTH });
    assert.equal(code, "secret_not_for_host", `${args.url}: ${message}`);
  }
  const hosts = await world.call({
    url: "https://other.test/",
    headers: { Host: "site.test" },
    auth: AUTH,
  });
  assert.equal(hosts.code, "tool_arguments_invalid");
  const user = await world.call({ url: "https://site.test@other.test/", auth: AUTH });
  assert.equal(user.code, "network_blocked");
  assert.deepEqual(world.world.reached, []);
  for (const url of ["https://SITE.test/", "https://site.test:443/"]) {
    assert.equal((await world.call({ url, auth: AUTH })).status, 200);
  }
});

Deno.test("A144 a secret that is bound to a path leaves it by no spelling (P082)", async () => {
  await using world = await openSecretWorld();
  await world.keep("KEY", ["https://site.test/v1/"]);
  for (const path of ["/v2/", "/v1/../v2/", "/v1%2f..%2fv2", "/v1/%2e%2e/v2", "/v1/..;/v2"]) {
    const { code } = await world.call({ url: `https://site.test${path}`, auth: AUTH });
    assert.equal(code, "secret_not_for_host", path);
  }
  assert.deepEqual(world.world.reached, []);
  assert.equal((await world.call({ url: "https://site.test/v1/x", auth: AUTH })).status, 200);
});

/** A chain of redirects that starts at https://site.test/. */
async function following(
  bound: readonly string[],
  places: readonly string[],
  auth: JsonObject,
  ...locations: readonly string[]
): Promise<{ world: SecretWorld; result: JsonObject }> {
  const queue = [...locations];
  const world = await openSecretWorld({
    serve() {
      const location = queue.shift();
      return location === undefined
        ? new Response("end")
        : new Response(null, { status: 307, headers: { location } });
    },
  });
  await world.keep("KEY", bound, places);
  return { world, result: await world.call({ url: "https://site.test/v1/", auth }) };
}

const PLACES = [
  [["bearer"], AUTH],
  [["header:Accept-Language"], { type: "header_secret", name: "KEY" }],
  [["header:X-Key"], { type: "header_secret", name: "KEY" }],
  [["query:key"], { type: "query_secret", name: "KEY" }],
] as const;

Deno.test("A144 no redirect carries a secret to another host, or out of its path, or back again", async () => {
  for (const [places, auth] of PLACES) {
    for (
      const locations of [
        ["https://other.test/"],
        ["//other.test/v1/"],
        ["https://other.test/", "https://site.test/v1/"],
        ["/v2/"],
        ["../v2/"],
      ]
    ) {
      const { world, result } = await following(
        ["https://site.test/v1/"],
        places,
        auth,
        ...locations,
      );
      await using _ = world;
      assert.equal(result.status, 200, JSON.stringify(result));
      const [first, ...later] = world.got.map((one) => JSON.stringify(one).includes("CANARY"));
      assert.ok(first, "the first request has it");
      assert.deepEqual(later, locations.map(() => false), `${places}: ${locations}`);
    }
    const { world, result } = await following(["https://site.test/v1/"], places, auth, "x/y");
    await using _ = world;
    assert.equal(result.status, 200);
    assert.ok(world.got.every((one) => JSON.stringify(one).includes("CANARY")), "within its path");
  }
});

Deno.test("A144 a secret bound to two hosts does not travel from one to the other by a redirect", async () => {
  const { world } = await following(
    ["https://site.test", "https://other.test"],
    ["bearer"],
    AUTH,
    "https://other.test/",
  );
  await using _ = world;
  assert.deepEqual(world.got.map(({ headers }) => "authorization" in headers), [true, false]);
});

Deno.test("A144 an address with the secret in it is not followed, and not told", async () => {
  for (
    const location of [
      `https://other.test/?stolen=${VALUE}`,
      `https://other.test/${encodeURIComponent(VALUE)}`,
      `https://other.test/?b=${btoa(VALUE)}`,
      `/again?key=${encodeURIComponent(VALUE)}`,
    ]
  ) {
    const { world, result } = await following(["site.test"], ["bearer"], AUTH, location);
    await using _ = world;
    assert.equal(result.code, "network_blocked");
    assert.ok(!JSON.stringify(result).includes("CANARY"), String(result.message));
    assert.equal(world.got.length, 1);
  }
});

Deno.test("A162 a secret never goes to a server that cannot prove its name, whatever the configuration says", async () => {
  await using world = await openSecretWorld({ sslFallbackInsecure: true, caCerts: [] });
  for (const [places, auth] of PLACES) {
    await world.keep("KEY", ["https://site.test"], places);
    const { code } = await world.call({ url: "https://site.test/", auth });
    assert.equal(code, "network_failed");
  }
  assert.deepEqual(world.got, []);
  assert.equal((await world.call({ url: "https://site.test/" })).insecure_tls, true);
  assert.ok(!leaked(world));
});

Deno.test("A144 a redirect to a server that cannot prove its name is not followed by a call with a secret", async () => {
  await using world = await openSecretWorld({
    sslFallbackInsecure: true,
    caCerts: [],
    serve: ({ url }) =>
      url.startsWith("http:")
        ? new Response(null, { status: 302, headers: { location: "https://other.test/" } })
        : new Response("end"),
  });
  await world.keep("KEY", ["http://site.test"]);
  assert.equal((await world.call({ url: "http://site.test/", auth: AUTH })).code, "network_failed");
});
