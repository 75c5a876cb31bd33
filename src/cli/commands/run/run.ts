import type { Command } from "@commander-js/extra-typings";
import { CodedError } from "../../../domain/failure.ts";
import type { Answer } from "../../../domain/turn.ts";
import { complainOfUnknown, TOOL_NAMES, TOOLS } from "../../../tools/names.ts";
import { tellDroppedGrants } from "../../dropped_grants.ts";
import { cancelOnInterrupt, collect, readInputOption } from "../../options.ts";
import type { CliContext, End, ExitCode } from "../../context.ts";
import { answerJson, exitCodeOf } from "../../print.ts";
import { printAnswer } from "../../answer.ts";
import { unlockIfWanted } from "../../unlock.ts";

interface RunOptions {
  readonly input?: string | undefined;
  readonly tools?: readonly string[] | undefined;
  readonly grant?: readonly string[] | undefined;
  readonly expires?: string | undefined;
  readonly timeout?: string | undefined;
  readonly json?: true | undefined;
}

/** `clambot run FILE.js`: a script through sandbox and gate, without any model. */
export function registerRun(program: Command, context: CliContext, end: End): void {
  program.command("run")
    .description("Run a JavaScript program in the sandbox, without a model")
    .argument("<file>", "the program; - reads standard input")
    .option("--input <json>", "inputs of the program, a JSON object")
    .option(
      "--tools <names>",
      "tools that it may call, separated by commas",
      splitNames,
    )
    .option("--grant <tool:scope>", "allow without asking; may be repeated", collect)
    .option("--expires <span>", "let these grants count for 30m, 12h, 7d or 2w only")
    .option("--timeout <seconds>", "computing time at most")
    .option("--json", "print one JSON object")
    .action(async (file, options) => end(await run(file, options, context)));
}

async function run(file: string, options: RunOptions, context: CliContext): Promise<ExitCode> {
  const inputs = readInputOption(options.input);
  const programSeconds = readTimeout(options);
  const tools = readTools(options, Object.keys(context.config.tools.mcpServers));
  const source = await context.launcher.readArgument(file);
  const { startApp } = await import("../../../app/start.ts");
  const { atTerminal, nothingSaid } = await import("../../surroundings.ts");
  await unlockIfWanted(context);
  const app = await startApp(context, { once: true });
  const { signal, release } = cancelOnInterrupt(context);
  let answer: Answer;
  try {
    await tellDroppedGrants(app.stores, context);
    const surroundings = {
      ...atTerminal(options, app.stores, context),
      ...(programSeconds === undefined ? {} : { programSeconds }),
    };
    answer = await app.runScript(
      { source, inputs, tools },
      nothingSaid(app.stores),
      surroundings,
      signal,
    );
  } finally {
    release();
    app.close();
  }
  if (options.json) {
    context.terminal.out(`${JSON.stringify(answerJson(answer, app.stores.clock))}\n`);
  } else printAnswer(answer, { ...context, ...app.stores });
  return exitCodeOf(answer);
}

/** The option may be repeated. */
function splitNames(text: string, before: readonly string[] = []): string[] {
  const names = text.split(",").map((name) => name.trim()).filter((name) => name !== "");
  return [...new Set([...before, ...names])];
}

function readTools({ tools = [] }: RunOptions, servers: readonly string[]): readonly string[] {
  const [problem] = complainOfUnknown(tools, TOOLS, servers);
  if (problem === undefined) return tools;
  throw new CodedError("usage", problem, `Tools are ${TOOL_NAMES.join(", ")}.`);
}

function readTimeout(options: RunOptions): number | undefined {
  if (options.timeout === undefined) return undefined;
  const seconds = Number(options.timeout);
  if (!(seconds > 0 && seconds <= 3600)) {
    throw new CodedError(
      "usage",
      `--timeout "${options.timeout}" is no number of seconds up to 3600.`,
    );
  }
  return seconds;
}
