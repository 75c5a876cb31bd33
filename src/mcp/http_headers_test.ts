import assert from "node:assert/strict";
import { guardFor } from "../../tests/fakes/mcp_http.ts";
import { McpWorld, QUIET } from "../../tests/fakes/mcp.ts";

const COMPLETE = { resultType: "complete", ttlMs: 0, cacheScope: "private" };
const NAME = "wetter_köln";

Deno.test("headers of the newer protocol mirror the call, and no argument splits them (P176)", async () => {
  const calls: Headers[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    if (request.method !== "POST") return new Response("", { status: 405 });
    const { id, method } = await request.json();
    if (id === undefined) return new Response(null, { status: 202 });
    if (method === "tools/call") calls.push(request.headers);
    const result = resultOf(method);
    return Response.json(
      result
        ? { jsonrpc: "2.0", id, result: { ...COMPLETE, ...result } }
        : { jsonrpc: "2.0", id, error: { code: -32601, message: "Method not found" } },
    );
  });
  const origin = `http://127.0.0.1:${server.addr.port}`;
  {
    const publicFetch = guardFor(origin);
    await using world = await McpWorld.of({ s: { url: `${origin}/mcp` } }, { publicFetch });
    const tool = await world.approve("s", NAME);
    await world.servers.call(tool, { city: "line1\nX-Evil: 1" }, QUIET);
  }
  await server.shutdown();
  const [headers] = calls;
  assert.equal(calls.length, 1);
  assert.equal(headers?.get("mcp-method"), "tools/call");
  const encoded = new TextEncoder().encode(NAME).toBase64();
  assert.equal(headers?.get("mcp-name"), `=?base64?${encoded}?=`);
  assert.match(headers?.get("mcp-param-city") ?? "", /^=\?base64\?[A-Za-z0-9+/]+=*\?=$/);
  assert.equal(headers?.get("x-evil"), null);
});

function resultOf(method: string): object | undefined {
  switch (method) {
    case "server/discover":
      return {
        supportedVersions: ["2026-07-28"],
        capabilities: { tools: {} },
        serverInfo: { name: "modern", version: "1" },
      };
    case "tools/list": {
      const city = { type: "string", "x-mcp-header": "City" };
      return { tools: [{ name: NAME, inputSchema: { type: "object", properties: { city } } }] };
    }
    case "tools/call":
      return { content: [{ type: "text", text: "rain" }] };
  }
  return undefined;
}
