import assert from "node:assert/strict";
import { complainOfUnknown, selectTools, TOOL_NAMES } from "./names.ts";

Deno.test("A154: every tool exists by default but echo, also one that comes new (A151)", () => {
  const enabled = selectTools({ disabledTools: [] });
  assert.deepEqual(enabled, TOOL_NAMES.filter((name) => name !== "echo"));
  assert.deepEqual(complainOfUnknown(enabled), []);
});

Deno.test("A35: an allow-list is strict, and the only way to echo", () => {
  const enabled = selectTools({ availableTools: ["echo", "time"], disabledTools: [] });
  assert.deepEqual([...enabled].sort(), ["echo", "time"]);
  assert.deepEqual(selectTools({ availableTools: [], disabledTools: [] }), []);
});

Deno.test("A35: the allow-list wins over the deny-list; without one the deny-list counts", () => {
  const both = selectTools({ availableTools: ["fs"], disabledTools: ["fs"] });
  assert.deepEqual(both, ["fs"]);
  const denied = selectTools({ disabledTools: ["fs"] });
  assert.ok(!denied.includes("fs") && denied.includes("time"));
});

Deno.test("A35: a name that is no tool is told, with the one that was perhaps meant", () => {
  assert.deepEqual(complainOfUnknown(["web_fetsh", "fs", "xyzzy"]), [
    'There is no tool "web_fetsh"; did you mean web_fetch?',
    'There is no tool "xyzzy".',
  ]);
});
