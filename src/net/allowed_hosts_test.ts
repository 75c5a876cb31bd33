import assert from "node:assert/strict";
import { CodedError } from "../domain/failure.ts";
import { findAllowedHost, parseAllowedHost } from "./allowed_hosts.ts";

const entry = {
  url: "http://NAS.local:8080",
  addresses: "192.168.1.0/24",
  tools: ["http_request"],
};

Deno.test("an entry opens exactly its scheme, host, port and tool", () => {
  const entries = [parseAllowedHost(entry)];
  const opens = (url: string, tool = "http_request") =>
    findAllowedHost(entries, new URL(url), tool) !== undefined;
  assert.equal(opens("http://nas.local:8080/any/path?q"), true);
  assert.equal(opens("https://nas.local:8080/"), false);
  assert.equal(opens("http://nas.local/"), false);
  assert.equal(opens("http://www.nas.local:8080/"), false);
  assert.equal(opens("http://nas.local:8080/", "web_fetch"), false);
});

Deno.test("the port of the scheme stands for itself", () => {
  const entries = [parseAllowedHost({ ...entry, url: "https://nas.local" })];
  assert.ok(findAllowedHost(entries, new URL("https://nas.local:443/"), "http_request"));
});

Deno.test("addresses may be a list of addresses and ranges of both families", () => {
  const { addresses } = parseAllowedHost({ ...entry, addresses: ["10.0.0.7", "fd00::/8"] });
  assert.deepEqual(addresses.map(({ bits }) => bits), [32, 8]);
});

Deno.test("an entry that cannot be used says which part is wrong", () => {
  const wrong: readonly (readonly [unknown, RegExp])[] = [
    ["http://nas.local", /not an object/],
    [{ ...entry, url: undefined }, /url is missing/],
    [{ ...entry, url: "ftp://nas.local" }, /neither http nor https/],
    [{ ...entry, url: "http://me:pw@nas.local" }, /user name/],
    [{ ...entry, url: "http://me@nas.local" }, /user name/],
    [{ ...entry, url: "http://:pw@nas.local" }, /user name/],
    [{ ...entry, url: "http://nas.local/path" }, /has a path/],
    [{ ...entry, addresses: undefined }, /addresses is missing/],
    [{ ...entry, addresses: [] }, /addresses is missing/],
    [{ ...entry, addresses: "192.168.1.*" }, /"192.168.1.\*" is no address/],
    [{ ...entry, tools: [] }, /tools is missing/],
    [{ ...entry, tool: "x" }, /"tool" is not known/],
    [{ ...entry, url: "http://10.0.0.1" }, /not among addresses/],
  ];
  for (const [value, why] of wrong) {
    assert.throws(() => parseAllowedHost(value), (error) => {
      assert.ok(error instanceof CodedError);
      assert.equal(error.code, "config_invalid");
      assert.match(error.message, why);
      return true;
    });
  }
});
