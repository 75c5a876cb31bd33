import assert from "node:assert/strict";
import { commandWords } from "./command_words.ts";
import { findCommand, isTrueOf } from "./commands.ts";

Deno.test("commandWords() leaves out options, and the values of the program's own", () => {
  const words: readonly (readonly [args: readonly string[], words: readonly string[]])[] = [
    [["--home", "config", "agent"], ["agent"]],
    [["--config=onboard", "status"], ["status"]],
    [["provider", "--home", "x", "connect", "ollama"], ["provider", "connect", "ollama"]],
    [["--help"], []],
    [[], []],
  ];
  for (const [args, expected] of words) assert.deepEqual(commandWords(args), expected);
});

Deno.test("no value of an option and no argument makes another command of a command line", () => {
  for (
    const args of [
      ["--home", "config", "agent", "-m", "onboard"],
      ["agent", "-m", "config"],
      ["agent", "config", "set"],
    ]
  ) {
    assert.equal(findCommand(args)?.name, "agent");
    assert.equal(isTrueOf(args, "mayWriteConfig"), false);
    assert.equal(isTrueOf(args, "seesKeys"), false);
  }
});

Deno.test("facts count for the named commands below a command alone", () => {
  assert.equal(isTrueOf(["config", "set", "a", "b"], "mayWriteConfig"), true);
  assert.equal(isTrueOf(["config", "get", "set"], "mayWriteConfig"), false);
  assert.equal(isTrueOf(["config", "path"], "worksWithoutConfig"), true);
  assert.equal(isTrueOf(["config", "set", "path", "1"], "worksWithoutConfig"), false);
  assert.equal(isTrueOf(["memory", "search", "run"], "answersJson"), false);
  assert.equal(isTrueOf(["clams", "run", "x"], "answersJson"), true);
});

Deno.test("a word that is no command has no facts, not even by the name of one", () => {
  for (const args of [["facts"], ["constructor"], []]) {
    assert.equal(findCommand(args), undefined);
    assert.equal(isTrueOf(args, "seesKeys"), false);
  }
});
