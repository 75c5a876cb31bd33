/** T21: headers made to be slow to read do not hold up the program. */
import assert from "node:assert/strict";
import { assertKeepsPace } from "../pace.ts";
import { createHttpRequestTool } from "../../src/tools/http_request/http_request.ts";
import { callTool, openWorld } from "../fakes/outward_world.ts";

/** Values of one length, with a letter or with spaces in most places. */
const VALUES = ["b", " "].map((filling) => `a${filling.repeat(60_000)}b`) as [string, string];

Deno.test("T21 a header value with very many spaces in it is read at once", async () => {
  const [plain, spaced] = VALUES;
  const read = async (value: string) => {
    await using world = await openWorld({
      async speak(conn) {
        await conn.read(new Uint8Array(4096));
        const answer = `HTTP/1.1 200 OK\r\nA: ${value}\r\n\r\n`;
        await new Response(answer).body!.pipeTo(conn.writable);
      },
    });
    const tool = createHttpRequestTool(world.publicFetch);
    const result = await callTool(tool, { method: "GET", url: "http://site.test/" });
    assert.equal((result as { headers: Record<string, string> }).headers["a"], value);
  };
  await assertKeepsPace(() => read(spaced), () => read(plain), 20);
});

Deno.test("T21 a header that a program sends with very many spaces is read at once too", async () => {
  const [plain, spaced] = VALUES;
  await using world = await openWorld({ serve: () => new Response("hello") });
  const tool = createHttpRequestTool(world.publicFetch);
  const send = async (value: string) =>
    await callTool(tool, {
      method: "GET",
      url: "http://site.test/",
      headers: { a: ` ${value} ` },
    });
  await assertKeepsPace(() => send(spaced), () => send(plain), 20);
});
