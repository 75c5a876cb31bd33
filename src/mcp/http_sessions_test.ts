import assert from "node:assert/strict";
import { guardFor } from "../../tests/fakes/mcp_http.ts";
import { McpWorld, QUIET } from "../../tests/fakes/mcp.ts";

/** A server of the older protocol on loopback, which forgets a session after so many calls. */
class ForgetfulServer implements AsyncDisposable {
  readonly done: string[] = [];
  gets = 0;
  sessions = 0;
  #left = 0;
  readonly #server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => this.#answer(request),
  );

  constructor(private readonly calls: number, private readonly getStatus: number) {}

  get origin(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  async #answer(request: Request): Promise<Response> {
    const text = await request.text();
    if (request.method === "GET") this.gets++;
    if (request.method !== "POST") return new Response("", { status: this.getStatus });
    const { id, method, params } = JSON.parse(text);
    if (method === "initialize") {
      this.#left = this.calls;
      this.sessions++;
      const result = {
        protocolVersion: "2025-11-25",
        capabilities: { tools: {} },
        serverInfo: { name: "forgetful", version: "1" },
      };
      const headers = { "mcp-session-id": `session-${this.sessions}` };
      return Response.json({ jsonrpc: "2.0", id, result }, { headers });
    }
    const session = request.headers.get("mcp-session-id");
    if (session !== `session-${this.sessions}` || this.#left < 0) {
      return new Response("", { status: session === null ? 400 : 404 });
    }
    if (id === undefined) return new Response(null, { status: 202 });
    if (method === "tools/list") {
      const tools = [{ name: "add", inputSchema: { type: "object" } }];
      return Response.json({ jsonrpc: "2.0", id, result: { tools } });
    }
    if (--this.#left < 0) return new Response("", { status: 404 });
    this.done.push(params.arguments.which);
    const result = { content: [{ type: "text", text: "added" }] };
    return Response.json({ jsonrpc: "2.0", id, result });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

for (const getStatus of [404, 405]) {
  Deno.test(`a session that the server forgot is begun anew, and each call is done once; GET answers ${getStatus} (P145, P147)`, async () => {
    await using server = new ForgetfulServer(2, getStatus);
    const publicFetch = guardFor(server.origin);
    await using world = await McpWorld.of({ s: { url: `${server.origin}/mcp` } }, { publicFetch });
    const add = await world.approve("s", "add");
    const calls = ["1", "2", "3", "4", "5"];
    for (const which of calls) await world.servers.call(add, { which }, QUIET);
    assert.deepEqual(server.done, calls);
    assert.equal(server.sessions, 3);
    assert.ok(server.gets <= server.sessions, `${server.gets} GETs`);
  });
}
