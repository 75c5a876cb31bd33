import assert from "node:assert/strict";
import { askedHelp, fitting } from "./answer_at_once.ts";

Deno.test("askedHelp() knows the command whose help is asked for, and nothing else beside it", () => {
  const asked: readonly (readonly [args: readonly string[], words: string | undefined])[] = [
    [[], ""],
    [["--help"], ""],
    [["-h"], ""],
    [["help"], ""],
    [["agent", "--help"], "agent"],
    [["clams", "show", "-h"], "clams show"],
    [["help", "clams", "show"], "clams show"],
    [["agent"], undefined],
    [["agent", "-m", "--help"], undefined],
    [["--home", "x", "--help"], undefined],
    [["agent", "--help", "--json"], undefined],
    [["clams show", "--help"], undefined],
    [["", "--help"], undefined],
    [["run", "--", "--help"], undefined],
    [["help", "--help"], undefined],
  ];
  for (const [args, words] of asked) assert.equal(askedHelp(args), words, args.join(" "));
});

Deno.test("fitting() gives no text with lines that the terminal would break otherwise", () => {
  const text = { usual: "a\nb", unbroken: "a b", columns: 100 };
  assert.equal(fitting(text, 100), "a b");
  assert.equal(fitting(text, 300), "a b");
  assert.equal(fitting(text, 80), "a\nb");
  for (const columns of [40, 79, 81, 99]) assert.equal(fitting(text, columns), undefined);
  assert.equal(fitting({ ...text, columns: 60 }, 70), "a b");
});
