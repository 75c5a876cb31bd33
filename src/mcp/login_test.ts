import assert from "node:assert/strict";
import { AuthServer, guardFor } from "../../tests/fakes/mcp_http.ts";
import { McpWorld, QUIET } from "../../tests/fakes/mcp.ts";
import { readServerEntry } from "./entry.ts";
import { logInto } from "./login.ts";
import type { KeptLogin, LoginStore } from "./login_store.ts";

/** Logins in memory. */
function createStore(): LoginStore & { kept: KeptLogin } {
  return {
    kept: {},
    read() {
      return Promise.resolve(this.kept);
    },
    write(_, login) {
      this.kept = login;
      return Promise.resolve();
    },
    remove() {
      this.kept = {};
      return Promise.resolve(true);
    },
  };
}

async function logIn(server: AuthServer, logins: LoginStore, ...more: readonly string[]) {
  const publicFetch = guardFor(server.origin, ...more);
  let brought = new URLSearchParams();
  const screen = {
    redirectUrl: "http://127.0.0.1:9/callback",
    state: "the-state",
    show: (url: URL) => void (brought = server.authorize(url)),
    wait: () => Promise.resolve(brought),
  };
  const entry = readServerEntry("s", { url: server.url });
  await logInto(entry, { publicFetch, logins }, screen, QUIET);
  return await McpWorld.of({ s: { url: server.url } }, { publicFetch, logins });
}

const tokenCalls = (server: AuthServer) =>
  server.arrived.filter(({ body }) => body.includes("grant_type="));

for (const resource of ["header", "path", "root", "none"] as const) {
  Deno.test(`a login finds its way when the server says it in: ${resource} (P166, P169)`, async () => {
    await using server = new AuthServer({ resource });
    const logins = createStore();
    await using world = await logIn(server, logins);
    const echo = await world.approve("s", "echo");
    await world.servers.call(echo, {}, QUIET);
    assert.equal(logins.kept.accessToken, "access-token-1");
    const [exchange] = tokenCalls(server);
    if (resource !== "none") {
      assert.equal(new URLSearchParams(exchange?.body).get("resource"), server.url);
    }
    for (const { path, authorization } of server.arrived) {
      if (path !== "/mcp") assert.equal(authorization, null, path);
    }
  });
}

Deno.test("a token that ended is renewed where the issuer says, without a person (P165)", async () => {
  await using server = new AuthServer({ resource: "path" });
  const logins = createStore();
  await using world = await logIn(server, logins);
  const echo = await world.approve("s", "echo");
  server.expire();
  await world.servers.call(echo, {}, QUIET);
  assert.equal(logins.kept.accessToken, "access-token-2");
  assert.deepEqual(
    tokenCalls(server).map(({ path }) => path),
    ["/oauth2/api/v1/token", "/oauth2/api/v1/token"],
  );
});

Deno.test("a server that names another issuer later gets no token of the first (P167)", async () => {
  await using server = new AuthServer({ resource: "path" });
  await using evil = new AuthServer({ resource: "path" });
  const logins = createStore();
  await using world = await logIn(server, logins, evil.origin);
  const echo = await world.approve("s", "echo");
  const before = server.arrived.length;
  server.evil = `${evil.origin}/oauth2`;
  server.expire();
  await assert.rejects(world.servers.call(echo, {}, QUIET), /wants a login/);
  for (const { path, body } of [...server.arrived.slice(before), ...evil.arrived]) {
    assert.ok(!body.includes("refresh-token-"), path);
  }
});
