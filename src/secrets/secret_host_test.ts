import assert from "node:assert/strict";
import fc from "fast-check";
import { formatSecretHost, mayGoTo, parseSecretHost } from "./secret_host.ts";

const goes = (target: string, url: string) => mayGoTo(parseSecretHost(target), new URL(url));

Deno.test("a host stands for https on 443, in every spelling of the same name (P080)", () => {
  for (
    const url of [
      "https://api.example",
      "https://api.example:443/x",
      "https://API.EXAMPLE./",
      "https://api.example/?q=https://evil.example",
    ]
  ) assert.ok(goes("api.example", url), url);
  for (
    const url of [
      "https://evil.example/",
      "http://api.example/",
      "http://api.example.evil.example/",
      "https://api.example.evil.example/",
      "https://api.example:8443/",
      "https://api.example@evil.example/",
      "https://sub.api.example/",
      "https://evil.example/api.example",
      "https://xapi.example/",
    ]
  ) assert.ok(!goes("api.example", url), url);
  assert.ok(goes("bücher.example", "https://xn--bcher-kva.example/"));
});

Deno.test("a path holds, whatever steps are hidden in the address (P082)", () => {
  const target = "https://api.example/v1/";
  for (const path of ["/v1/", "/v1", "/v1/x", "/v1/x?y=/../..", "/v2/../v1/x", "/v1//x"]) {
    assert.ok(goes(target, `https://api.example${path}`), path);
  }
  for (
    const path of [
      "/",
      "/v2/",
      "/v1x/",
      "/V1/x",
      "/v1/../v2/",
      "/v1/%2e%2e/v2/",
      "/v1%2f..%2fv2",
      "/v1/x%2f..%2f..%2fv2",
      "/v1/%252e%252e/v2",
      "/v1/..;/v2",
      "/v1/x%5c..%5cv2",
      "/v1\\..\\v2",
    ]
  ) assert.ok(!goes(target, `https://api.example${path}`), path);
});

Deno.test("what is no host is refused with a sentence", () => {
  for (
    const text of [
      "",
      "*",
      "*.example.com",
      "https://*.example.com",
      "ftp://example.com",
      "https://me:pw@example.com",
      "me@example.com",
      "example.com?x=1",
      "example.com#x",
      "https://",
      "exa mple.com",
      "example.com/v1%2f..",
      "example.com:99999",
    ]
  ) {
    assert.throws(
      () => parseSecretHost(text),
      { code: "usage", message: /cannot be a host/ },
      text,
    );
  }
});

Deno.test("a host reads as it was written", () => {
  for (
    const text of [
      "https://api.example",
      "http://nas.local:8080",
      "https://[2001:db8::1]:8443",
      "https://api.example/v1/",
    ]
  ) {
    assert.equal(formatSecretHost(parseSecretHost(text)), text);
  }
});

Deno.test("a secret may go to an address only where scheme, host and port are its own", () => {
  const host = fc.constantFrom(
    "a.example",
    "b.example",
    "a.example.b.example",
    "xn--a-0ga.example",
  );
  const place = fc.record({
    scheme: fc.constantFrom("https", "http"),
    host,
    port: fc.constantFrom(80, 443, 8080),
  });
  fc.assert(fc.property(place, place, fc.string(), (bound, asked, path) => {
    const write = (one: typeof bound) => `${one.scheme}://${one.host}:${one.port}`;
    const expected = write(bound) === write(asked);
    assert.equal(
      goes(write(bound), `${write(asked)}/${encodeURIComponent(path.toWellFormed())}`),
      expected,
    );
  }));
});
