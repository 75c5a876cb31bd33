import type { Command } from "@commander-js/extra-typings";
import { CodedError } from "../../../domain/failure.ts";
import { printAnswer } from "../../answer.ts";
import type { CliContext, End, ExitCode } from "../../context.ts";
import { chooseConversation } from "../../conversation.ts";
import { tellDroppedGrants } from "../../dropped_grants.ts";
import { type AgentOptions, cancelOnInterrupt, collect } from "../../options.ts";
import { answerJson, exitCodeOf } from "../../print.ts";
import { showProgress } from "../../progress.ts";
import { openPromptFile } from "./prompt_file.ts";
import { askAboutNewServers } from "../../new_servers.ts";
import { unlockIfWanted } from "../../unlock.ts";

/** `clambot agent`: one answer, or a conversation at the terminal. */
export function registerAgent(program: Command, context: CliContext, end: End): void {
  program.command("agent")
    .description("Ask something (-m), or talk")
    .option("-m, --message <text>", "answer this and end")
    .option("-r, --resume", "go on with the last conversation")
    .option("--session <id>", "go on with this conversation")
    .option("--grant <tool:scope>", "allow without asking; may be repeated", collect)
    .option("--expires <span>", "let these grants count for 30m, 12h, 7d or 2w only")
    .option("--json", "with -m: print one JSON object")
    .option("--show-prompts <file>", "add what models are asked and answer to this file")
    .action(async (options) => {
      if (options.message !== undefined) return end(await askOnce(options, context));
      if (options.json) throw new CodedError("usage", "--json goes with -m TEXT only.");
      const { talk } = await import("./repl.ts");
      end(await talk(options, context));
    });
}

async function askOnce(options: AgentOptions, context: CliContext): Promise<ExitCode> {
  if (options.message?.trim() === "") {
    throw new CodedError("usage", "There is nothing to answer: -m wants a text.");
  }
  const { startApp } = await import("../../../app/start.ts");
  const { atTerminal, messageOf } = await import("../../surroundings.ts");
  await askAboutNewServers(context); // before anything is drawn where the question stands
  const progress = showProgress(context.terminal, options.json === true);
  await unlockIfWanted(context);
  const prompts = await openPromptFile(options, context);
  const app = await startApp({ ...context, ...prompts.setting }, { once: true });
  const { signal, release } = cancelOnInterrupt(context);
  try {
    await tellDroppedGrants(app.stores, context);
    const conversation = await chooseConversation(options, app.stores);
    const message = messageOf(options.message ?? "", conversation, app.stores);
    const surroundings = { ...atTerminal(options, app.stores, context), ...progress.surroundings };
    const answer = await app.openTurn(message, surroundings, signal);
    progress.end();
    const told = { ...answerJson(answer, app.stores.clock), conversation };
    if (options.json) context.terminal.out(`${JSON.stringify(told)}\n`);
    else printAnswer(answer, { ...context, ...app.stores }, progress.streamed());
    await app.finish();
    await prompts.end();
    return exitCodeOf(answer);
  } finally {
    progress.end();
    release();
    app.close();
  }
}
