import type { Command } from "@commander-js/extra-typings";
import type { CliContext, End } from "./context.ts";
import { CodedError } from "../domain/failure.ts";

/** A command with the words that may follow it. */
interface Node {
  /** Words of the command, such as `["clams", "list"]`; empty at the root. */
  readonly path: readonly string[];
  readonly words: readonly string[];
}

/**
 * `clambot completions SHELL`: a static script. Nothing of what is being typed is ever evaluated,
 * and the program is not started for a completion.
 */
export function registerCompletions(program: Command, context: CliContext, end: End): void {
  program.command("completions")
    .description("Print a completion script for bash, zsh or fish")
    .argument("<shell>", "bash, zsh or fish")
    .addHelpText(
      "after",
      "\nExamples:\n  $ source <(clambot completions bash)\n  $ clambot completions fish > ~/.config/fish/completions/clambot.fish\n",
    )
    .action((shell) => {
      context.terminal.out(completionScript(shell, program));
      end(0);
    });
}

function completionScript(shell: string, program: Command): string {
  const nodes = listNodes(program as unknown as AnyCommand, []);
  switch (shell) {
    case "bash":
      return bashScript(nodes);
    case "zsh":
      return `#compdef clambot\nautoload -U +X bashcompinit && bashcompinit\n${bashScript(nodes)}`;
    case "fish":
      return fishScript(nodes);
    default:
      throw new CodedError(
        "usage",
        `There are no completions for "${shell}".`,
        "Use bash, zsh or fish.",
      );
  }
}

/** What of a command is read here, whatever its typed options are. */
interface AnyCommand {
  readonly commands: readonly AnyCommand[];
  readonly options: readonly { readonly long?: string | null | undefined }[];
  name(): string;
}

function listNodes(command: AnyCommand, path: readonly string[]): Node[] {
  const options = command.options.map((option) => option.long ?? "").filter((long) => long !== "");
  const words = [...command.commands.map((child) => child.name()), ...options, "--help"];
  const below = command.commands.flatMap((child) => listNodes(child, [...path, child.name()]));
  return [{ path, words }, ...below];
}

function bashScript(nodes: readonly Node[]): string {
  const cases = nodes.map(({ path, words }) =>
    `    "${path.join(" ")}") words="${words.join(" ")}" ;;`
  );
  const known = nodes.map(({ path }) => path.join(" ")).filter((path) => path !== "");
  return `_clambot() {
  local path="" word words="" known="|${known.join("|")}|"
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    # a word that is no command here is a value
    case "$known" in
      *"|\${path:+$path }$word|"*) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _clambot clambot
`;
}

function fishScript(nodes: readonly Node[]): string {
  const lines = nodes.map(({ path, words }) => {
    const when = path.length === 0
      ? "__fish_use_subcommand"
      : path.map((word) => `__fish_seen_subcommand_from ${word}`).join("; and ");
    return `complete -c clambot -n '${when}' -a '${words.join(" ")}'`;
  });
  return `complete -c clambot -f\n${lines.join("\n")}\n`;
}
