import type { Command } from "@commander-js/extra-typings";
import type { CliContext, End } from "./context.ts";

/** What a fact counts for: the whole command, nothing, or the named commands below it alone. */
export type Extent = boolean | readonly string[];

/** Headings of the help, in their order. */
export const GROUPS = ["Ask:", "Look after what is kept:", "Set up and check:"] as const;

/** Where a command stands in the help. */
export type CommandGroup = typeof GROUPS[number];

/**
 * A command, or a family of them. All but `load` is plain data, read by the launcher too, which
 * loads no package: the file that holds one imports nothing but types.
 */
export interface CliCommand {
  readonly name: string;
  readonly group: CommandGroup;
  /** May have the launcher change the configuration file. */
  readonly mayWriteConfig?: Extent;
  /** Is given the keys that stand in the environment and in `.env`; no other sees them. */
  readonly seesKeys?: Extent;
  /** Runs programs, which may use secrets; no other is given listed variables of the environment. */
  readonly runsPrograms?: Extent;
  /** Its `--json` is an answer with all its fields, also where it failed. */
  readonly answersJson?: Extent;
  /** Works although the configuration cannot be read. */
  readonly worksWithoutConfig?: Extent;
  /** Tells the doubts about the configuration itself, so that they are not told before it. */
  readonly tellsDoubts?: Extent;
  /** Runs programs: the launcher starts the first worker for them while the core still loads. */
  readonly runsClams?: Extent;
  /** Has an option `--show-prompts FILE`, whose file the launcher writes. */
  readonly showsPrompts?: Extent;
  /** Goes on until it is told to stop, with a core that is started again when it crashes. */
  readonly isService?: Extent;
  /** Talks to the gateway where one runs. */
  readonly reachesGateway?: Extent;
  /** Asks the servers of channels, enabled or not. */
  readonly connectsChannels?: Extent;
  /** Has the launcher keep the right to start programs, and start those that it names itself. */
  readonly startsPrograms?: Extent;
  /**
   * Addresses, without a query, that the launcher may open in a browser for a command below it;
   * `https:` is any of that kind, where a server that the person named says the address.
   */
  readonly opens?: Readonly<Record<string, readonly string[]>>;
  /** May use MCP servers, whose programs the launcher starts. */
  readonly startsServers?: Extent;
  /**
   * The first argument is a file that the launcher reads for it, `-` for standard input. These are
   * its options that take a value, so that the argument can be told from them.
   */
  readonly readsFile?: { readonly valued: readonly string[] };
  /** The command below it whose argument is a clam of others, which the launcher reads. */
  readonly readsClam?: string;
  /** Whole command lines, by the command below this one; `""` is this one itself. */
  readonly examples: Readonly<Record<string, readonly string[]>>;
  /** Loads the code that adds it to the command line. */
  load(): Promise<Register>;
  /** Loads the words that an argument may be; of the command below this one, `""` for itself. */
  loadWords?(below: string): Promise<readonly string[]>;
}

/** Adds one command, or one family of them, to the program. `all` are the commands there are. */
export type Register = (
  program: Command,
  context: CliContext,
  end: End,
  all: readonly CliCommand[],
) => void;
