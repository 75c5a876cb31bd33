import { CodedError } from "../domain/failure.ts";
import type { ServerEntry } from "../mcp/entry.ts";
import type { Servers } from "../mcp/servers.ts";
import { escapeLine } from "../text/escape.ts";
import type { CliContext } from "./context.ts";
import { describeServer, listNames } from "./server_text.ts";
import { withServers } from "./with_servers.ts";

/**
 * Asks once about each MCP server that nobody has decided about: it is started to see its tools, and
 * with a yes programs may use them, of which models get names and types alone. Without a terminal it
 * is only told. What fails is told too, and stops nothing.
 */
export async function askAboutNewServers(context: CliContext): Promise<void> {
  if (Object.keys(context.config.tools.mcpServers).length === 0) return;
  await withServers(context, async (servers, _, signal) => {
    for (const entry of await undecided(servers)) {
      if (context.terminal.interactive) await decide(entry, servers, context, signal);
      else {tell(
          `The MCP server ${entry.name} is not approved yet: clambot mcp approve ${entry.name}`,
          context,
        );}
    }
  });
}

async function undecided(servers: Servers): Promise<readonly ServerEntry[]> {
  try {
    return await servers.undecided();
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return []; // it is told where the tools are put together
  }
}

async function decide(
  entry: ServerEntry,
  servers: Servers,
  context: CliContext,
  signal: AbortSignal,
): Promise<void> {
  tell(`The MCP server ${entry.name} is new; it is asked for its tools …`, context);
  try {
    const survey = await servers.survey(entry.name, signal);
    const { confirmed } = await import("../channels/terminal.ts");
    const above = `${describeServer(entry)}  its tools:\n${listNames(survey)}` +
      `  See what it says of them with: clambot mcp approve ${entry.name}\n`;
    if (await confirmed(`May programs use these tools of ${entry.name}?`, above)) {
      await servers.approve(survey, false);
    } else await servers.refuse(entry);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    tell(`${error.message} ${error.failure.hint ?? ""}`.trim(), context);
  }
}

function tell(sentence: string, { terminal }: CliContext): void {
  terminal.err(`clambot: ${escapeLine(sentence)}\n`);
}
