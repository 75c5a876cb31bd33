import assert from "node:assert/strict";
import { OAuth2Server } from "oauth2-mock-server";
import { type CallbackListener, createCallbackListener } from "../../src/platform/callback.ts";
import { createRandom } from "../../src/platform/deno.ts";
import { openFiles } from "../../src/platform/files.ts";
import { createFetch } from "../../src/platform/provider_fetch.ts";
import {
  logIn,
  logInByDevice,
  type LoginPorts,
  openLogin,
} from "../../src/providers/codex_login.ts";
import { createFakeClock, type FakeClock } from "../fakes/clock.ts";
import { failureOf } from "./provider_bench.ts";

// A198, A199: the login with ChatGPT, against an OAuth server that others wrote.

const never = () => new AbortController().signal;

interface Bench {
  readonly ports: LoginPorts & { readonly clock: FakeClock };
  readonly home: string;
  /** How the server was asked for tokens. */
  readonly grants: Record<string, string>[];
  readonly server: OAuth2Server;
}

function withIssuer(promise: string, test: (bench: Bench) => Promise<void>): void {
  // The mock's own server leaves timers behind.
  const sanitizers = { sanitizeOps: false, sanitizeResources: false };
  Deno.test({ name: promise, ...sanitizers }, async () => {
    const home = await Deno.makeTempDir();
    const endpoints = { authorize: "/oauth/authorize", token: "/oauth/token" };
    const server = new OAuth2Server(undefined, undefined, { endpoints });
    const grants: Record<string, string>[] = [];
    try {
      await server.issuer.keys.generate("RS256");
      await server.start(0, "127.0.0.1");
      server.service.on("beforeTokenSigning", (token) => {
        token.payload["https://api.openai.com/auth"] = { chatgpt_account_id: "acct-7" };
      });
      server.service.on("beforeResponse", (_, request) => grants.push({ ...request.body }));
      const ports = {
        fetch: createFetch(),
        clock: createFakeClock(Date.now()),
        random: createRandom(),
        secrets: openFiles(home).under("secrets"),
        issuer: `http://127.0.0.1:${server.address().port}`,
      };
      await test({ ports, home, grants, server });
    } finally {
      await server.stop().catch(() => {}); // it was never started
      await Deno.remove(home, { recursive: true });
    }
  });
}

/** The listener at a free port in place of the registered one, and what a browser does with it. */
function browserAt(port: number) {
  const real = createCallbackListener();
  const listener: CallbackListener = {
    wait: ({ path }, accept, signal) => real.wait({ port, path }, accept, signal),
  };
  const open = async (url: string): Promise<string> => {
    const response = await fetch(url, { redirect: "manual" });
    await response.body?.cancel();
    return response.headers.get("location") ?? "";
  };
  const follow = async (address: string): Promise<number> => {
    const local = address.replace("http://localhost:1455/", `http://127.0.0.1:${port}/`);
    const response = await fetch(local);
    await response.body?.cancel();
    return response.status;
  };
  const listens = async (): Promise<void> => {
    for (;;) {
      try {
        return (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
  };
  return { listener, listens, open, follow };
}

/** The same on a clock whose sleeps never end. */
function patient(ports: Bench["ports"]): LoginPorts {
  return { ...ports, clock: { ...ports.clock, sleep: () => new Promise<void>(() => {}) } };
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

withIssuer("a login comes back by itself, is proven by PKCE, and kept for its owner only", async (
  { ports, home, grants },
) => {
  const { listener, listens, open, follow } = browserAt(freePort());
  const strangers: number[] = [];
  const show = async (url: string) => {
    const query = new URL(url).searchParams;
    assert.equal(query.get("code_challenge_method"), "S256");
    assert.ok((query.get("state") ?? "").length >= 32);
    assert.equal(query.get("redirect_uri"), "http://localhost:1455/auth/callback");
    const back = await open(url);
    await listens();
    strangers.push(await follow(back.replace(/state=[^&]+/, "state=forged")));
    strangers.push(await follow(back.replace("/auth/callback", "/elsewhere")));
    assert.equal(await follow(back), 200);
  };
  const shown: Promise<void>[] = [];
  await logIn(patient(ports), listener, { show: (url) => shown.push(show(url)) }, never());
  await Promise.all(shown);
  assert.deepEqual(strangers, [400, 404]);
  const stored = await openLogin(ports).load();
  assert.equal(stored?.accountId, "acct-7");
  assert.ok(stored && stored.expires > ports.clock.now() + 60_000);
  assert.equal((await Deno.stat(`${home}/secrets/codex.json`)).mode! & 0o777, 0o600);
  assert.equal(grants.length, 1);
  assert.equal(grants[0]?.grant_type, "authorization_code");
  assert.ok((grants[0]?.code_verifier ?? "").length >= 43);
});

const PASTES: readonly (readonly [string, (back: string) => string])[] = [
  ["the whole address", (back) => `  ${back}\n`],
  ["its query", (back) => back.replace(/^[^?]*/, "")],
  ["its query without the question mark", (back) => back.replace(/^[^?]*\?/, "")],
  ["code#state", (back) => {
    const query = new URL(back).searchParams;
    return `${query.get("code")}#${query.get("state")}`;
  }],
  ["the code alone", (back) => new URL(back).searchParams.get("code")!],
];

for (const [what, cut] of PASTES) {
  withIssuer(`a login on another machine is finished by pasting ${what}`, async ({ ports }) => {
    const { listener, open } = browserAt(freePort());
    let back: Promise<string> | undefined;
    const screen = {
      show: (url: string) => void (back = open(url)),
      paste: async () => cut(await back!),
    };
    await logIn(ports, listener, screen, never());
    assert.equal((await openLogin(ports).load())?.accountId, "acct-7");
  });
}

withIssuer("an answer that belongs to another login is refused, also when pasted", async (
  { ports, grants },
) => {
  const { listener } = browserAt(freePort());
  for (
    const answer of ["?code=abc&state=forged", "abc#forged", "?error=access_denied", "", "a b"]
  ) {
    const screen = { show() {}, paste: () => Promise.resolve(answer) };
    const error = await failureOf(logIn(ports, listener, screen, never()));
    assert.equal(error.code, "provider_auth", answer);
    assert.match(error.failure.hint ?? "", /provider login openai-codex/);
  }
  assert.deepEqual(grants, []);
  assert.equal(await openLogin(ports).load(), undefined);
});

withIssuer("a login that nobody finishes ends after two minutes, and the port is free", async (
  { ports },
) => {
  const port = freePort();
  const { listener } = browserAt(port);
  const error = await failureOf(logIn(ports, listener, { show() {} }, never()));
  assert.match(error.message, /two minutes/);
  Deno.listen({ hostname: "127.0.0.1", port }).close();
});

withIssuer("a port that is taken is told, unless something can be pasted", async ({ ports }) => {
  const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { listener, open } = browserAt(taken.addr.port);
  const error = await failureOf(logIn(patient(ports), listener, { show() {} }, never()));
  assert.match(error.message, /port 1455 is not free/);
  let back: Promise<string> | undefined;
  const screen = { show: (url: string) => void (back = open(url)), paste: () => back! };
  await logIn(ports, listener, screen, never());
  taken.close();
});

withIssuer("a token is renewed a minute before its end, and not earlier", async (bench) => {
  const { ports, grants } = bench;
  const { clock } = ports;
  const login = openLogin(ports);
  const expires = clock.now() + 3_600_000;
  await login.save({ access: "old", refresh: "first", expires, accountId: "acct-1" });
  clock.advance(3_600_000 - 61_000);
  assert.equal((await login.fresh(never())).access, "old");
  assert.equal(grants.length, 0);
  clock.advance(2000);
  const renewed = await login.fresh(never());
  assert.notEqual(renewed.access, "old");
  assert.equal(grants[0]?.refresh_token, "first");
  assert.deepEqual(await openLogin(ports).load(), renewed);
});

withIssuer(
  "processes take turns: whoever comes second uses the first one's token",
  async (bench) => {
    const { ports, grants } = bench;
    await openLogin(ports).save({ access: "old", refresh: "first", expires: 0 });
    const all = await Promise.all(
      Array.from({ length: 5 }, () => openLogin(ports).fresh(never())),
    );
    assert.equal(grants.length, 1);
    assert.equal(new Set(all.map(({ access }) => access)).size, 1);
  },
);

withIssuer(
  "a login that has ended is told with the next step, and stays as it is",
  async (bench) => {
    const { ports, server } = bench;
    server.service.once("beforeResponse", (response) => {
      response.statusCode = 400;
      response.body = { error: "invalid_grant" };
    });
    await openLogin(ports).save({ access: "old", refresh: "secret-refresh-token-1", expires: 0 });
    const error = await failureOf(openLogin(ports).fresh(never()));
    assert.equal(error.code, "provider_auth");
    assert.match(error.failure.hint ?? "", /provider login openai-codex/);
    assert.ok(!JSON.stringify([error.failure, error.detail]).includes("secret-refresh"));
    assert.equal((await openLogin(ports).load())?.refresh, "secret-refresh-token-1");
  },
);

withIssuer("logging out forgets the login", async ({ ports, home }) => {
  const login = openLogin(ports);
  assert.equal(await login.remove(), false);
  await login.save({ access: "a", refresh: "r", expires: 0 });
  assert.equal(await login.remove(), true);
  await assert.rejects(Deno.stat(`${home}/secrets/codex.json`), Deno.errors.NotFound);
  assert.equal((await failureOf(login.fresh(never()))).code, "provider_auth");
});

Deno.test("a login by a code on another device waits for it to be typed in", async () => {
  const home = await Deno.makeTempDir();
  const asked: string[] = [];
  let polls = 0;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const path = new URL(request.url).pathname;
    asked.push(`${path} ${await request.text()}`);
    if (path.endsWith("/usercode")) {
      return Response.json({ device_auth_id: "dev-1", user_code: "ABCD-1234", interval: "3" });
    }
    if (path.endsWith("/deviceauth/token")) {
      if (++polls < 3) return new Response("pending", { status: 403 });
      return Response.json({ authorization_code: "code-1", code_verifier: "ver-1" });
    }
    return Response.json({ access_token: "access", refresh_token: "refresh", expires_in: 3600 });
  });
  try {
    const clock = createFakeClock();
    const issuer = `http://127.0.0.1:${server.addr.port}`;
    const secrets = openFiles(home);
    const ports = { fetch: createFetch(), clock, random: createRandom(), secrets, issuer };
    const shown: string[] = [];
    await logInByDevice(ports, (code) => shown.push(`${code.url} ${code.userCode}`), never());
    assert.deepEqual(shown, [`${issuer}/codex/device ABCD-1234`]);
    assert.deepEqual(clock.slept, [3000, 3000]);
    assert.match(asked.at(-1)!, /^\/oauth\/token .*code=code-1.*code_verifier=ver-1/);
    assert.match(asked.at(-1)!, /redirect_uri=[^&]*deviceauth%2Fcallback/);
    assert.equal((await openLogin(ports).load())?.access, "access");
  } finally {
    await server.shutdown();
    await Deno.remove(home, { recursive: true });
  }
});
