import type { Command } from "@commander-js/extra-typings";
import { createApp } from "../app.ts";
import { printAnswer } from "./answer.ts";
import type { CliContext, ExitCode } from "./context.ts";
import { cancelOnInterrupt, collect } from "./options.ts";
import { answerJson, exitCodeOf } from "./print.ts";
import type { End } from "./program.ts";

const EXAMPLES = `
Examples:
  $ clambot agent -m "what time is it in Tokyo?"
  $ clambot agent -m "list my files" --grant fs:workspace --json
  $ clambot agent
`;

/** Options of `clambot agent`. */
export interface AgentOptions {
  readonly message?: string | undefined;
  readonly json?: true | undefined;
  readonly grant: readonly string[];
  readonly resume?: true | undefined;
  readonly session?: string | undefined;
}

/** `clambot agent`: one answer, or a conversation at the terminal. */
export function registerAgent(program: Command, context: CliContext, end: End): void {
  program.command("agent")
    .description("Ask something (-m), or talk")
    .option("-m, --message <text>", "answer this and end")
    .option("-r, --resume", "go on with the last conversation")
    .option("--session <id>", "go on with this conversation")
    .option("--grant <tool:scope>", "allow without asking; may be repeated", collect, [])
    .option("--json", "with -m: print one JSON object")
    .addHelpText("after", EXAMPLES)
    .action(async (options) => {
      if (options.message !== undefined) return end(await askOnce(options, context));
      const { talk } = await import("./repl.ts");
      end(await talk(options, context));
    });
}

async function askOnce(options: AgentOptions, context: CliContext): Promise<ExitCode> {
  const app = await createApp(context, { grants: options.grant });
  const { signal, release } = cancelOnInterrupt(context);
  try {
    const conversation = await app.conversation(options);
    const answer = await app.answer(conversation, options.message ?? "", signal);
    if (options.json) context.terminal.out(`${JSON.stringify(answerJson(answer))}\n`);
    else printAnswer(answer, context.terminal);
    return exitCodeOf(answer);
  } finally {
    release();
    app.close();
  }
}
