import assert from "node:assert/strict";
import { complainOfScope, complainOfUnknown, selectTools, TOOL_NAMES } from "./names.ts";
import type { ToolChoice } from "./names.ts";
import type { ToolFacts } from "./tool_facts.ts";

const namesOf = (choice: ToolChoice) => selectTools(choice).map(({ name }) => name);

Deno.test("A154: every tool exists by default but echo, also one that comes new (A151)", () => {
  const enabled = namesOf({ disabledTools: [] });
  assert.deepEqual(enabled, TOOL_NAMES.filter((name) => name !== "echo"));
  assert.deepEqual(complainOfUnknown(enabled), []);
});

Deno.test("A35: an allow-list is strict, and the only way to echo", () => {
  const enabled = namesOf({ availableTools: ["echo", "time"], disabledTools: [] });
  assert.deepEqual([...enabled].sort(), ["echo", "time"]);
  assert.deepEqual(namesOf({ availableTools: [], disabledTools: [] }), []);
});

Deno.test("A35: the allow-list wins over the deny-list; without one the deny-list counts", () => {
  const both = namesOf({ availableTools: ["fs"], disabledTools: ["fs"] });
  assert.deepEqual(both, ["fs"]);
  const denied = namesOf({ disabledTools: ["fs"] });
  assert.ok(!denied.includes("fs") && denied.includes("time"));
});

Deno.test("A35: a name that is no tool is told, with the one that was perhaps meant", () => {
  assert.deepEqual(complainOfUnknown(["web_fetsh", "fs", "xyzzy"]), [
    'There is no tool "web_fetsh"; did you mean web_fetch?',
    'There is no tool "xyzzy".',
  ]);
});

Deno.test("tools that come at run time are chosen, told and granted as those built in", () => {
  const foreign: ToolFacts = {
    name: "weather",
    scopes: ["place:"],
    load: () => Promise.reject(new Error("is not made here")),
  };
  const tools = [foreign];
  assert.deepEqual(selectTools({ disabledTools: [] }, tools), tools);
  assert.deepEqual(selectTools({ disabledTools: ["weather"] }, tools), []);
  assert.deepEqual(complainOfUnknown(["wether", "fs"], tools), [
    'There is no tool "wether"; did you mean weather?',
    'There is no tool "fs".',
  ]);
  assert.equal(complainOfScope("weather", "place:Linz", tools), undefined);
  assert.equal(
    complainOfScope("weather", "host:a.b", tools),
    '"weather:host:a.b" can never allow a call: scopes of weather are place:, *.',
  );
});
