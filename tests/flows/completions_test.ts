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
const SHELLS: Readonly<Record<string, { options: string[]; begin: string; ask: Ask }>> = {
  bash: {
    options: ["-c"],
    begin: "",
    ask: (words) => `${asked(words)}; _clambot; ${TOLD}`,
  },
  zsh: {
    options: ["-fc"],
    begin: "autoload -U compinit; compinit -u -D",
    ask: (words) => `${asked(words)}; emulate ksh -c _clambot; ${TOLD}`,
  },
  fish: {
    options: ["--no-config", "-c"],
    begin: "",
    ask: (words) => `complete -C '${words.join(" ")}'`,
  },
};

type Ask = (words: readonly string[]) => string;

const TOLD = `printf '%s\\n' "\${COMPREPLY[@]}"`;
/** Stands between the completions of two lines. */
const NEXT = "-- next --";

function asked(words: readonly string[]): string {
  const line = words.map((word) => `'${word}'`).join(" ");
  return `COMPREPLY=(); COMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}`;
}

for (const [shell, { options, begin, ask }] of Object.entries(SHELLS)) {
  const test = await needing(shell);
  test(`${shell} completes commands, options and values`, async () => {
    await using clambot = await Clambot.inEmptyHome();
    const { stdout } = await clambot.here.run(["completions", shell]);
    const script = await clambot.write("completions.sh", stdout);
    const questions = TYPED.map(([words]) => `${ask(words)}\necho "${NEXT}"`);
    const lines = [begin, `source ${script}`, ...questions].join("\n");
    const child = clambot.spawn(shell, [...options, lines]);
    await child.stdin.close();
    const ended = await child.output();
    assert.equal(new TextDecoder().decode(ended.stderr), "");
    const answers = new TextDecoder().decode(ended.stdout).split(`${NEXT}\n`);
    for (const [number, [words, completed]] of TYPED.entries()) {
      const offered = answers[number]?.trim().split("\n")
        .filter((offer) => offer.startsWith(words.at(-1) ?? ""));
      assert.deepEqual(offered, [completed], words.join(" "));
    }
  });
}
