import assert from "node:assert/strict";
import fc from "fast-check";
import type { Resource } from "../domain/tool_call.ts";
import { covers, offerScopes, parseScope, type Scope } from "./scopes.ts";

const base = { root: "/home/ada/.clambot/workspace/files", userHome: "/home/ada" };

function scope(text: string): Scope {
  const parsed = parseScope(text, base);
  assert.ok(parsed, `${text} is a scope`);
  return parsed;
}

function file(path: string, operation = "read"): Resource {
  return { kind: "file", operation, path, root: base.root };
}

/** A folder with all that is in it. */
function whole(path: string): Resource {
  return { kind: "file", operation: "delete", path, root: base.root, whole: true };
}

function url(address: string, method = "GET"): Resource {
  return { kind: "url", method, url: address };
}

const inside = `${base.root}/notes`;
const secret = (name: string): Resource => ({ kind: "secret", name });
const memory = (action: string): Resource => ({ kind: "memory", action });
const schedule = (action: string, job?: string): Resource => ({
  kind: "schedule",
  action,
  ...(job === undefined ? {} : { job }),
});

for (
  const [text, resource, expected] of [
    ["*", file("/anything"), true],
    ["*", url("http://nas.local:8080/"), true],
    ["workspace", file(`${inside}/a.md`), true],
    ["workspace", file(base.root), true],
    ["workspace", file(`${base.root}-evil/a.md`), false],
    ["workspace", file(`${base.root}/../secrets`), false],
    ["dir:/a/b", file("/a/b/c"), true],
    ["dir:/a/b", file("/a/b"), true],
    ["dir:/a/b", file("/a/bc"), false],
    ["dir:/a/b", file("/a"), false],
    ["dir:notes", file(`${inside}/a.md`), true],
    ["dir:~/docs", file("/home/ada/docs/x"), true],
    ["dir:~/docs", file("/home/adam/docs/x"), false],
    ["file:/a/b", file("/a/b"), true],
    ["file:/a/b", file("/a/b/c"), false],
    ["file:/a/./x/../b", file("/a/b"), true],
    ["file:/a/b", whole("/a/b"), false],
    ["dir:/a/b", whole("/a/b"), true],
    ["dir:/a/b/c", whole("/a/b"), false],
    ["host:api.coinbase.com", url("https://api.coinbase.com/v2/x?y=1"), true],
    ["host:API.coinbase.com", url("https://api.coinbase.com/"), true],
    ["host:api.coinbase.com", url("https://api.coinbase.com:443/"), true],
    ["host:api.coinbase.com", url("https://api.coinbase.com:8443/"), false],
    ["host:api.coinbase.com", url("http://api.coinbase.com/"), false],
    ["host:api.coinbase.com", url("https://api.coinbase.com.evil.net/"), false],
    ["host:api.coinbase.com", url("https://sub.api.coinbase.com/"), false],
    ["host:api.coinbase.com", url("https://api.coinbase.com@evil.net/"), false],
    ["host:127.0.0.1:8080", url("http://127.0.0.1:8080/x"), true],
    ["host:127.0.0.1:8080", url("http://127.0.0.1:8081/x"), false],
    ["host:[::1]:80", url("http://[::1]/"), true],
    ["path:https://x.org/users/1", url("https://x.org/users/1"), true],
    ["path:https://x.org/users/1", url("https://x.org/users/1/mail"), true],
    ["path:https://x.org/users/1", url("https://x.org/users/10"), false],
    ["path:https://x.org/users/1", url("https://x.org/users/1/../2"), false],
    ["path:https://x.org/users/1", url("https://x.org/users/1/%2e%2e/2"), false],
    ["path:https://x.org/users/1", url("https://a:b@x.org/users/1"), false],
    ["path:https://x.org/users/1", url("https://a@x.org/users/1"), false],
    ["path:https://x.org/users/1", url("https://:b@x.org/users/1"), false],
    ["host:x.org", url("https://:b@x.org/"), false],
    ["path:https://x.org/users/1", url("https://x.org/users/1/..%2f2"), false],
    ["path:https://x.org/users/1", url("https://x.org/users/1/..%5C2"), false],
    ["path:https://x.org/users/1", url("https://x.org/users/1/a%252f..%252F..%252f2"), false],
    ["path:https://x.org/users/1", url("https://x.org/users/1/..;/2"), false],
    ["path:https://x.org/users/1", url("https://x.org/users/1/a%2fb..c"), true],
    ["path:https://x.org/find?id=1", url("https://x.org/find?id=1"), true],
    ["path:https://x.org/find?id=1", url("https://x.org/find?id=1&page=2"), true],
    ["path:https://x.org/find?id=1", url("https://x.org/find?id=12"), false],
    ["path:https://x.org/find?q=", url("https://x.org/find?q=shell"), true],
    ["path:https://x.org/find?q=", url("https://x.org/find?z=1&q=shell"), false],
    ["exact:GET:https://x.org/a?b=1", url("https://x.org/a?b=1"), true],
    ["exact:GET:https://x.org/a?b=1", url("https://x.org/a?b=2"), false],
    ["exact:GET:https://x.org/a", url("https://x.org/a", "POST"), false],
    ["exact:get:https://X.org/a", url("https://x.org/a"), true],
    ["secret:GITHUB_TOKEN", secret("GITHUB_TOKEN"), true],
    ["secret:GITHUB_TOKEN", secret("GITHUB_TOKEN_2"), false],
    ["secret:GITHUB_TOKEN", schedule("add", "GITHUB_TOKEN"), false],
    ["secret:*", secret("GITHUB_TOKEN"), true],
    ["secret:*", memory("remember"), false],
    ["memory:remember", memory("remember"), true],
    ["memory:remember", memory("forget"), false],
    ["memory:*", memory("forget"), true],
    ["cron:add", schedule("add", "backup"), true],
    ["cron:add", schedule("remove", "backup"), false],
    ["cron:*", schedule("remove"), true],
    ["job:backup", schedule("remove", "backup"), true],
    ["job:backup", schedule("remove", "backup-2"), false],
    ["job:backup", schedule("list"), false],
    ["job:*", schedule("remove", "backup"), true],
    ["job:a: b", schedule("add", "a: b"), true],
    ["workspace", secret("workspace"), false],
    ["*", secret("GITHUB_TOKEN"), true],
    ["host:x.org", file("/x.org"), false],
    ["file:/a", url("https://x.org/a"), false],
  ] as const
) {
  Deno.test(`${text} ${expected ? "covers" : "does not cover"} ${JSON.stringify(resource)}`, () => {
    assert.equal(covers(scope(text), resource), expected);
  });
}

Deno.test("an internal host must be named; * does not reach it", () => {
  const nas: Resource = { kind: "url", method: "GET", url: "http://nas:8080/", internal: true };
  assert.equal(covers(scope("*"), nas), false);
  assert.equal(covers(scope("host:nas:8080"), nas), true);
});

for (
  const text of [
    "",
    "any",
    "always",
    "host:",
    "host:a/b",
    "host:u@h",
    "path:ftp://x",
    "path:https://u@x.org/",
    "path:https://:p@x.org/",
    "exact:GET:https://:p@x.org/",
    "exact:x",
    "exact:secret:A",
    "secret:",
    "secret:A B",
    "memory:remember forget",
    "cron:add:job",
    "plain:x",
    "file:",
  ]
) {
  Deno.test(`"${text}" is no scope`, () => assert.equal(parseScope(text, base), undefined));
}

const segment = fc.stringMatching(/^[a-z0-9._-]{1,8}$/).filter((name) => !/^\.+$/.test(name));
const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) =>
  `/${parts.join("/")}`
);
const files = fc.record({ path, inside: fc.boolean() })
  .map(({ path, inside }) => file(inside ? `${base.root}${path}` : path));
const urls = fc.record({
  origin: fc.constantFrom("https://a.org", "http://a.org", "https://b.org:8443", "http://[::1]:99"),
  path,
  query: fc.constantFrom("", "?a=1", "?a=2&b=%20"),
  method: fc.constantFrom("GET", "POST", "DELETE"),
}).map(({ origin, path, query, method }) => url(`${origin}${path}${query}`, method));

const name = fc.oneof(fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,9}$/), fc.constant("add"));
const named = fc.oneof(
  name.map(secret),
  fc.constantFrom("remember", "forget").map(memory),
  fc.record({
    action: fc.constantFrom("add", "remove", "list"),
    job: fc.option(fc.oneof(name, fc.string()), { nil: undefined }),
  }).map(({ action, job }) => schedule(action, job)),
);
const resources = fc.oneof(files, urls, named);

/**
 * What each scope means, told a second time in other words: `definition` says whether a resource is
 * inside of it.
 */
function definition(text: string, resource: Resource): boolean {
  const rest = text.slice(text.indexOf(":") + 1);
  const isBelow = (path: string, folder: string) => `${path}/`.startsWith(`${folder}/`);
  switch (text.split(":", 1)[0]) {
    case "workspace":
      return resource.kind === "file" && isBelow(resource.path, base.root);
    case "file":
      return resource.kind === "file" && !resource.whole && resource.path === rest;
    case "dir":
      return resource.kind === "file" && isBelow(resource.path, rest);
    case "exact":
      return resource.kind === "url" && `${resource.method}:${resource.url}` === rest;
    case "path":
      return resource.kind === "url" && isBelow(resource.url.split("?", 1)[0] ?? "", rest);
    case "host": {
      if (resource.kind !== "url") return false;
      const { protocol, host, port, hostname } = new URL(resource.url);
      return rest === `${hostname}:${port || (protocol === "https:" ? 443 : 80)}` ||
        (protocol === "https:" && rest === host && port === "");
    }
    case "secret":
      return resource.kind === "secret" && (rest === "*" || rest === resource.name);
    case "memory":
      return resource.kind === "memory" && rest === resource.action;
    case "job":
      return resource.kind === "schedule" && resource.job === rest;
    case "cron":
      return resource.kind === "schedule" && (rest === "*" || rest === resource.action);
    default:
      throw new Error(`${text} was offered`);
  }
}

Deno.test("an offered scope covers what its definition says and nothing else (A120)", () => {
  fc.assert(
    fc.property(resources, resources, fc.boolean(), (granted, other, same) => {
      const asked = same ? granted : other;
      for (const offer of offerScopes(granted, "tool")) {
        assert.equal(covers(scope(offer.scope), asked), definition(offer.scope, asked));
      }
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("every offered scope covers the call that it was offered for (A120)", () => {
  fc.assert(fc.property(resources, (resource) => {
    const offers = offerScopes(resource, "tool");
    assert.ok(offers.length > 0);
    for (const offer of offers) {
      assert.equal(covers(scope(offer.scope), resource), true, offer.scope);
    }
  }));
});

Deno.test("an offered scope covers nothing of another origin, folder or kind (A120)", () => {
  fc.assert(fc.property(fc.oneof(files, urls), fc.oneof(files, urls), (granted, other) => {
    for (const offer of offerScopes(granted, "tool")) {
      if (!covers(scope(offer.scope), other)) continue;
      assert.equal(granted.kind, other.kind);
      if (granted.kind === "url" && other.kind === "url") {
        assert.equal(new URL(granted.url).origin, new URL(other.url).origin);
      }
      if (offer.scope.startsWith("file:")) assert.deepEqual(granted, other);
      if (offer.scope.startsWith("exact:")) assert.deepEqual(granted, other);
    }
  }));
});
