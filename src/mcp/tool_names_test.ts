import assert from "node:assert/strict";
import fc from "fast-check";
import { nameServerTools } from "./tool_names.ts";

Deno.test("a tool keeps its name where it can, and is told apart where it cannot", () => {
  const names = nameServerTools("my-server", ["get-sum", "read.file", "日本", "echo"]);
  assert.equal(names.get("get-sum"), "my_server_get_sum");
  assert.equal(names.get("read.file"), "my_server_read_file");
  assert.equal(names.get("echo"), "my_server_echo");
  assert.match(names.get("日本") ?? "", /^my_server_[a-z0-9_]+$/);
  const close = nameServerTools("s", ["a-b", "a.b", "a_b"]);
  assert.equal(close.get("a_b"), "s_a_b");
  assert.equal(new Set(close.values()).size, 3);
  assert.notEqual(
    nameServerTools("memory", ["recall"], ["memory_recall"]).get("recall"),
    "memory_recall",
  );
});

Deno.test("whatever a server calls its tools, programs call each by a name of its own", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string({ maxLength: 90, unit: "binary" }).filter((s) => s !== "")),
      (tools) => {
        const names = nameServerTools("server", tools);
        assert.equal(names.size, tools.length);
        assert.equal(new Set(names.values()).size, tools.length);
        for (const name of names.values()) assert.match(name, /^[A-Za-z][A-Za-z0-9_]{0,63}$/);
      },
    ),
  );
});
