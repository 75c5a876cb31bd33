import assert from "node:assert/strict";
import { parse } from "acorn";
import fc from "fast-check";
import { lineInStack, ScriptError, wrapScript } from "./_script.ts";

/** Runs a wrapped program here, where it is our own and harmless. */
async function start(source: string): Promise<unknown> {
  const script = (0, eval)(wrapScript(source));
  let first: unknown;
  const watch = (run: (...args: unknown[]) => unknown) => (...args: unknown[]) =>
    first = run(...args);
  return await script(watch, (run?: () => unknown) => first ?? run?.());
}

Deno.test("wrapScript() gives one expression whatever the program is", () => {
  const piece = fc.constantFrom(
    ..."})({;`'\"/*\n".split(""),
    ...[
      "*/",
      "//",
      "${",
      "=>",
      "return",
      "await",
      "run",
      "function run(){}",
      "\u2028",
      "<!--",
      "1",
    ],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const source = pieces.join(" ");
      try {
        const { body } = parse(wrapScript(source), { ecmaVersion: 2025, sourceType: "script" });
        assert.equal(body.length, 1, source);
        const [only] = body as unknown as { expression: { type: string } }[];
        assert.equal(only?.expression.type, "ArrowFunctionExpression", source);
      } catch (error) {
        assert.ok(error instanceof ScriptError, `${source}: ${error}`);
      }
    }),
    { numRuns: 2000 },
  );
});

Deno.test("wrapScript() takes no name that the program uses", async () => {
  assert.equal(await start("const _clamw = 1, _clam0w = 2, _clam0e = 3; return _clam0e"), 3);
});

Deno.test("wrapScript() keeps the lines of the program", () => {
  const source = "// one\nconst run = () => {\n  three();\n};";
  const lines = wrapScript(source).split("\n");
  assert.equal(lines[2], "  three();");
});

Deno.test("wrapScript() says which line cannot be read", () => {
  const read = (source: string) => {
    try {
      return wrapScript(source);
    } catch (error) {
      return error instanceof ScriptError ? [error.line, error.message] : error;
    }
  };
  assert.deepEqual(read("let a;\nlet b = ;"), [2, "Unexpected token"]);
  assert.deepEqual(read("\n\nimport a from 'a'"), [
    3,
    "A program cannot import or export anything; its tools are global functions",
  ]);
});

Deno.test("lineInStack() finds the first line of the program", () => {
  assert.equal(
    lineInStack("    at f (native)\n    at run (script.js:12:3)\n at (script.js:1:1)"),
    12,
  );
  assert.equal(lineInStack("    at prelude.js:5:1"), undefined);
  assert.equal(lineInStack("script.js:0:1"), undefined);
});
