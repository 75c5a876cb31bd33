/** T24: what may be a credential never follows a redirect to another scheme, host or port. */
import assert from "node:assert/strict";
import { createHttpRequestTool } from "../../src/tools/http_request/http_request.ts";
import { callTool, openWorld } from "../fakes/outward_world.ts";

const CREDENTIALS = {
  authorization: "Bearer secret-token",
  cookie: "session=secret-token",
  "x-api-key": "secret-token",
  "x-auth-token": "secret-token",
};
const HARMLESS = { "accept-language": "de", "content-type": "application/json" };

/** Headers that arrive at the end of a chain of redirects that starts at http://site.test/. */
async function headersAfter(...locations: readonly string[]): Promise<Record<string, string>> {
  const queue = [...locations];
  let last: Headers | undefined;
  await using world = await openWorld({
    serve(request) {
      last = request.headers;
      const location = queue.shift();
      return location === undefined
        ? new Response("end")
        : new Response(null, { status: 307, headers: { location } });
    },
  });
  await callTool(createHttpRequestTool(world.publicFetch), {
    method: "POST",
    url: "http://site.test/",
    headers: { ...CREDENTIALS, ...HARMLESS },
    body: "{}",
  });
  assert.equal(world.reached.length, locations.length + 1);
  return Object.fromEntries(last ?? []);
}

const kept = (headers: Record<string, string>) =>
  Object.keys(CREDENTIALS).filter((name) => name in headers);

Deno.test("T24 credentials stay with the same scheme, host and port", async () => {
  const headers = await headersAfter("/next");
  assert.deepEqual(kept(headers), Object.keys(CREDENTIALS));
});

Deno.test("T24 credentials are dropped when host, port or scheme change (A158)", async () => {
  for (
    const location of [
      "http://other.test/",
      "http://site.test:8080/",
      "https://site.test/",
      "//other.test/",
    ]
  ) {
    const headers = await headersAfter(location);
    assert.deepEqual(kept(headers), [], location);
    assert.equal(headers["accept-language"], "de", location);
    assert.equal(headers["content-type"], "application/json", location);
    assert.ok(!JSON.stringify(headers).includes("secret-token"), location);
  }
});

Deno.test("T24 credentials that were dropped do not come back with the first host", async () => {
  const headers = await headersAfter("http://other.test/", "http://site.test/");
  assert.deepEqual(kept(headers), []);
});

Deno.test("T24 a redirect from https to http is refused", async () => {
  await using world = await openWorld({
    serve: () => new Response(null, { status: 302, headers: { location: "http://site.test/" } }),
  });
  await assert.rejects(
    callTool(createHttpRequestTool(world.publicFetch), {
      method: "GET",
      url: "https://site.test/",
      headers: CREDENTIALS,
    }),
    { code: "network_blocked", message: /from https to unprotected http/ },
  );
  assert.equal(world.reached.length, 1);
});

Deno.test("T24 a redirect that holds a user name and password is refused", async () => {
  await using world = await openWorld({
    serve: () =>
      new Response(null, { status: 302, headers: { location: "http://a:b@site.test/" } }),
  });
  await assert.rejects(
    callTool(createHttpRequestTool(world.publicFetch), { method: "GET", url: "http://site.test/" }),
    { code: "network_blocked", message: /user name or password/ },
  );
});

Deno.test("T24 a body with a secret is not carried on to another host", async () => {
  for (const [status, goesOn] of [[307, false], [308, false], [303, true]] as const) {
    await using world = await openWorld({
      serve: ({ url }) =>
        new URL(url).hostname === "site.test"
          ? new Response(null, { status, headers: { location: "http://other.test/" } })
          : new Response("end"),
    });
    const sent = world.publicFetch.send(
      {
        tool: "http_request",
        method: "POST",
        url: "http://site.test/",
        headers: {},
        body: "token=secret",
        carriesSecret: true,
      },
      {
        mayFollow: () => Promise.resolve(true),
        limits: { bytes: 1000, timeMs: 60_000, redirects: 5 },
      },
      new AbortController().signal,
    );
    if (goesOn) assert.equal((await sent).status, 200);
    else await assert.rejects(sent, { code: "network_blocked", message: /body with a secret/ });
    assert.equal(world.reached.length, goesOn ? 2 : 1);
  }
});
