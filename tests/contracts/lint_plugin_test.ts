import assert from "node:assert/strict";
import plugin from "../../scripts/lint_plugin.ts";

function complaints(path: string, source: string): readonly string[] {
  return Deno.lint.runPlugin(plugin, `/house/${path}`, source).map(({ id }) => id).sort();
}

Deno.test("lint: barrels are found by their name and by what they do", () => {
  assert.deepEqual(complaints("src/net/mod.ts", "export const a = 1;"), ["house/no-barrels"]);
  assert.deepEqual(complaints("src/net/all.ts", 'export * from "./a.ts";'), ["house/no-barrels"]);
  assert.deepEqual(complaints("src/net/model.ts", 'export { a } from "./a.ts";'), []);
});

Deno.test("lint: the runtime is named only where it is let in", () => {
  const sources = [
    "Deno.cwd();",
    'await fetch("https://a.example");',
    "const now = Date.now;",
    "Math.random();",
    "new Date();",
  ];
  for (const source of sources) {
    assert.deepEqual(complaints("src/net/a.ts", source), ["house/no-runtime-names"], source);
    for (const path of ["platform/a.ts", "walls/a.ts", "sandbox/worker.ts", "net/a_test.ts"]) {
      assert.deepEqual(complaints(`src/${path}`, source), [], path);
    }
    assert.deepEqual(complaints("scripts/a.ts", source), []);
  }
});

Deno.test("lint: what only looks like the runtime passes", () => {
  const source = "new Date(now); ports.fetch(url); clock.now(); // Deno.cwd()\nconst a = 'Deno.x';";
  assert.deepEqual(complaints("src/net/a.ts", source), []);
});

Deno.test("lint: job titles are no names", () => {
  const sources = [
    "class SessionManager {}",
    "interface MailService {}",
    "type StringUtils = string;",
    "export class RequestHandler {}",
  ];
  for (const source of sources) {
    assert.deepEqual(complaints("src/net/a.ts", source), ["house/no-job-titles"], source);
  }
  assert.deepEqual(complaints("src/net/utils.ts", "export {};"), ["house/no-job-titles"]);
  assert.deepEqual(complaints("src/net/string_helpers.ts", "export {};"), ["house/no-job-titles"]);
  assert.deepEqual(complaints("src/net/futile.ts", "class Manageress {}\nclass Vault {}"), []);
});

Deno.test("lint: nothing of Intl is made before it is used", () => {
  for (const what of ["Segmenter", "DateTimeFormat"]) {
    for (const start of ["const a =", "export const a =", "let a: object ="]) {
      const source = `${start} new Intl.${what}("en");`;
      assert.deepEqual(complaints("src/text/a.ts", source), ["house/no-intl-at-load"], source);
      assert.deepEqual(complaints("src/text/a_test.ts", source), []);
      const inside = `export function f() {\n  ${
        start.replace("export ", "")
      } new Intl.${what}();\n}`;
      assert.deepEqual(complaints("src/text/a.ts", inside), []);
    }
  }
});
