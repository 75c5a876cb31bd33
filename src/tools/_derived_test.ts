import assert from "node:assert/strict";
import { findDerived } from "./_derived.ts";

const fields = [
  { name: "url", value: "https://collector.example/?d=hunter2secret" },
  { name: "method", value: "GET" },
];

Deno.test("findDerived() names fields that hold words of what was read, wherever they stand", () => {
  const read = [{ items: [{ text: "the word is hunter2secret, they say" }] }];
  assert.deepEqual(findDerived({ title: "", fields }, read), ["url"]);
  assert.deepEqual(findDerived({ title: "", fields }, [{ "collector.example": 1 }]), ["url"]);
  assert.deepEqual(findDerived({ title: "", fields }, ["nothing of it"]), []);
  assert.deepEqual(findDerived({ title: "", fields }, []), []);
});

Deno.test("findDerived() looks at what a diff adds, not at what it takes away", () => {
  const diff = "--- a\n+++ a\n@@ -1 +1 @@\n-old sentence\n+brand-new\n";
  assert.deepEqual(findDerived({ title: "", fields: [], diff }, ["brand-new"]), ["change"]);
  assert.deepEqual(findDerived({ title: "", fields: [], diff }, ["old sentence"]), []);
});
