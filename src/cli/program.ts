import { Command, CommanderError } from "@commander-js/extra-typings";
import { CodedError, type Failure } from "../domain/failure.ts";
import { findFullDisk } from "../platform/full_disk.ts";
import { type CliCommand, GROUPS } from "./command.ts";
import { COMMANDS, findCommand, isTrueOf } from "./commands.ts";
import type { CliContext, End, ExitCode } from "./context.ts";
import { listDoubts } from "./doubts.ts";
import { tellFailure, wantsJson } from "./failed.ts";

/** Reads the command line, does what it says, and resolves to the exit code. Never throws. */
export async function runCli(args: readonly string[], context: CliContext): Promise<ExitCode> {
  let code: ExitCode = 0;
  const named = findCommand(args);
  try {
    // the help, and what a misspelt word may mean, know all of them
    const commands = named ? [named] : COMMANDS;
    const program = await buildProgram(commands, context, (ended) => code = ended);
    if (args.length === 0) {
      program.outputHelp();
      return 0;
    }
    tell(context.repairs, context);
    program.hook("preAction", (_program, action) => {
      if (!isTrueOf(args, "tellsDoubts")) tellDoubts(context);
      refuseEmpty(action as unknown as Command);
    });
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    return tellError(error, args, context);
  }
}

/** Doubts about the configuration that are told before a command. */
const MOST_DOUBTS = 10;

function tellDoubts(context: CliContext): void {
  const doubts = listDoubts(context);
  const more = doubts.length - MOST_DOUBTS;
  tell(doubts.slice(0, MOST_DOUBTS), context);
  if (more > 0) tell([`${more} more; see clambot config check.`], context);
}

function tell(sentences: readonly string[], { terminal }: CliContext): void {
  for (const sentence of sentences) terminal.err(`clambot: ${sentence}\n`);
}

/** The program with these commands, without doing any. */
export async function buildProgram(
  commands: readonly CliCommand[],
  context: CliContext,
  end: End,
): Promise<Command> {
  const program = new Command("clambot")
    .description("A personal assistant that acts by small programs inside walls.")
    .version(context.version, "--version", "print the version")
    .option("--home <dir>", "where everything is kept (default: ~/.clambot, or CLAMBOT_HOME)")
    .option("--config <file>", "configuration file (or CLAMBOT_CONFIG)")
    .configureOutput({
      writeOut: (text) => context.terminal.out(text),
      writeErr: (text) => context.terminal.err(text),
      getOutHelpWidth: () => context.terminal.columns(),
    })
    .commandsGroup(GROUPS.at(-1) ?? "")
    .exitOverride()
    .showHelpAfterError("(add --help for help)");
  const all = program as unknown as Command;
  const loaded = await Promise.all(commands.map((command) => command.load()));
  for (const register of loaded) register(all, context, end, COMMANDS);
  for (const command of commands) describe(command, all);
  return all;
}

/** Puts a command into its group of the help, and the examples behind the help of each command. */
function describe({ name, group, examples }: CliCommand, program: Command): void {
  const command = program.commands.find((one) => one.name() === name);
  command?.helpGroup(group);
  for (const one of command ? [command, ...command.commands] : []) {
    const lines = examples[one === command ? "" : one.name()] ?? [];
    const shown = lines.map((line) => `  $ ${line}\n`).join("");
    one.addHelpText("after", `\nExamples:\n${shown}`);
  }
}

/**
 * An empty argument is most often a variable of a script that was not set. The value of a key may
 * be empty.
 */
function refuseEmpty({ processedArgs, registeredArguments }: Command): void {
  const empty = registeredArguments.find((argument, index) => {
    const given = processedArgs[index] as unknown;
    const text = Array.isArray(given) && given.length > 0 ? given.join("") : given;
    return text === "" && argument.name() !== "value";
  });
  if (empty) throw new CodedError("usage", `The ${empty.name()} is empty.`, "See --help.");
}

/** Tells whatever was thrown, never with a stack trace, and returns the exit code for it. */
export function tellError(
  error: unknown,
  args: readonly string[],
  context: CliContext,
): ExitCode {
  if (error instanceof CommanderError) return reportUsage(error, args, context);
  return tellFailure(failureOf(error, context), args, context.terminal);
}

/** Commander has written its sentence to standard error; programs get it as JSON too. */
function reportUsage(
  { exitCode, message }: CommanderError,
  args: readonly string[],
  { terminal }: CliContext,
): ExitCode {
  if (exitCode === 0) return 0;
  if (!wantsJson(args)) return 2;
  const sentence = message.replace(/^error: /, "");
  return tellFailure({ code: "usage", message: sentence, hint: "See --help." }, args, terminal);
}

function failureOf(error: unknown, { layout }: CliContext): Failure {
  if (error instanceof CodedError) return error.failure;
  const message = error instanceof Error ? error.message : String(error);
  return findFullDisk(error, layout.home) ?? { code: "internal", message };
}
