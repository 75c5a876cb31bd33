import assert from "node:assert/strict";
import { Clambot } from "./clambot.ts";
import { needing } from "./needing.ts";

/** Words that are typed, and what completes the last of them. */
const TYPED: readonly (readonly [words: readonly string[], completed: string])[] = [
  [["clambot", "ag"], "agent"],
  [["clambot", "clams", "ro"], "rollback"],
  [["clambot", "agent", "-m", "hello", "--se"], "--session"],
  [["clambot", "clams", "show", "starter-dice", "--js"], "--json"],
  [["clambot", "--home", "dir", "ag"], "agent"],
  [["clambot", "provider", "connect", "openai_"], "openai_codex"],
  [["clambot", "completions", "z"], "zsh"],
];

/** How each shell is asked for the completions of one line; zsh filters them afterwards. */
const SHELLS: Readonly<Record<string, (script: string, words: readonly string[]) => string[]>> = {
  bash: (script, words) => ["-c", `source ${script}; ${asked(words)}; _clambot; ${TOLD}`],
  zsh: (script, words) => [
    "-fc",
    `autoload -U compinit; compinit -u -D; source ${script}; ${asked(words)}
     emulate ksh -c _clambot; ${TOLD}`,
  ],
  fish: (
    script,
    words,
  ) => ["--no-config", "-c", `source ${script}; complete -C '${words.join(" ")}'`],
};

const TOLD = `printf '%s\\n' "\${COMPREPLY[@]}"`;

function asked(words: readonly string[]): string {
  const line = words.map((word) => `'${word}'`).join(" ");
  return `COMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}`;
}

for (const [shell, command] of Object.entries(SHELLS)) {
  const test = await needing(shell);
  test(`${shell} completes commands, options and values`, async () => {
    await using clambot = await Clambot.inEmptyHome();
    const { stdout } = await clambot.run(["completions", shell]);
    const script = await clambot.write("completions.sh", stdout);
    for (const [words, completed] of TYPED) {
      const child = clambot.spawn(shell, command(script, words));
      await child.stdin.close();
      const ended = await child.output();
      const offered = new TextDecoder().decode(ended.stdout).trim().split("\n")
        .filter((offer) => offer.startsWith(words.at(-1) ?? ""));
      assert.deepEqual(offered, [completed], words.join(" "));
      assert.equal(new TextDecoder().decode(ended.stderr), "");
    }
  });
}
