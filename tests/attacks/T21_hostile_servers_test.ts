/** T21: a public server that means harm gets neither more time nor more memory than it is given. */
import assert from "node:assert/strict";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { createHttpRequestTool } from "../../src/tools/http_request/http_request.ts";
import { createWebFetchTool } from "../../src/tools/web_fetch/web_fetch.ts";
import { callTool, openWorld } from "../fakes/outward_world.ts";
import { createTestWorkers } from "../fakes/workers.ts";

const encoder = new TextEncoder();
const LIMITS = { bytes: 1_000_000, timeMs: 400, redirects: 5 };
const GET = { method: "GET", url: "http://site.test/" };

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Talks without end, until the other side hangs up. */
async function forever(conn: Deno.Conn, piece: string, pauseMs: number): Promise<void> {
  await conn.read(new Uint8Array(4096));
  for (;;) {
    await conn.write(encoder.encode(piece));
    if (pauseMs > 0) await pause(pauseMs);
  }
}

Deno.test("T21 a server that never answers is given up in time", async () => {
  await using world = await openWorld({
    speak: (conn) => conn.readable.pipeTo(new WritableStream()),
  });
  await assert.rejects(
    callTool(createHttpRequestTool(world.publicFetch, { limits: LIMITS }), GET),
    { code: "tool_timeout" },
  );
});

Deno.test("T21 a server that never ends its TLS handshake is given up in time", async () => {
  await using world = await openWorld({
    speak: () => pause(LIMITS.timeMs + 400),
  });
  await assert.rejects(
    callTool(createHttpRequestTool(world.publicFetch, { limits: LIMITS }), {
      ...GET,
      url: "https://site.test/",
    }),
    { code: "tool_timeout" },
  );
});

Deno.test("T21 headers that drip without end are given up in time", async () => {
  await using world = await openWorld({ speak: (conn) => forever(conn, "H", 20) });
  await assert.rejects(
    callTool(createHttpRequestTool(world.publicFetch, { limits: LIMITS }), GET),
    { code: "tool_timeout" },
  );
});

Deno.test("T21 headers that pour without end are refused by their size", async () => {
  const piece = "A: b\r\n".repeat(1000);
  await using world = await openWorld({
    async speak(conn) {
      await conn.write(encoder.encode("HTTP/1.1 200 OK\r\n"));
      await forever(conn, piece, 0);
    },
  });
  await assert.rejects(
    callTool(
      createHttpRequestTool(world.publicFetch, { limits: { ...LIMITS, timeMs: 60_000 } }),
      GET,
    ),
    { code: "network_failed", message: /too long/ },
  );
});

Deno.test("T21 a body that drips without end is given up in time", async () => {
  await using world = await openWorld({
    async speak(conn) {
      await conn.write(encoder.encode("HTTP/1.1 200 OK\r\n\r\n"));
      await forever(conn, "x", 20);
    },
  });
  await assert.rejects(
    callTool(createWebFetchTool(world.publicFetch, createTestWorkers(), { limits: LIMITS }), {
      url: GET.url,
    }),
    { code: "tool_timeout" },
  );
});

Deno.test("T21 a body without end is cut at the limit, and the result says so", async () => {
  await using world = await openWorld({
    async speak(conn) {
      await conn.write(encoder.encode("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n"));
      await forever(conn, "x".repeat(65_536), 0);
    },
  });
  const limits = { ...LIMITS, timeMs: 60_000 };
  const result = await callTool(createHttpRequestTool(world.publicFetch, { limits }), GET);
  const { truncated, content } = result as { truncated: boolean; content: string };
  assert.deepEqual([truncated, content.length], [true, 1_000_000]);
});

Deno.test("T21 a gzip bomb is stopped at the limit without being unpacked", async () => {
  const bomb = new Uint8Array(gzipSync(new Uint8Array(200_000_000)));
  await using world = await openWorld({
    serve: () =>
      new Response(bomb, { headers: { "content-encoding": "gzip", "content-type": "text/html" } }),
  });
  const limits = { ...LIMITS, timeMs: 60_000 };
  const before = Deno.memoryUsage().rss;
  const { body, truncated } = await world.publicFetch.send(
    { tool: "web_fetch", method: "GET", url: GET.url, headers: {} },
    { mayFollow: () => Promise.resolve(true), limits },
    new AbortController().signal,
  );
  assert.deepEqual([body.length, truncated], [1_000_000, true]);
  const grown = Deno.memoryUsage().rss - before;
  assert.ok(grown < 100_000_000, `${grown} bytes more`);
});

Deno.test("T21 brotli, which nobody asked for, is not unpacked at all", async () => {
  const bomb = new Uint8Array(brotliCompressSync(new Uint8Array(20_000_000), {
    params: { [constants.BROTLI_PARAM_QUALITY]: 4 },
  }));
  await using world = await openWorld({
    serve: () =>
      new Response(bomb, { headers: { "content-encoding": "br", "content-type": "text/html" } }),
  });
  for (
    const [tool, args] of [
      [createWebFetchTool(world.publicFetch, createTestWorkers()), { url: GET.url }],
      [createHttpRequestTool(world.publicFetch), GET],
    ] as const
  ) {
    const result = await callTool(tool, args) as Record<string, unknown>;
    assert.equal(result["content"], "");
    assert.deepEqual(result["binary"], { type: "text/html (br)", bytes: bomb.length });
  }
});

Deno.test("T21 a circle of redirects ends at its limit", async () => {
  await using world = await openWorld({
    serve: ({ url }) => new Response(null, { status: 302, headers: { location: `${url}x` } }),
  });
  const tool = createWebFetchTool(world.publicFetch, createTestWorkers(), {
    limits: { ...LIMITS, timeMs: 60_000 },
  });
  const { hostname } = new URL(GET.url);
  const reply = { kind: "turn", scope: `host:${hostname}:80` } as const;
  await assert.rejects(callTool(tool, { url: GET.url }, reply, reply), {
    code: "network_failed",
    message: /more than 5 times/,
  });
  assert.equal(world.reached.length, 6);
});

Deno.test("T21 a redirect that the person refuses is not followed", async () => {
  await using world = await openWorld({
    serve: () => new Response(null, { status: 302, headers: { location: "http://other.test/" } }),
  });
  for (const reply of [{ kind: "reject" }, { kind: "unavailable" }] as const) {
    const before = world.reached.length;
    await assert.rejects(
      callTool(createWebFetchTool(world.publicFetch, createTestWorkers()), { url: GET.url }, reply),
      {
        code: "approval_denied",
      },
    );
    assert.equal(world.reached.length, before + 1);
  }
});

Deno.test("T21 a redirect whose address is none is an error", async () => {
  await using world = await openWorld({
    serve: () => new Response(null, { status: 302, headers: { location: "http://[broken" } }),
  });
  await assert.rejects(callTool(createHttpRequestTool(world.publicFetch), GET), {
    code: "network_failed",
    message: /which is no address/,
  });
});
