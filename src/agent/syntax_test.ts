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

Deno.test("a script that can give no answer is refused before it runs", () => {
  const mute = {
    "const x = 5;": "there is no function run",
    "async function start() { return 1; }\nstart();": "there is no function run",
    "(async () => { return 1; })();": "there is no function run",
    "return;": "there is no function run",
    "let run;": "there is no function run",
    "\nconst run = 5;": "run is no function",
    "run = { name: 'run' };": "run is no function",
  };
  for (const [script, problem] of Object.entries(mute)) {
    assert.ok(findScriptProblem(script)?.message.startsWith(problem), script);
  }
  assert.equal(findScriptProblem("\nconst run = 5;")?.line, 2);
});

Deno.test("every way to define run, and a return of its own, may give an answer", () => {
  for (
    const script of [
      "async function run() {}",
      "const run = async () => 1;",
      "let run = null;\nrun = () => 1;",
      "const { run } = { run() { return 1; } };",
      "const [run] = [() => 1];",
      "globalThis.run = () => 1;",
      "({ run: globalThis.run } = tools);",
      "const run = make();",
      "if (args.x) { return 1; }\nconst run = 5;",
      "return 1;",
    ]
  ) assert.equal(findScriptProblem(script), undefined, script);
});
