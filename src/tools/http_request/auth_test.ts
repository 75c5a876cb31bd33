import assert from "node:assert/strict";
import { CALLER, NOBODY_TO_ASK } from "../../../tests/fakes/alone.ts";
import { openSecretWorld, VALUE } from "../../../tests/fakes/secret_world.ts";
import { parseSecretHost } from "../../secrets/secret_host.ts";
import type { SecretWish } from "../../secrets/secret_wish.ts";
import type { Person } from "../tool.ts";

const BEARER = { type: "bearer_secret", name: "KEY" };

Deno.test("http_request puts a secret into each of its places, and into no other (A143, A144)", async () => {
  const rows = [
    ["bearer", BEARER, "authorization", `Bearer ${VALUE}`],
    [
      "basic:me",
      { type: "basic_secret", name: "KEY" },
      "authorization",
      `Basic ${btoa(`me:${VALUE}`)}`,
    ],
    ["basic", { type: "basic_secret", name: "KEY" }, "authorization", `Basic ${btoa(`${VALUE}:`)}`],
    ["header:X-Key", { type: "header_secret", name: "KEY" }, "x-key", VALUE],
    ["header:X-Key", { type: "header_secret", name: "KEY", parameter: "x-key" }, "x-key", VALUE],
  ] as const;
  for (const [place, auth, header, sent] of rows) {
    await using world = await openSecretWorld();
    await world.keep("KEY", ["https://site.test"], [place]);
    const result = await world.call({ url: "https://site.test/a?b=c", auth });
    assert.equal(result.status, 200, JSON.stringify(result));
    assert.equal(world.got[0]?.headers[header], sent);
    assert.equal(world.got[0]?.url, "https://site.test/a?b=c");
    assert.deepEqual(world.uses, [
      { name: "KEY", use: { host: "site.test", place, program: null } },
    ]);
  }
});

Deno.test("http_request puts a secret into the address, and shows it in no result", async () => {
  await using world = await openSecretWorld();
  await world.keep("KEY", ["https://site.test"], ["query:api_key"]);
  const auth = { type: "query_secret", name: "KEY" };
  const result = await world.call({ url: "https://site.test/a?b=c", auth });
  assert.equal(new URL(world.got[0]?.url ?? "").searchParams.get("api_key"), VALUE);
  assert.equal(new URL(world.got[0]?.url ?? "").searchParams.get("b"), "c");
  assert.equal(result.final_url, "https://site.test/a?b=c");
  assert.ok(!JSON.stringify(result).includes("CANARY"));
});

Deno.test("a secret is refused for another place than its own, and nothing is sent (P082)", async () => {
  await using world = await openSecretWorld();
  await world.keep("KEY", ["https://site.test"], ["header:X-Key"]);
  for (
    const auth of [
      BEARER,
      { type: "basic_secret", name: "KEY" },
      { type: "query_secret", name: "KEY", parameter: "X-Key" },
      { type: "header_secret", name: "KEY", parameter: "X-Other" },
    ]
  ) {
    const { code } = await world.call({ url: "https://site.test/", auth });
    assert.equal(code, "secret_not_for_place", JSON.stringify(auth));
  }
  assert.deepEqual(world.world.reached, []);
});

Deno.test("an own header, or parameter, where the secret goes is refused by the stable code (A143)", async () => {
  for (
    const [place, type, args] of [
      ["bearer", "bearer_secret", { headers: { AUTHORIZATION: "x" } }],
      ["basic", "basic_secret", { headers: { authorization: "x" } }],
      ["header:X-Key", "header_secret", { headers: { "x-KEY": "x" } }],
      ["query:key", "query_secret", { url: "https://site.test/?key=x" }],
    ] as const
  ) {
    await using world = await openSecretWorld();
    await world.keep("KEY", ["https://site.test"], [place]);
    const auth = { type, name: "KEY" };
    const { code } = await world.call({ url: "https://site.test/", auth, ...args });
    assert.equal(code, "authorization_header_conflicts_with_auth", place);
    assert.deepEqual(world.world.reached, []);
  }
});

Deno.test("a clam uses the secrets that it declares and no others", async () => {
  await using world = await openSecretWorld();
  await world.keep("KEY", ["https://site.test"]);
  const call = (secrets: readonly string[]) =>
    world.call({ url: "https://site.test/", auth: BEARER }, {
      context: { ...CALLER, program: { name: "Crab counter", secrets } },
    });
  const refused = await call(["OTHER"]);
  assert.equal(refused.code, "tool_arguments_invalid");
  assert.match(String(refused.message), /argument "auth.name": .* does not declare/);
  assert.deepEqual(world.world.reached, []);
  assert.equal((await call(["KEY"])).status, 200);
  assert.equal(world.uses[0]?.use.program, "Crab counter");
});

Deno.test("a secret that is not kept is asked for once, behind the approval, and only for the hosts that the person chose", async () => {
  await using world = await openSecretWorld();
  const wishes: SecretWish[] = [];
  const giving = (hosts: readonly string[]): Person => ({
    ...NOBODY_TO_ASK,
    async askSecret(wish) {
      wishes.push(wish);
      const bound = { hosts: hosts.map(parseSecretHost), places: [wish.place] };
      await world.vault.put({ name: wish.name, value: VALUE, ...bound });
      return (await world.vault.find(wish.name))!;
    },
  });
  const context = { ...CALLER, foreign: true, program: { name: "Crab counter" } };
  const ask = { url: "https://SITE.test/v1?x=1", auth: BEARER };
  const elsewhere = await world.call(ask, { context, person: giving(["other.test"]) });
  assert.equal(elsewhere.code, "secret_not_for_host");
  assert.deepEqual(world.world.reached, []);
  await world.vault.remove("KEY");
  const person = giving(["site.test"]);
  assert.equal((await world.call(ask, { context, person })).status, 200);
  assert.equal((await world.call(ask, { context, person })).status, 200);
  assert.equal(wishes.length, 2);
  assert.deepEqual(wishes[1], {
    name: "KEY",
    hosts: [parseSecretHost("https://site.test")],
    place: { kind: "bearer" },
    foreign: true,
    program: "Crab counter",
  });
  assert.deepEqual(world.got.map(({ headers }) => headers["authorization"]), [
    `Bearer ${VALUE}`,
    `Bearer ${VALUE}`,
  ]);
});

Deno.test("what the secret's name or place lacks is said as an argument", async () => {
  await using world = await openSecretWorld();
  for (
    const [auth, words] of [
      [{ type: "bearer_secret", name: "a b" }, /auth\.name/],
      [{ type: "bearer_secret", name: "providers.groq.apiKey" }, /auth\.name/],
      [{ type: "header_secret", name: "NEW" }, /auth\.parameter/],
      [{ type: "query_secret", name: "NEW" }, /auth\.parameter/],
      [{ type: "bearer", name: "NEW" }, /auth\.type/],
    ] as const
  ) {
    const { code, message } = await world.call({ url: "https://site.test/", auth });
    assert.equal(code, "tool_arguments_invalid");
    assert.match(String(message), words);
  }
});
