import type { App } from "../../../app/app.ts";
import type { Surroundings } from "../../../app/surroundings.ts";
import { CodedError } from "../../../domain/failure.ts";
import { holdsSecret } from "../../../secrets/key_shapes.ts";
import { printAnswer } from "../../answer.ts";
import type { CliContext, ExitCode } from "../../context.ts";
import { chooseConversation, newConversation } from "../../conversation.ts";
import { openPromptFile } from "./prompt_file.ts";
import { tellDroppedGrants } from "../../dropped_grants.ts";
import { showNotices } from "../../notices.ts";
import { openLines } from "../../lines.ts";
import { type AgentOptions, cancelOnInterrupt } from "../../options.ts";
import { isSecretCommand, keepSecret } from "./secret_command.ts";
import { formatFailure } from "../../print.ts";
import { showProgress } from "../../progress.ts";
import { goOn, stopAll } from "../../stop.ts";
import { atTerminal, messageOf } from "../../surroundings.ts";
import { askAboutNewServers } from "../../new_servers.ts";
import { unlockIfWanted } from "../../unlock.ts";

const LEAVE = ["exit", "quit", "/exit", "/quit", ":q"];

const HELP = `Say what you want, or:
  /new      begin a new conversation
  /secret NAME  keep a key or password; it is asked for unseen
  /stop     let nothing have an effect, here and elsewhere, until /resume
  /status   show what is ready
  /help     show this
  /exit     leave (also exit, quit, :q, Ctrl-D)
Ctrl-C stops the answer that is under way; at the prompt it leaves.
`;

/** A conversation at the terminal, until the person leaves. */
export async function talk(options: AgentOptions, context: CliContext): Promise<ExitCode> {
  const { startApp } = await import("../../../app/start.ts");
  await unlockIfWanted(context);
  await askAboutNewServers(context);
  const prompts = await openPromptFile(options, context);
  const app = await startApp({ ...context, ...prompts.setting });
  const { presence, redactor, state, vault } = app.stores;
  await vault.refresh(); // lines with what is in it are not remembered
  const lines = await openLines(context.terminal, {
    state,
    isSecret: (line) => isSecretCommand(line) || holdsSecret(line, redactor),
  });
  const around = atTerminal(options, app.stores, context);
  await tellDroppedGrants(app.stores, context);
  let conversation = await chooseConversation(options, app.stores);
  let leave = presence.enter(conversation);
  context.terminal.out(`ClamBot ${context.version}. /help shows what there is.\n`);
  await showNotices(app.stores, context);
  try {
    for (;;) {
      const line = await lines.next();
      if (line === undefined || LEAVE.includes(line.toLowerCase())) return 0;
      if (line === "") continue;
      if (line.toLowerCase() === "/new") {
        conversation = await begin(conversation, app, context);
        await leave();
        leave = presence.enter(conversation);
      } else if (isSecretCommand(line)) await secretCommand(line, app, context);
      else if (isStopCommand(line)) await stopCommand(line, app, context);
      else if (/^\/.*$/.test(line)) answerCommand(line, context);
      else await answer(line, conversation, app, around, context);
      if (context.service.draining.aborted) return 130;
    }
  } finally {
    await app.finish();
    await leave();
    lines.close();
    app.close();
    await prompts.end();
  }
}

async function answer(
  line: string,
  conversation: string,
  app: App,
  around: Surroundings,
  context: CliContext,
): Promise<void> {
  const { signal, release } = cancelOnInterrupt(context);
  const progress = showProgress(context.terminal, false);
  try {
    const message = messageOf(line, conversation, app.stores);
    const reply = await app.openTurn(message, { ...around, ...progress.surroundings }, signal);
    progress.end();
    printAnswer(reply, { ...context, ...app.stores }, progress.streamed());
  } catch (error) {
    progress.end();
    if (!(error instanceof CodedError)) throw error;
    context.terminal.err(formatFailure(error.failure));
  } finally {
    release();
  }
}

async function secretCommand(line: string, app: App, context: CliContext): Promise<void> {
  try {
    await keepSecret(line, app.stores, context);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    context.terminal.err(formatFailure(error.failure));
  }
}

function isStopCommand(line: string): boolean {
  return ["/stop", "/resume"].includes(line.toLowerCase());
}

async function stopCommand(line: string, { stores }: App, context: CliContext): Promise<void> {
  const change = line.toLowerCase() === "/stop" ? stopAll : goOn;
  try {
    context.terminal.out(`${(await change(stores, context)).sentence}\n`);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    context.terminal.err(formatFailure(error.failure));
  }
}

async function begin(conversation: string, app: App, context: CliContext): Promise<string> {
  const { signal, release } = cancelOnInterrupt(context);
  try {
    context.terminal.out(`${await app.endConversation(conversation, "cli", signal)}\n`);
    return newConversation(app.stores.random);
  } catch (error) {
    if (!signal.aborted) throw error;
    context.terminal.out("You stopped it; the conversation goes on.\n");
    return conversation;
  } finally {
    release();
  }
}

function answerCommand(line: string, context: CliContext): void {
  const { terminal, config } = context;
  switch (line.toLowerCase()) {
    case "/help":
      return terminal.out(HELP);
    case "/status": {
      const model = config.agents.defaults.model || "none (starter clams only)";
      return terminal.out(`Model: ${model}\nHome:  ${context.layout.home}\n`);
    }
    default:
      return terminal.out(
        `There is no command ${line.split(" ")[0]}. /help shows what there is.\n`,
      );
  }
}
