import type { Command } from "@commander-js/extra-typings";

/** Examples of commands below a command, by their words; the commands at the top bring their own. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  "clams list": ["clams list", "clams list --json"],
  "clams show": ["clams show starter-calculate"],
  "clams history": ["clams history ID"],
  "clams diff": ["clams diff ID 1 2"],
  "clams rollback": ["clams rollback ID 1"],
  "clams remove": ["clams remove starter-dice"],
  "clams restore": ["clams restore starter-dice"],
  "clams adopt": ["clams adopt ID"],
  "clams run": [`clams run starter-calculate --input '{"expression": "2+2"}'`],
  "memory show": ["memory show"],
  "memory search": ["memory search Berlin"],
  "memory forget": ["memory forget Berlin", "memory forget Berlin --yes"],
  "memory history": ["memory history"],
  "memory waiting": ["memory waiting"],
  "memory keep": ["memory keep ID"],
  "memory drop": ["memory drop ID"],
  "memory undo": ["memory undo --list", "memory undo ID"],
  "sessions list": ["sessions list"],
  "sessions show": ["sessions show ID"],
  "sessions export": ["sessions export ID --format md > conversation.md"],
  "sessions remove": ["sessions remove ID"],
  "provider list": ["provider list"],
  "provider connect": [
    "provider connect openrouter",
    "provider connect ollama --host http://127.0.0.1:11434 --model llama3.3",
    "provider connect openai --no-set-default < key.txt",
  ],
  "provider login": ["provider login openai-codex", "provider login openai-codex --device"],
  "provider logout": ["provider logout openai-codex"],
  "config path": ["config path"],
  "config check": ["config check"],
  "config get": ["config get", "config get agents.defaults"],
  "config set": [
    "config set agents.defaults.timezone Europe/Vienna",
    `config set agents.approvals.alwaysGrants '["fs:workspace"]'`,
  ],
  "config unset": ["config unset agents.defaults.timezone"],
  "approvals list": ["approvals list"],
  "approvals revoke": ["approvals revoke ID"],
};

/** Puts the examples behind the help of each command below a command. */
export function addExamples(program: Command): void {
  for (const family of program.commands) {
    for (const command of family.commands) {
      const lines = EXAMPLES[`${family.name()} ${command.name()}`] ?? [];
      const shown = lines.map((line) => `  $ clambot ${line}\n`).join("");
      command.addHelpText("after", `\nExamples:\n${shown}`);
    }
  }
}
