import type { Command } from "@commander-js/extra-typings";
import type { CliCommand } from "../../command.ts";
import type { CliContext, End } from "../../context.ts";
import { CodedError } from "../../../domain/failure.ts";

/** A command with the words that may follow it. */
interface Node {
  /** Words of the command, such as `["clams", "list"]`; empty at the root. */
  readonly path: readonly string[];
  readonly words: readonly string[];
  /** Names of the commands below it. */
  readonly below: readonly string[];
}

const COMPLETIONS = "completions";

/** Shells that a script is made for. */
export const SHELLS = ["bash", "zsh", "fish"];

/**
 * `clambot completions SHELL`: a static script. Nothing of what is being typed is ever evaluated,
 * and the program is not started for a completion.
 */
export function registerCompletions(
  program: Command,
  context: CliContext,
  end: End,
  all: readonly CliCommand[],
): void {
  program.command(COMPLETIONS)
    .description("Print a completion script for bash, zsh or fish")
    .argument("<shell>", "bash, zsh or fish")
    .action(async (shell) => {
      for (const command of all.filter(({ name }) => name !== COMPLETIONS)) {
        (await command.load())(program, context, end, all);
      }
      const nodes = await listNodes(program as unknown as AnyCommand, [], all);
      context.terminal.out(completionScript(shell, nodes));
      end(0);
    });
}

function completionScript(shell: string, nodes: readonly Node[]): string {
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

async function listNodes(
  command: AnyCommand,
  path: readonly string[],
  all: readonly CliCommand[],
): Promise<Node[]> {
  const options = command.options.map((option) => option.long ?? "").filter((long) => long !== "");
  const below = command.commands.map((child) => child.name());
  const [name, word = ""] = path;
  const values = await all.find((one) => one.name === name)?.loadWords?.(word) ?? [];
  const words = [...below, ...values, ...options, "--help"];
  const children = await Promise.all(
    command.commands.map((child) => listNodes(child, [...path, child.name()], all)),
  );
  return [{ path, words, below }, ...children.flat()];
}

/** Runs in zsh too, behind bashcompinit: there `path` and `words` are names of the shell. */
function bashScript(nodes: readonly Node[]): string {
  const cases = nodes.map(({ path, words }) =>
    `    "${path.join(" ")}") offers="${words.join(" ")}" ;;`
  );
  const known = nodes.map(({ path }) => path.join(" ")).filter((path) => path !== "");
  return `_clambot() {
  local way="" word offers="" known="|${known.join("|")}|"
  for word in "\${COMP_WORDS[@]:1:$((COMP_CWORD - 1))}"; do
    # a word that is no command here is a value
    case "$known" in
      *"|\${way:+$way }$word|"*) way="\${way:+$way }$word" ;;
    esac
  done
  case "$way" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$offers" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _clambot clambot
`;
}

function fishScript(nodes: readonly Node[]): string {
  const lines = nodes.map(({ path, words, below }) => {
    const behind = path.map((word) => `__fish_seen_subcommand_from ${word}`);
    const before = below.length > 0 ? [`not __fish_seen_subcommand_from ${below.join(" ")}`] : [];
    const when = [...behind, ...before].join("; and ");
    return `complete -c clambot -n '${when}' -a '${words.join(" ")}'`;
  });
  return `${lines.join("\n")}\n`;
}
