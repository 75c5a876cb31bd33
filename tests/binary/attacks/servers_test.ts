import assert from "node:assert/strict";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { JsonObject } from "../../../src/domain/json.ts";
import { Guest } from "./guest.ts";

// T21, T22 with the binary: servers that mean harm, opened by the configuration.

const encoder = new TextEncoder();
const MIB = 2 ** 20;

type Speech = (conn: Deno.Conn) => Promise<void>;

/** Servers that speak TCP, and the binary that may reach them. */
async function withServers(
  speeches: readonly Speech[],
  use: (guest: Guest, urls: readonly string[], grants: readonly string[]) => Promise<void>,
): Promise<void> {
  const listeners = speeches.map(() => Deno.listen({ hostname: "127.0.0.1", port: 0 }));
  const done = listeners.map(async (listener, index) => {
    for await (const conn of listener) {
      await conn.read(new Uint8Array(65_536));
      speeches[index]?.(conn).catch(() => {}).finally(() => quietly(() => conn.close()));
    }
  });
  const urls = listeners.map(({ addr }) => `http://127.0.0.1:${(addr as Deno.NetAddr).port}`);
  const tools = ["http_request"];
  const allowHosts = urls.map((url) => ({ url, addresses: "127.0.0.1", tools }));
  await using guest = await Guest.open({ network: { allowHosts } });
  try {
    await use(guest, urls, urls.map((url) => `http_request:path:${url}/`));
  } finally {
    for (const listener of listeners) listener.close();
    await Promise.all(done);
  }
}

function quietly(action: () => void): void {
  try {
    action();
  } catch {
    // the other side was first
  }
}

const get = (url: string): [string, JsonObject] => ["http_request", { method: "GET", url }];

const say = async (conn: Deno.Conn, ...pieces: readonly (string | Uint8Array)[]) => {
  for (const piece of pieces) {
    const bytes = typeof piece === "string" ? encoder.encode(piece) : piece;
    await new Response(bytes as Uint8Array<ArrayBuffer>).body?.pipeTo(conn.writable, {
      preventClose: true,
    });
  }
};

const OK = "HTTP/1.1 200 OK\r\nconnection: close\r\n";

Deno.test("T21 the binary gives a server that talks without end neither time nor memory without end", async () => {
  const bomb = gzipSync(new Uint8Array(200 * MIB));
  const strange = brotliCompressSync(new Uint8Array(20 * MIB));
  const spaces = `a${" ".repeat(60_000)}b`;
  await withServers([
    async (conn) => {
      await say(conn, OK);
      for (;;) await say(conn, "A: b\r\n".repeat(1000));
    },
    async (conn) => {
      await say(conn, `${OK}content-type: text/plain\r\n\r\n`);
      for (;;) await say(conn, "x".repeat(65_536));
    },
    (conn) => say(conn, `${OK}content-encoding: gzip\r\ncontent-type: text/html\r\n\r\n`, bomb),
    (conn) => say(conn, `${OK}content-encoding: br\r\ncontent-type: text/html\r\n\r\n`, strange),
    (conn) => say(conn, `${OK}A: ${spaces}\r\n\r\n`),
    (conn) => say(conn, "HTTP/1.1 302 Found\r\nlocation: http://[broken\r\n\r\n"),
  ], async (guest, urls, grants) => {
    const [pouring, endless, unpacked, unknown, slow, broken] = await guest.call(
      urls.map(get),
      grants,
    );
    const result = (end: typeof pouring) => end?.result as JsonObject;
    assert.equal(pouring?.code, "network_failed");
    assert.equal(result(endless).truncated, true);
    assert.equal(result(unpacked).truncated, true);
    assert.equal(result(unknown).content, "");
    assert.equal((result(slow).headers as JsonObject).a, spaces);
    assert.equal(broken?.code, "network_failed");
  });
});

Deno.test("T22 proxies that the environment names hear nothing of the binary's tools", async () => {
  let heard = 0;
  await using proxy = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
    heard++;
    return new Response("proxied");
  });
  const address = `http://127.0.0.1:${proxy.addr.port}`;
  const names = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];
  const env = Object.fromEntries(
    names.flatMap((name) => [[name, address], [name.toLowerCase(), address]]),
  );
  const speech: Speech = (conn) => say(conn, `${OK}content-type: text/plain\r\n\r\ndirect`);
  await withServers([speech], async (guest, urls, grants) => {
    const [end] = await guest.call(urls.map(get), grants, env);
    assert.equal((end?.result as JsonObject).content, "direct");
  });
  assert.equal(heard, 0);
});
