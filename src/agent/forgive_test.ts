import assert from "node:assert/strict";
import type { Json, JsonObject } from "../domain/json.ts";
import { CLAM, readContract, SELECTION, VERDICT } from "./contracts.ts";

const SCRIPT = "async function run(args) {\n  return 1;\n}";
const CLAM_OBJECT: JsonObject = { script: SCRIPT, inputs: { a: 1 } };

const CLAMS: Readonly<Record<string, Json>> = {
  "in a member of its own": { clam: CLAM_OBJECT },
  "in a list": [CLAM_OBJECT],
  "as a tool call": { name: "clam", arguments: CLAM_OBJECT },
  "as a tool call in JSON text": {
    tool_calls: [{
      type: "function",
      function: { name: "clam", arguments: JSON.stringify(CLAM_OBJECT) },
    }],
  },
  "with the script in lines": { ...CLAM_OBJECT, script: SCRIPT.split("\n") },
  "with a fence in the script": { ...CLAM_OBJECT, script: "```js\n" + SCRIPT + "\n```" },
  "with inputs as text": { ...CLAM_OBJECT, inputs: `{"a": 1}` },
};

for (const [name, answer] of Object.entries(CLAMS)) {
  Deno.test(`a clam ${name} is read (R13)`, () => {
    const read = readContract(CLAM, answer);
    assert.ok(read.kind === "read");
    assert.deepEqual([read.value.script, read.value.inputs], [SCRIPT, { a: 1 }]);
  });
}

const MODULES = [
  `export default ${SCRIPT}`,
  `export ${SCRIPT}`,
  `${SCRIPT}\nmodule.exports = { run };`,
  `${SCRIPT}\nmodule.exports = run`,
  `${SCRIPT}\nexports.run = run;`,
  `${SCRIPT}\nexport { run };`,
  `${SCRIPT}\nexport default run;`,
];

for (const script of MODULES) {
  Deno.test(`what makes a module of a script is left out: ${script.replace(SCRIPT, "…")} (R13)`, () => {
    const read = readContract(CLAM, { script });
    assert.ok(read.kind === "read");
    assert.equal(read.value.script.trim(), SCRIPT);
  });
}

Deno.test("a script keeps its own texts about modules and fences (R13)", () => {
  const script = "async function run() {\n  return 'export default x; ```js';\n}";
  const read = readContract(CLAM, { script });
  assert.ok(read.kind === "read" && read.value.script === script);
});

const DECISIONS: readonly [string, string][] = [
  ["ACCEPT", "accept"],
  ["accepted", "accept"],
  ["SELF_FIX", "fix"],
  ["Reject", "reject"],
  ["need full output", "need_full_output"],
];

for (const [said, meant] of DECISIONS) {
  Deno.test(`the verdict ${said} is ${meant} (R13)`, () => {
    const read = readContract(VERDICT, { decision: said });
    assert.ok(read.kind === "read" && read.value.decision === meant);
  });
}

Deno.test("a verdict that cannot be read and rejects in words is no acceptance (R13)", () => {
  assert.equal(VERDICT.salvage?.("I REJECT this: it is not what was asked")?.decision, "reject");
  assert.equal(VERDICT.salvage?.("The result looks fine."), undefined);
});

Deno.test("a selection in other words is read, and an unknown one is not (R13)", () => {
  for (const decision of ["GENERATE_NEW", "generate", "New"]) {
    const read = readContract(SELECTION, { decision });
    assert.ok(read.kind === "read" && read.value.decision === "generate_new");
  }
  assert.equal(readContract(SELECTION, { decision: "perhaps" }).kind, "unreadable");
});

Deno.test("what a weak model writes for nothing is nothing that cannot be done (R5)", () => {
  for (const cannot of ["none", "null", "", "N/A", null, undefined, "nothing."]) {
    const read = readContract(SELECTION, {
      decision: "chat",
      ...(cannot === undefined ? {} : { cannot }),
    });
    assert.ok(read.kind === "read" && read.value.cannot === null, String(cannot));
  }
  const read = readContract(SELECTION, { decision: "chat", cannot: "send e-mail" });
  assert.ok(read.kind === "read" && read.value.cannot === "send e-mail");
});
