import { type CliCommand, GROUPS } from "./command.ts";
import * as list from "./command_list.ts";
import { commandWords } from "./command_words.ts";

/** Every command, in the order of the help: by group, then by name. */
export const COMMANDS: readonly CliCommand[] = Object.values<CliCommand>(list).sort((one, other) =>
  GROUPS.indexOf(one.group) - GROUPS.indexOf(other.group) || (one.name < other.name ? -1 : 1)
);

/** The command that a command line names; `undefined` when it names none that there is. */
export function findCommand(args: readonly string[]): CliCommand | undefined {
  const [name] = commandWords(args);
  return COMMANDS.find((command) => command.name === name);
}

/** Facts that count for a command or for some of those below it. */
export type CommandFact =
  | "mayWriteConfig"
  | "seesKeys"
  | "runsPrograms"
  | "answersJson"
  | "worksWithoutConfig"
  | "tellsDoubts"
  | "runsClams"
  | "isService"
  | "reachesGateway"
  | "showsPrompts"
  | "startsPrograms"
  | "startsServers"
  | "connectsChannels";

/** Whether a fact counts for what a command line names. */
export function isTrueOf(args: readonly string[], fact: CommandFact): boolean {
  const [, below = ""] = commandWords(args);
  const extent = findCommand(args)?.[fact] ?? false;
  return typeof extent === "boolean" ? extent : extent.includes(below);
}

/** Addresses, without a query, that the launcher may open in a browser for what a line names. */
export function addressesToOpen(args: readonly string[]): readonly string[] {
  const [, below = ""] = commandWords(args);
  const { opens = {} } = findCommand(args) ?? {};
  return Object.hasOwn(opens, below) ? opens[below] ?? [] : [];
}
