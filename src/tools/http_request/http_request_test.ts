import assert from "node:assert/strict";
import { callTool, openWorld } from "../../../tests/fakes/outward_world.ts";
import type { JsonObject } from "../../domain/json.ts";
import { createHttpRequestTool } from "./http_request.ts";
import { CALLER } from "../../../tests/fakes/alone.ts";

const url = "http://site.test/a?b=c";

/** Calls the tool against a server that tells what it got. */
async function echo(args: JsonObject): Promise<[Record<string, unknown>, Record<string, string>]> {
  let got: Record<string, string> = {};
  await using world = await openWorld({
    async serve(request) {
      const type = request.headers.get("content-type") ?? "";
      got = { method: request.method, url: request.url, type, body: await request.text() };
      return new Response(request.method === "HEAD" ? null : "ok");
    },
  });
  const result = await callTool(createHttpRequestTool(world.publicFetch), { url, ...args });
  return [result as Record<string, unknown>, got];
}

/** What the tool makes of one answer. */
async function answered(
  body: BodyInit | null,
  init: ResponseInit,
): Promise<Record<string, unknown>> {
  await using world = await openWorld({ serve: () => new Response(body, init) });
  const tool = createHttpRequestTool(world.publicFetch);
  return await callTool(tool, { method: "GET", url }) as Record<string, unknown>;
}

async function refused(args: JsonObject) {
  await using world = await openWorld();
  const tool = createHttpRequestTool(world.publicFetch);
  try {
    await callTool(tool, args);
  } catch (error) {
    assert.deepEqual(world.reached, []);
    return error as { code: string; message: string };
  }
  throw new Error("not refused");
}

Deno.test("http_request says which methods mean the same when they are sent twice", async () => {
  await using world = await openWorld();
  const tool = createHttpRequestTool(world.publicFetch);
  const said: Record<string, boolean | undefined> = {};
  for (const method of ["GET", "HEAD", "PUT", "DELETE", "POST", "patch"]) {
    const signal = new AbortController().signal;
    said[method] = (await tool.prepare({ method, url }, CALLER, signal)).idempotent;
  }
  const twice = { GET: true, HEAD: true, PUT: true, DELETE: true };
  assert.deepEqual(said, { ...twice, POST: false, patch: false });
});

Deno.test("http_request performs the six methods, in any case (A142)", async () => {
  for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "post"]) {
    const [result, got] = await echo({ method });
    assert.equal(got["method"], method.toUpperCase());
    assert.deepEqual([result["ok"], result["status"]], [true, 200]);
    assert.equal(result["content"], method === "HEAD" ? "" : "ok");
  }
});

Deno.test("http_request returns status, headers, type, text and whether it was cut (A142, A146)", async () => {
  const headers = new Headers({ "content-type": "application/json", "x-a": "1" });
  headers.append("set-cookie", "a=1; Path=/");
  headers.append("set-cookie", "b=2");
  const { headers: got, ...result } = await answered('{"a":1}', { status: 201, headers });
  assert.deepEqual(result, {
    ok: true,
    status: 201,
    content_type: "application/json",
    content: '{"a":1}',
    truncated: false,
    final_url: url,
  });
  const { "x-a": own, "set-cookie": cookies } = got as Record<string, string>;
  assert.deepEqual([own, cookies], ["1", "a=1; Path=/\nb=2"]);
});

Deno.test("http_request is ok for 200 to 399 and returns every other status as a result", async () => {
  for (
    const [status, ok] of [[200, true], [304, true], [399, true], [400, false], [
      503,
      false,
    ]] as const
  ) {
    const result = await answered(status === 304 ? null : "x", { status });
    assert.deepEqual([result["ok"], result["status"]], [ok, status]);
  }
});

Deno.test("http_request returns a status that nobody knows as a result", async () => {
  await using world = await openWorld({
    async speak(conn) {
      await conn.read(new Uint8Array(4096));
      await new Response("HTTP/1.1 999 Denied\r\n\r\nno").body!.pipeTo(conn.writable);
    },
  });
  const result = await callTool(createHttpRequestTool(world.publicFetch), { method: "GET", url });
  const { ok, status, content } = result as Record<string, unknown>;
  assert.deepEqual([ok, status, content], [false, 999, "no"]);
});

Deno.test("http_request sends a text as it is and any other value as JSON", async () => {
  const rows: readonly (readonly [JsonObject, string, string])[] = [
    [{ body: "a=b" }, "a=b", "text/plain;charset=utf-8"],
    [{ body: { a: ["ü", 1, null] } }, '{"a":["ü",1,null]}', "application/json"],
    [{ body: [1] }, "[1]", "application/json"],
    [{ body: false }, "false", "application/json"],
    [
      { body: "a=b", headers: { "Content-Type": "application/x-www-form-urlencoded" } },
      "a=b",
      "application/x-www-form-urlencoded",
    ],
    [
      { body: { a: 1 }, headers: { "content-type": "application/vnd.x+json" } },
      '{"a":1}',
      "application/vnd.x+json",
    ],
    [{ body: null }, "null", "application/json"],
    [{ body: { a: "\ud800" } }, '{"a":"\\ud800"}', "application/json"],
    [{}, "", ""],
    [{ method: "GET", body: null }, "", ""],
  ];
  for (const [args, body, type] of rows) {
    const [, got] = await echo({ method: "POST", ...args });
    assert.deepEqual([got["body"], got["type"]], [body, type]);
  }
});

Deno.test("http_request reports a binary answer by type and size (A146)", async () => {
  const result = await answered(new Uint8Array([0, 1, 2, 255]), {
    headers: { "content-type": "application/octet-stream" },
  });
  assert.deepEqual([result["content"], result["binary"]], [
    "",
    { type: "application/octet-stream", bytes: 4 },
  ]);
});

Deno.test("http_request shows everything that will be sent", async () => {
  await using world = await openWorld();
  const prepared = await createHttpRequestTool(world.publicFetch).prepare(
    { method: "put", url: "https://bücher.test/x?q=1", headers: { "X-Own": "v" }, body: { a: 1 } },
    CALLER,
    new AbortController().signal,
  );
  assert.deepEqual(prepared.preview, {
    title: "PUT https://xn--bcher-kva.test/x?q=1",
    fields: [
      { name: "method", value: "PUT" },
      { name: "url", value: "https://xn--bcher-kva.test/x?q=1" },
      { name: "host", value: "xn--bcher-kva.test" },
      { name: "header content-type", value: "application/json" },
      { name: "header x-own", value: "v" },
      { name: "body", value: '{"a":1}' },
    ],
  });
  assert.deepEqual(prepared.args, {
    method: "PUT",
    url: "https://xn--bcher-kva.test/x?q=1",
    headers: { "content-type": "application/json", "x-own": "v" },
    body: { a: 1 },
  });
});

Deno.test("http_request names the argument that is wrong, before anything is asked or sent", async () => {
  const wrong: readonly (readonly [JsonObject, RegExp])[] = [
    [{ url }, /argument "method"/],
    [{ method: "TRACE", url }, /argument "method"/],
    [{ method: "GET" }, /argument "url"/],
    [{ method: "GET", url, body: "x" }, /argument "body": a GET request has none/],
    [{ method: "POST", url, body: "a\ud83d" }, /argument "body" holds half a character/],
    [{ method: "GET", url, headers: { A: 1 } }, /argument "headers.A"/],
    [{ method: "GET", url, headers: { Host: "x" } }, /headers.Host/],
    [{ method: "GET", url, headers: { "X-A": "a\r\nHost: b" } }, /headers.X-A/],
    [{ method: "GET", url, query: {} }, /no argument "query"/],
    [{ method: "GET", url, auth: { type: "basic", name: "x" } }, /argument "auth.type"/],
  ];
  for (const [args, message] of wrong) {
    const error = await refused(args);
    assert.equal(error.code, "tool_arguments_invalid");
    assert.match(error.message, message);
  }
});

Deno.test("http_request refuses a secret that nobody can give, and two authorizations at once", async () => {
  const auth = { type: "bearer_secret", name: "GITHUB" };
  const absent = await refused({ method: "GET", url, auth });
  assert.equal(absent.code, "secret_not_available");
  const both = await refused({ method: "GET", url, auth, headers: { AUTHORIZATION: "x" } });
  assert.equal(both.code, "authorization_header_conflicts_with_auth");
});

Deno.test("the tool's parameters are a plain schema that names every argument", async () => {
  await using world = await openWorld();
  const { parameters } = createHttpRequestTool(world.publicFetch);
  assert.deepEqual(Object.keys(parameters["properties"] as object), [
    "method",
    "url",
    "headers",
    "body",
    "auth",
  ]);
  assert.deepEqual(parameters["required"], ["method", "url"]);
  assert.equal(parameters["additionalProperties"], false);
});
