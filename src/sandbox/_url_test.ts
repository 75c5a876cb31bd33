import assert from "node:assert/strict";
import fc from "fast-check";
import { describeUrl } from "./_url.ts";

Deno.test("describeUrl() reads what URL reads, and nothing else", () => {
  const part = (words: string[], name: string) => JSON.parse(describeUrl(words) || "{}")[name];
  assert.equal(part(["new", "../b", "http://a.example/x/y"], "href"), "http://a.example/b");
  assert.equal(part(["set", "http://a/", "port", "81"], "host"), "a:81");
  assert.equal(part(["set", "http://a/", "href", "http://b/"], "host"), "b");
  assert.equal(part(["set", "http://a/", "constructor", "x"], "href"), "http://a/");
  assert.equal(describeUrl(["new", "no"]), "");
  assert.equal(describeUrl(["set", "http://a/", "href", "no"]), "");
  assert.equal(describeUrl(["new", `http://a/${"x".repeat(70_000)}`]), "");
});

Deno.test("describeUrl() never throws", () => {
  fc.assert(fc.property(fc.array(fc.string()), (words) => typeof describeUrl(words) === "string"));
});
