import { Command, CommanderError } from "@commander-js/extra-typings";
import { CodedError, type Failure } from "../domain/failure.ts";
import { findFullDisk } from "../platform/full_disk.ts";
import { registerAgent } from "./agent.ts";
import { registerApprovals } from "./approvals.ts";
import { registerClams } from "./clams.ts";
import { registerCompletions } from "./completions.ts";
import { registerConfig } from "./config.ts";
import type { CliContext, End, ExitCode } from "./context.ts";
import { listDoubts } from "./doubts.ts";
import { addExamples } from "./examples.ts";
import { tellFailure, wantsJson } from "./failed.ts";
import { registerDoctor } from "./doctor.ts";
import { registerMemory } from "./memory.ts";
import { registerModels } from "./models.ts";
import { registerOnboard } from "./onboard.ts";
import { registerProvider } from "./provider.ts";
import { registerRun } from "./run.ts";
import { registerSessions } from "./sessions.ts";
import { registerStatus } from "./status.ts";
import { registerUndo } from "./undo.ts";
import { registerUsage } from "./usage.ts";

/** Adds one command, or one family of them. */
export type Register = (program: Command, context: CliContext, end: End) => void;

const COMMANDS: readonly Register[] = [
  registerAgent,
  registerRun,
  registerClams,
  registerMemory,
  registerSessions,
  registerUndo,
  registerStatus,
  registerDoctor,
  registerOnboard,
  registerProvider,
  registerModels,
  registerUsage,
  registerConfig,
  registerApprovals,
  registerCompletions,
];

/** Reads the command line, does what it says, and resolves to the exit code. Never throws. */
export async function runCli(args: readonly string[], context: CliContext): Promise<ExitCode> {
  let code: ExitCode = 0;
  const program = buildProgram(context, (ended) => code = ended);
  if (args.length === 0) {
    program.outputHelp();
    return 0;
  }
  try {
    tell(context.repairs, context);
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    return tellError(error, args, context);
  }
}

/** Doubts about the configuration that are told before a command. */
const MOST_DOUBTS = 10;

/** Commands that tell the doubts themselves. */
const DOUBTING = ["check", "doctor"];

function tellDoubts(command: Command, context: CliContext): void {
  const doubts = DOUBTING.includes(command.name()) ? [] : listDoubts(context);
  const more = doubts.length - MOST_DOUBTS;
  tell(doubts.slice(0, MOST_DOUBTS), context);
  if (more > 0) tell([`${more} more; see clambot config check.`], context);
}

function tell(sentences: readonly string[], { terminal }: CliContext): void {
  for (const sentence of sentences) terminal.err(`clambot: ${sentence}\n`);
}

/** All commands, without doing any. */
export function buildProgram(context: CliContext, end: End): Command {
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
    .exitOverride()
    .showHelpAfterError("(add --help for help)");
  for (const register of COMMANDS) register(program as unknown as Command, context, end);
  addExamples(program as unknown as Command);
  program.hook("preAction", (_program, action) => {
    const command = action as unknown as Command;
    tellDoubts(command, context);
    refuseEmpty(command);
  });
  return program as unknown as Command;
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
