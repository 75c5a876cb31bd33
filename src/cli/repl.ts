import type { AgentOptions } from "./agent.ts";
import { printAnswer } from "./answer.ts";
import type { CliContext, ExitCode } from "./context.ts";
import { openLines } from "./lines.ts";
import { cancelOnInterrupt } from "./options.ts";

const LEAVE = ["exit", "quit", "/exit", "/quit", ":q"];

const HELP = `Say what you want, or:
  /new      begin a new conversation
  /status   show what is ready
  /help     show this
  /exit     leave (also exit, quit, :q, Ctrl-D)
Ctrl-C stops the answer that is under way; at the prompt it leaves.
`;

/** A conversation at the terminal, until the person leaves. */
export async function talk(options: AgentOptions, context: CliContext): Promise<ExitCode> {
  const { createApp } = await import("../app.ts");
  const { openFiles } = await import("../platform/files.ts");
  const lines = await openLines(context.terminal, openFiles(context.layout.state));
  const app = await createApp(context, { grants: options.grant });
  let conversation = await app.conversation(options);
  context.terminal.out(`ClamBot ${context.version}. /help shows what there is.\n`);
  try {
    for (;;) {
      const line = await lines.next();
      if (line === undefined || LEAVE.includes(line.toLowerCase())) return 0;
      if (line === "") continue;
      if (line === "/new") {
        conversation = await app.newConversation(conversation);
        context.terminal.out("A new conversation begins.\n");
      } else if (line.startsWith("/")) answerCommand(line, context);
      else await answer(line, conversation);
    }
  } finally {
    lines.close();
    app.close();
  }

  async function answer(line: string, conversation: string): Promise<void> {
    const { signal, release } = cancelOnInterrupt(context);
    try {
      printAnswer(await app.answer(conversation, line, signal), context.terminal);
    } finally {
      release();
    }
  }
}

function answerCommand(line: string, context: CliContext): void {
  const { terminal, config } = context;
  switch (line) {
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
