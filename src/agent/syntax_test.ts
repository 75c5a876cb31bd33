import assert from "node:assert/strict";
import { findScriptProblem } from "./syntax.ts";

Deno.test("a script that only speaks of modules in strings and comments is no problem", () => {
  const script = `
    // import fs from "fs"; require("x")
    async function run(args) {
      const text = "I cannot do that: import x from 'y', process.env, fetch(1)";
      return text + args.fetch + ({ process: 1 }).process;
    }`;
  assert.equal(findScriptProblem(script), undefined);
});

Deno.test("a syntax error is named with its line", () => {
  const problem = findScriptProblem("const a = 1;\nconst b = ;\n");
  assert.equal(problem?.line, 2);
  assert.match(problem?.message ?? "", /^syntax error: /);
});

for (
  const [name, script, hint] of [
    ["require", `const fs = require("fs");`, /no modules/],
    ["import", `import fs from "fs";`, /import and export/],
    ["import()", `const fs = await import("fs");`, /import and export/],
    ["fetch", `async function run() { return await fetch("https://x"); }`, /web_fetch/],
    ["process", `return process.env.HOME;`, /no process/],
    ["setTimeout", `await new Promise((done) => setTimeout(done, 5));`, /sleep/],
  ] as const
) {
  Deno.test(`${name} is refused before the script runs, and the hint says what to use`, () => {
    assert.match(findScriptProblem(script)?.message ?? "", hint);
  });
}

Deno.test("a name that the script declares itself is its own", () => {
  assert.equal(findScriptProblem("function fetch(x) { return x; }\nreturn fetch(1);"), undefined);
  for (
    const script of [
      "const run = (process) => process + 1;",
      "async function run({ document, process: [window = 1] }) { return document + window; }",
      "const { fetch, ...process } = args; return fetch + process.x;",
      "try { x(); } catch ({ process }) { return process; }",
    ]
  ) assert.equal(findScriptProblem(script), undefined, script);
});
