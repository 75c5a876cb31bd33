import assert from "node:assert/strict";
import { Clambot } from "./clambot.ts";

/** Words that are typed, and what completes the last of them. */
const TYPED: readonly (readonly [words: readonly string[], completed: string])[] = [
  [["clambot", "ag"], "agent"],
  [["clambot", "clams", "ro"], "rollback"],
  [["clambot", "agent", "-m", "hello", "--se"], "--session"],
  [["clambot", "clams", "show", "starter-dice", "--js"], "--json"],
  [["clambot", "--home", "dir", "ag"], "agent"],
];

Deno.test("bash completes commands and options, behind values too", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const { stdout } = await clambot.run(["completions", "bash"]);
  const script = await clambot.write("completions.sh", stdout);
  for (const [words, completed] of TYPED) {
    const line = words.map((word) => `'${word}'`).join(" ");
    const code = `source ${script}; COMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; ` +
      `_clambot; echo "\${COMPREPLY[*]}"`;
    const { stdout: told } = await new Deno.Command("bash", { args: ["-c", code] }).output();
    assert.equal(new TextDecoder().decode(told).trim(), completed, words.join(" "));
  }
});
