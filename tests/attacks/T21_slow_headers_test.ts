/** T21: headers made to be slow to read do not hold up the program. */
import assert from "node:assert/strict";
import { createHttpRequestTool } from "../../src/tools/http_request/http_request.ts";
import { callTool, openWorld } from "../fakes/outward_world.ts";

Deno.test("T21 a header value with very many spaces in it is read at once", async () => {
  const value = `a${" ".repeat(60_000)}b`;
  await using world = await openWorld({
    async speak(conn) {
      await conn.read(new Uint8Array(4096));
      const answer = `HTTP/1.1 200 OK\r\nA: ${value}\r\n\r\n`;
      await new Response(answer).body!.pipeTo(conn.writable);
    },
  });
  const tool = createHttpRequestTool(world.publicFetch);
  const started = performance.now();
  const result = await callTool(tool, { method: "GET", url: "http://site.test/" });
  assert.equal((result as { headers: Record<string, string> }).headers["a"], value);
  assert.ok(performance.now() - started < 1500);
});

Deno.test("T21 a header that a program sends with very many spaces is read at once too", async () => {
  await using world = await openWorld({ serve: () => new Response("hello") });
  const tool = createHttpRequestTool(world.publicFetch);
  const headers = { a: ` a${" ".repeat(60_000)}b ` };
  const started = performance.now();
  await callTool(tool, { method: "GET", url: "http://site.test/", headers });
  assert.ok(performance.now() - started < 1500);
});
