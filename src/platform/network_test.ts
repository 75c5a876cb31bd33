import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { createNetwork } from "./network.ts";
import { ConnectionError } from "./platform.ts";

const network = createNetwork();
const never = () => new AbortController().signal;

/** Sends one request to a server that answers with exactly these bytes and closes. */
async function answerWith(
  answer: string | Uint8Array<ArrayBuffer>,
  init: RequestInit = {},
): Promise<{ readonly response: Response; readonly asked: () => Promise<string> }> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const asked = (async () => {
    using conn = await listener.accept();
    listener.close();
    let request = "";
    const buffer = new Uint8Array(65536);
    const length = typeof init.body === "string" ? init.body.length : 0;
    while (!request.includes("\r\n\r\n") || request.split("\r\n\r\n")[1]!.length < length) {
      const size = await conn.read(buffer);
      if (size === null) break;
      request += new TextDecoder().decode(buffer.subarray(0, size));
    }
    const bytes = typeof answer === "string" ? new TextEncoder().encode(answer) : answer;
    for (let sent = 0; sent < bytes.length;) sent += await conn.write(bytes.subarray(sent));
    return request;
  })();
  const { port } = listener.addr;
  const request = new Request(`http://site.test:${port}/path?q=1`, init);
  try {
    const response = await network.fetchAt(request, { address: "127.0.0.1", port }, never());
    return { response, asked: () => asked };
  } catch (error) {
    await asked.catch(() => {});
    throw error;
  }
}

const isBroken = (why: RegExp) => (error: unknown) => {
  assert.ok(error instanceof ConnectionError, String(error));
  assert.equal(error.reason, "broken");
  assert.match(error.message, why);
  return true;
};

Deno.test("a request is one of HTTP/1.1 that ends its connection", async () => {
  const { asked } = await answerWith("HTTP/1.1 204 No Content\r\n\r\n", {
    method: "POST",
    headers: { "x-own": "caf\u00e9" },
    body: "abc",
  });
  const lines = (await asked()).split("\r\n");
  assert.equal(lines[0], "POST /path?q=1 HTTP/1.1");
  for (const line of ["connection: close", "accept-encoding: gzip", "content-length: 3"]) {
    assert.ok(lines.includes(line), line);
  }
  assert.match(lines.find((line) => line.startsWith("host:")) ?? "", /^host: site\.test:\d+$/);
  assert.equal(lines.at(-1), "abc");
});

Deno.test("a body is read by its length, in chunks, or to the end of the connection", async () => {
  const answers = [
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and more that is not the body",
    "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nA: b\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nContent-Length: 2\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "HTTP/1.0 200 OK\nA: b\n\nhello",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhello",
  ];
  for (const answer of answers) {
    const { response } = await answerWith(answer);
    assert.equal(response.status, 200);
    assert.equal(await response.text(), "hello", answer);
  }
});

Deno.test("answers to HEAD and answers 204 and 304 have no body, whatever they claim", async () => {
  const head = await answerWith("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", {
    method: "HEAD",
  });
  assert.equal(await head.response.text(), "");
  assert.equal(head.response.headers.get("content-length"), "500");
  const unchanged = await answerWith("HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n");
  assert.equal(await unchanged.response.text(), "");
});

Deno.test("a status that nobody knows is an answer, and no good one", async () => {
  for (const status of [299, 418, 599, 600, 999]) {
    const { response } = await answerWith(`HTTP/1.1 ${status} Own\r\nA: b\r\n\r\nhello`);
    assert.deepEqual([response.status, response.ok], [status, status === 299]);
    assert.deepEqual([response.headers.get("a"), await response.text()], ["b", "hello"]);
  }
});

Deno.test("a header value that is folded over lines is one line", async () => {
  const { response } = await answerWith(
    "HTTP/1.1 200 OK\r\nA: b\r\n  c:\r\n\td \r\nContent-Length:\r\n 5\r\n\r\nhello and more",
  );
  assert.deepEqual([...response.headers], [["a", "b c: d"], ["content-length", "5"]]);
  assert.equal(await response.text(), "hello");
});

Deno.test("gzip is taken off and the headers say so", async () => {
  const packed = gzipSync("hello ".repeat(100_000));
  const head = new TextEncoder().encode(
    `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${packed.length}\r\n\r\n`,
  );
  const { response } = await answerWith(new Uint8Array([...head, ...packed]));
  assert.equal((await response.text()).length, 600_000);
  assert.deepEqual([...response.headers], []);
});

Deno.test("a gzip body that is empty is one without content, however it is framed", async () => {
  for (const rest of ["Content-Length: 0\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"]) {
    const { response } = await answerWith(
      `HTTP/1.1 404 Not Found\r\nContent-Encoding: gzip\r\n${rest}`,
    );
    assert.deepEqual([response.status, await response.text()], [404, ""]);
  }
});

Deno.test("a connection that breaks in a gzip body is told as that", async () => {
  const packed = gzipSync("hello ".repeat(1000)).subarray(0, 20);
  const head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 99\r\n\r\n";
  const { response } = await answerWith(
    new Uint8Array([...new TextEncoder().encode(head), ...packed]),
  );
  await assert.rejects(response.text(), isBroken(/broke off/));
});

Deno.test("a body that ends too early is an error, never a short body", async () => {
  for (
    const answer of [
      "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhello",
    ]
  ) {
    const { response } = await answerWith(answer);
    await assert.rejects(response.text(), isBroken(/broke off/), answer);
  }
});

Deno.test("what is not HTTP is an error that says what is wrong", async () => {
  const wrong: readonly (readonly [string, RegExp])[] = [
    ["", /broke off/],
    ["SSH-2.0-OpenSSH_9.6\r\n", /does not speak HTTP/],
    ["HTTP/2 200 OK\r\n\r\n", /does not speak HTTP/],
    ["HTTP/1.1 101 Switching\r\n\r\n", /unusable status 101/],
    ["HTTP/1.1 099 Low\r\n\r\n", /unusable status 99/],
    ["HTTP/1.1 1000 High\r\n\r\n", /does not speak HTTP/],
    ["HTTP/1.1 200 OK\r\nno colon\r\n\r\n", /malformed header/],
    ["HTTP/1.1 200 OK\r\n folded\r\nA: b\r\n\r\n", /malformed header/],
    ["HTTP/1.1 200 OK\r\nA: b\rB: c\r\n\r\n", /malformed header/],
    ["HTTP/1.1 200 OK\r\nA: b\u0000c\r\n\r\n", /malformed header/],
    ["HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", /malformed length/],
    ["HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", /malformed length/],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", /transfer coding/],
    [`HTTP/1.1 200 OK\r\nA: ${"x".repeat(70_000)}\r\n\r\n`, /too long/],
    [`HTTP/1.1 200 OK\r\n${"A: b\r\n".repeat(20_000)}\r\n`, /too long/],
  ];
  for (const [answer, why] of wrong) {
    await assert.rejects(answerWith(answer), isBroken(why), answer.slice(0, 60));
  }
});

Deno.test("a malformed chunk is an error", async () => {
  for (
    const chunks of ["xyz\r\n", "5\r\nhelloXX\r\n", "-5\r\nhello\r\n", `${"1".repeat(20)}\r\n`]
  ) {
    const { response } = await answerWith(
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`,
    );
    await assert.rejects(response.text(), isBroken(/malformed chunk/), chunks);
  }
});

Deno.test("an answer that comes before the body was taken counts", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const answered = Promise.withResolvers<void>();
  const served = (async () => {
    using conn = await listener.accept();
    listener.close();
    await conn.read(new Uint8Array(100));
    await conn.write(
      new TextEncoder().encode("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno"),
    );
    await conn.closeWrite();
    await answered.promise;
  })();
  const { port } = listener.addr;
  const request = new Request("http://site.test/", {
    method: "PUT",
    body: new Uint8Array(20_000_000),
  });
  const response = await network.fetchAt(request, { address: "127.0.0.1", port }, never());
  assert.deepEqual([response.status, await response.text()], [413, "no"]);
  answered.resolve();
  await served;
});

Deno.test("nobody listening is told apart: nothing was sent", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const sent = network.fetchAt(
    new Request("http://site.test/"),
    { address: "127.0.0.1", port },
    never(),
  );
  await assert.rejects(sent, (error) => {
    assert.ok(error instanceof ConnectionError);
    assert.equal(error.reason, "unreachable");
    return true;
  });
});

Deno.test("only an address can be connected to, never a name", async () => {
  for (const address of ["localhost", "site.test", "127.1", "2130706433", ""]) {
    const target = { address, port: 80 };
    await assert.rejects(
      network.fetchAt(new Request("http://site.test/"), target, never()),
      TypeError,
      address,
    );
  }
});

Deno.test("the system's names include those of the hosts file", async () => {
  const addresses = await network.lookup("localhost", [], never());
  assert.ok(addresses.includes("127.0.0.1") || addresses.includes("::1"));
});
