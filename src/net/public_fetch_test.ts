import assert from "node:assert/strict";
import { openWorld, type World } from "../../tests/fakes/outward_world.ts";
import { CodedError } from "../domain/failure.ts";
import type { FetchPolicy, OutwardRequest } from "./public_fetch.ts";

const LIMITS = { bytes: 100_000, timeMs: 60_000, redirects: 3 };

function send(
  world: World,
  request: Partial<OutwardRequest> & { readonly url: string },
  policy: Partial<FetchPolicy> = {},
) {
  return world.publicFetch.send(
    { tool: "web_fetch", method: "GET", headers: {}, ...request },
    { mayFollow: () => Promise.resolve(true), limits: LIMITS, ...policy },
    new AbortController().signal,
  );
}

const failsWith = (code: string, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof CodedError, String(error));
  assert.equal(error.code, code, error.message);
  assert.match(error.message, message);
  return true;
};

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test("a request arrives with its method, path, query, headers, body and host", async () => {
  await using world = await openWorld({
    async serve(request) {
      const { pathname, search } = new URL(request.url);
      const { headers } = request;
      return Response.json([
        request.method,
        pathname + search,
        headers.get("host"),
        headers.get("x-own"),
        headers.get("user-agent"),
        headers.get("content-length"),
        await request.text(),
      ]);
    },
  });
  for (const url of ["http://site.test:8080/a%20b?c=1#d", "https://site.test/a%20b?c=1#d"]) {
    const { status, body, finalUrl, hops } = await send(world, {
      url,
      method: "POST",
      headers: { "X-Own": "1" },
      body: "héllo",
    });
    const { host } = new URL(url);
    assert.equal(status, 200);
    assert.deepEqual(JSON.parse(text(body)), [
      "POST",
      "/a%20b?c=1",
      host,
      "1",
      "ClamBot/test",
      "6",
      "héllo",
    ]);
    assert.equal(finalUrl, url.replace("#d", ""));
    assert.deepEqual(hops, [finalUrl]);
  }
  assert.deepEqual(world.reached, ["93.184.216.34:8080", "93.184.216.34:443"]);
});

Deno.test("a certificate of another name is an error that names the host", async () => {
  await using world = await openWorld({ names: () => ["93.184.216.34"] });
  await assert.rejects(
    send(world, { url: "https://wrong.test/" }),
    failsWith("network_failed", /Cannot fetch "https:\/\/wrong\.test\/": its certificate is not/),
  );
});

Deno.test("a certificate of an unknown authority is an error", async () => {
  await using world = await openWorld({ caCerts: [] });
  await assert.rejects(
    send(world, { url: "https://site.test/" }),
    failsWith("network_failed", /certificate is not valid \(UnknownIssuer\)/),
  );
  assert.equal(world.reached.length, 1);
});

Deno.test("unverified TLS is used only when the configuration says so, is logged and shown (A162)", async () => {
  await using world = await openWorld({ caCerts: [], sslFallbackInsecure: true });
  const { status, insecureTls, body } = await send(world, { url: "https://site.test/" });
  assert.deepEqual([status, insecureTls, text(body)], [200, true, "hello"]);
  assert.deepEqual(world.warnings, ["tls_not_verified"]);
});

Deno.test("what may be a credential never goes over unverified TLS (A162)", async () => {
  await using world = await openWorld({ caCerts: [], sslFallbackInsecure: true });
  const credentials: readonly Partial<OutwardRequest>[] = [
    { headers: { authorization: "Bearer x" } },
    { headers: { cookie: "a=b" } },
    { headers: { "x-api-key": "k" } },
    { carriesSecret: true },
  ];
  for (const request of credentials) {
    await assert.rejects(
      send(world, { url: "https://site.test/", ...request }),
      failsWith("network_failed", /certificate/),
    );
  }
  assert.deepEqual(world.warnings, []);
});

Deno.test("redirects change method and body as the Fetch standard says", async () => {
  const rows: readonly (readonly [number, string, string, boolean])[] = [
    [301, "POST", "GET", false],
    [302, "POST", "GET", false],
    [303, "POST", "GET", false],
    [303, "PUT", "GET", false],
    [303, "HEAD", "HEAD", false],
    [301, "PUT", "PUT", true],
    [307, "POST", "POST", true],
    [308, "PATCH", "PATCH", true],
  ];
  for (const [status, method, expected, keepsBody] of rows) {
    const seen: unknown[] = [];
    await using world = await openWorld({
      async serve(request) {
        if (new URL(request.url).pathname === "/end") {
          seen.push(request.method, await request.text(), request.headers.get("content-type"));
          return new Response(null);
        }
        return new Response(null, { status, headers: { location: "/end" } });
      },
    });
    const body = method === "HEAD" ? {} : { body: "b" };
    const headers = method === "HEAD" ? undefined : { "content-type": "text/x" };
    const { finalUrl, hops } = await send(world, {
      url: "http://site.test/",
      method,
      headers: headers ?? {},
      ...body,
    });
    assert.deepEqual(
      seen,
      [expected, keepsBody ? "b" : "", keepsBody ? "text/x" : null],
      `${status}`,
    );
    assert.equal(finalUrl, "http://site.test/end");
    assert.deepEqual(hops, ["http://site.test/", "http://site.test/end"]);
  }
});

Deno.test("each redirect is asked for with its complete address and new method", async () => {
  await using world = await openWorld({
    serve: ({ url }) =>
      new URL(url).pathname === "/a"
        ? new Response(null, { status: 302, headers: { location: "https://other.test/b?c=d#e" } })
        : new Response("never"),
  });
  const asked: string[] = [];
  await assert.rejects(
    send(world, { url: "http://site.test/a", method: "POST", body: "x" }, {
      mayFollow: (url, method) => Promise.resolve(asked.push(`${method} ${url}`) === 0),
    }),
    failsWith(
      "approval_denied",
      /redirects to "https:\/\/other\.test\/b\?c=d", which was not allowed/,
    ),
  );
  assert.deepEqual(asked, ["GET https://other.test/b?c=d"]);
  assert.deepEqual(world.reached, ["93.184.216.34:80"]);
});

Deno.test("the time that a person takes to answer does not count", async () => {
  await using world = await openWorld({
    serve: ({ url }) =>
      new URL(url).pathname === "/"
        ? new Response(null, { status: 302, headers: { location: "/end" } })
        : new Response("end"),
  });
  const { body } = await send(world, { url: "http://site.test/" }, {
    limits: { ...LIMITS, timeMs: 2_000 },
    mayFollow: () => new Promise((resolve) => setTimeout(() => resolve(true), 2_200)),
  });
  assert.equal(text(body), "end");
});

Deno.test("a name without an address is an error, never a pass (A160)", async () => {
  await using world = await openWorld();
  await assert.rejects(
    send(world, { url: "http://absent.test/" }),
    failsWith("network_failed", /Cannot fetch "absent\.test": the name has no address/),
  );
  assert.deepEqual(world.reached, []);
});

Deno.test("a name server that keeps silent is an error within the time limit", async () => {
  await using world = await openWorld({ names: () => "silence" });
  await assert.rejects(
    send(world, { url: "http://site.test/" }, { limits: { ...LIMITS, timeMs: 300 } }),
    failsWith("tool_timeout", /no complete answer/),
  );
});

Deno.test("when one address cannot be reached the next one is tried", async () => {
  await using world = await openWorld({
    names: () => ["93.184.216.35", "93.184.216.34"],
    closed: ["93.184.216.35:80"],
  });
  const { body } = await send(world, { url: "http://site.test/" });
  assert.equal(text(body), "hello");
  assert.deepEqual([...world.reached].sort(), ["93.184.216.34:80", "93.184.216.35:80"]);
});

Deno.test("a request that may have arrived is never sent a second time", async () => {
  await using world = await openWorld({
    names: () => ["93.184.216.34", "93.184.216.36"],
    places: ["93.184.216.36:80"],
    speak: async (conn) => void await conn.read(new Uint8Array(4096)),
  });
  await assert.rejects(
    send(world, { url: "http://site.test/", method: "POST", body: "pay" }),
    failsWith("network_failed", /broke off/),
  );
  assert.equal(world.reached.length, 1);
});

Deno.test("an abort ends a request under way", async () => {
  await using world = await openWorld({
    speak: (conn) => conn.readable.pipeTo(new WritableStream()),
  });
  const abort = new AbortController();
  const sent = world.publicFetch.send(
    { tool: "web_fetch", method: "GET", url: "http://site.test/", headers: {} },
    { mayFollow: () => Promise.resolve(true), limits: LIMITS },
    abort.signal,
  );
  setTimeout(() => abort.abort(), 50);
  await assert.rejects(sent, { name: "AbortError" });
});

Deno.test("headers that belong to the connection, and line breaks, are refused by name", async () => {
  await using world = await openWorld();
  const wrong: readonly (readonly [string, string])[] = [
    ["Host", "x"],
    ["content-length", "1"],
    ["Transfer-Encoding", "chunked"],
    ["Connection", "close"],
    ["Proxy-Authorization", "x"],
    ["accept-encoding", "br"],
    ["X-A", "a\r\nHost: evil"],
    ["X-B", "a\nb"],
    ["X-C", "a\u0000b"],
    ["X D", "a"],
    ["X-E", "€"],
  ];
  for (const [name, value] of wrong) {
    await assert.rejects(
      send(world, { url: "http://site.test/", headers: { [name]: value } }),
      failsWith("tool_arguments_invalid", new RegExp(`^headers\\.${name} `)),
    );
  }
  assert.deepEqual(world.reached, []);
});

Deno.test("an address that holds a user name, a password or both is refused, and not repeated", async () => {
  await using world = await openWorld();
  for (const who of ["ada:pw-canary", "ada-canary", ":pw-canary", "%3apw-canary"]) {
    const url = `http://${who}@site.test/`;
    await assert.rejects(send(world, { url }), (error) => {
      assert.ok(failsWith("network_blocked", /"site\.test": the address holds a user name/)(error));
      assert.doesNotMatch(String(error), /canary/);
      return true;
    });
    assert.throws(() => world.publicFetch.examine("web_fetch", url), { code: "network_blocked" });
  }
  assert.deepEqual(world.reached, []);
});

Deno.test("as many redirects are followed as the limit says, and no more", async () => {
  for (
    const [redirects, length, arrives] of [[0, 0, true], [0, 1, false], [3, 3, true], [
      3,
      4,
      false,
    ]] as const
  ) {
    await using world = await openWorld({
      serve(request) {
        const at = Number(new URL(request.url).pathname.slice(1));
        if (at === length) return new Response("end");
        return new Response(null, { status: 302, headers: { location: `/${at + 1}` } });
      },
    });
    const sent = world.publicFetch.send(
      { tool: "web_fetch", method: "GET", url: "http://site.test/0", headers: {} },
      { mayFollow: () => Promise.resolve(true), limits: { ...LIMITS, redirects } },
      new AbortController().signal,
    );
    if (arrives) assert.equal(text((await sent).body), "end");
    else await assert.rejects(sent, failsWith("network_failed", /redirects more than \d times/));
    assert.equal(world.reached.length, Math.min(redirects, length) + 1);
  }
});

Deno.test("three addresses of a host are tried, and no fourth", async () => {
  const addresses = [1, 2, 3, 4].map((n) => `93.184.216.${n}`);
  await using world = await openWorld({
    names: () => addresses,
    closed: addresses.slice(0, 3).map((address) => `${address}:80`),
    places: [`${addresses[3]}:80`],
  });
  await assert.rejects(send(world, { url: "http://site.test/" }), { code: "network_failed" });
  assert.deepEqual(world.reached, addresses.slice(0, 3).map((address) => `${address}:80`));
});
