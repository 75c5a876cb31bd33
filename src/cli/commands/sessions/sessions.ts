import type { Command } from "@commander-js/extra-typings";
import type { Stores } from "../../../app/stores.ts";
import { CodedError } from "../../../domain/failure.ts";
import type { SessionEntry } from "../../../sessions/entry.ts";
import { escapeLine, escapeText } from "../../../text/escape.ts";
import { formatTime } from "../../../text/local_time.ts";
import type { CliContext, End } from "../../context.ts";
import { findConversation } from "../../conversation.ts";
import { indented } from "../../memory_text.ts";
import { formatTable } from "../../print.ts";
import { formatJson, withStores } from "../../stores.ts";

/** A conversation with everything in it. */
interface Session {
  readonly conversation: string;
  readonly entries: readonly SessionEntry[];
}

/** `clambot sessions`: the conversations that are kept. */
export function registerSessions(program: Command, context: CliContext, end: End): void {
  const sessions = program.command("sessions")
    .description("List, show, export and put away conversations");
  const using = (action: (stores: Stores) => Promise<void>) => withStores(context, end, action);
  const print = (text: string) => context.terminal.out(text);

  sessions.command("list").description("List the conversations, newest first")
    .option("--json", "print a JSON array")
    .action(({ json }) =>
      using(async ({ sessions, clock }) => {
        const all = await sessions.list();
        if (json) return print(formatJson(all));
        if (all.length === 0) return print("No conversations.\n");
        const rows = all.map(({ conversation, entries, lastAt }) => [
          escapeLine(conversation),
          String(entries),
          formatTime(lastAt, clock.zone()),
        ]);
        print(formatTable([["ID", "ENTRIES", "LAST"], ...rows]));
      })
    );
  sessions.command("show").description("Print a conversation")
    .argument("<id>", "as `sessions list` shows it; `cli:` may be left out")
    .option("--json", "print one JSON object")
    .action((id, { json }) =>
      using(async (stores) => {
        const session = await getSession(id, stores);
        print(json ? formatJson(session) : formatSession(session, stores.clock.zone()));
      })
    );
  sessions.command("export").description("Print a conversation for a file of its own")
    .argument("<id>")
    .option("--format <format>", "md or json", "md")
    .action((id, { format }) =>
      using(async (stores) => {
        if (format !== "md" && format !== "json") {
          throw new CodedError("usage", `There is no format "${format}".`, "Use md or json.");
        }
        const session = await getSession(id, stores);
        const zone = stores.clock.zone();
        print(format === "json" ? formatJson(session, 2) : formatMarkdown(session, zone));
      })
    );
  sessions.command("remove").description("Put a conversation away into sessions/archive")
    .argument("<id>")
    .action((id) =>
      using(async (stores) => {
        const conversation = await findConversation(id, stores.sessions);
        await stores.sessions.remove(conversation);
        print(`Put away ${escapeLine(conversation)}. It is in workspace/sessions/archive.\n`);
      })
    );
}

async function getSession(id: string, stores: Stores): Promise<Session> {
  const conversation = await findConversation(id, stores.sessions);
  return { conversation, entries: await stores.sessions.read(conversation) };
}

function formatSession({ entries }: Session, zone: string): string {
  if (entries.length === 0) return "Nothing was said.\n";
  return entries.map((entry) => `${headOf(entry, zone)}\n${indented(entry.content)}\n`).join("\n");
}

/** Contents are quoted, so that no heading or fence of theirs reaches beyond them. */
function formatMarkdown({ conversation, entries }: Session, zone: string): string {
  const parts = entries.map((entry) => {
    const lines = escapeText(entry.content).split("\n").map((line) => `> ${line}`.trimEnd());
    return `\n## ${headOf(entry, zone)}\n\n${lines.join("\n")}\n`;
  });
  return `# ${escapeLine(conversation)}\n${parts.join("")}`;
}

function headOf({ role, timestamp, metadata }: SessionEntry, zone: string): string {
  const marked = metadata.marked === true ? " (with text of others)" : "";
  return `${role}, ${formatTime(timestamp * 1000, zone)}${marked}`;
}
