import { CodedError } from "../../../domain/failure.ts";
import type { JsonObject } from "../../../domain/json.ts";
import { describeWay, identityOf, readServerEntry } from "../../../mcp/entry.ts";
import type { ServerSurvey } from "../../../mcp/servers.ts";
import { escapeLine } from "../../../text/escape.ts";
import type { CliContext, End } from "../../context.ts";
import { formatTable } from "../../print.ts";
import { surveyedJson } from "../../server_text.ts";
import { formatJson, withStores } from "../../stores.ts";
import { withServers } from "../../with_servers.ts";

/** Options of all of them. */
interface ShowOptions {
  readonly json?: true | undefined;
}

/** Lists what the configuration names, and how it stands with approvals. */
export async function listServers(
  { json }: ShowOptions,
  context: CliContext,
  end: End,
): Promise<void> {
  const entries = Object.entries(context.config.tools.mcpServers)
    .map(([name, value]) => readServerEntry(name, value));
  await withStores(context, end, async ({ pins }) => {
    const pinned = await pins.all();
    const rows = await Promise.all(entries.map(async (entry) => {
      const found = pinned.get(entry.name);
      const isOfThis = found?.identity === await identityOf(entry);
      const state = !found
        ? "not approved yet"
        : !isOfThis
        ? "not approved in this form"
        : found.refused
        ? "refused"
        : `${found.tools.size} tools approved`;
      return { server: entry.name, way: describeWay(entry), state };
    }));
    if (json) return context.terminal.out(formatJson(rows as unknown as JsonObject[]));
    if (rows.length === 0) return context.terminal.out("There are no MCP servers.\n");
    context.terminal.out(formatTable([
      ["SERVER", "APPROVED", "COMMAND OR ADDRESS"],
      ...rows.map(({ server, way, state }) => [server, state, escapeLine(way)]),
    ]));
  });
}

/** Starts or calls one, and tells what became of that. */
export async function testServer(
  name: string,
  { json }: ShowOptions,
  context: CliContext,
  end: End,
): Promise<void> {
  const { terminal } = context;
  const survey = await surveyOrTell(name, context);
  const { server, protocol, tools, left } = survey;
  if (json) {
    const told = { server: name, says: server, protocol, tools: tools.length, left: [...left] };
    terminal.out(formatJson(told));
    return end(0);
  }
  terminal.out(
    `${name} answers: it calls itself ${JSON.stringify(escapeLine(server))}, speaks protocol ` +
      `${escapeLine(protocol)}, and offers ${tools.length} tools.\n`,
  );
  for (const sentence of left) terminal.out(`${escapeLine(sentence)}\n`);
  end(0);
}

/** With the last lines that the server wrote, where it failed. */
async function surveyOrTell(name: string, context: CliContext): Promise<ServerSurvey> {
  try {
    return await withServers(context, (servers, _, signal) => servers.survey(name, signal));
  } catch (error) {
    if (!(error instanceof CodedError) || error.failure.code !== "server_failed") throw error;
    const log = await context.openFiles(context.layout.logs).readText(`mcp_${name}.log`);
    const last = log?.trimEnd().split("\n").slice(-10) ?? [];
    if (last.length > 0) context.terminal.err("It wrote last:\n");
    for (const line of last) context.terminal.err(`  | ${line}\n`);
    const hint = error.failure.hint?.includes("mcp test") ? undefined : error.failure.hint;
    throw new CodedError(error.failure.code, error.failure.message, hint);
  }
}

/** The tools of one server, or of all; one that fails takes no other away. */
export async function listTools(
  name: string | undefined,
  { json }: ShowOptions,
  context: CliContext,
  end: End,
): Promise<void> {
  const { terminal } = context;
  const told: JsonObject[] = [];
  let code: 0 | 1 = 0;
  await withServers(context, async (servers, _, signal) => {
    const names = name === undefined ? servers.entries.map((one) => one.name) : [name];
    for (const one of names) {
      try {
        const { tools, left } = await servers.survey(one, signal);
        told.push(...tools.map((tool) => surveyedJson(one, tool)));
        for (const sentence of left) terminal.err(`clambot: ${one}: ${escapeLine(sentence)}\n`);
      } catch (error) {
        if (!(error instanceof CodedError) || name !== undefined) throw error;
        code = 1;
        terminal.err(`clambot: ${escapeLine(error.message)}\n`);
      }
    }
  });
  if (json) terminal.out(formatJson(told));
  else if (told.length === 0) terminal.out("There are no tools.\n");
  else {
    const rows = told.map(({ server, tool, name, state }) =>
      [server, name ?? "-", state, tool].map((one) => escapeLine(String(one)))
    );
    terminal.out(formatTable([["SERVER", "CALLED", "STATE", "TOOL"], ...rows]));
  }
  end(code);
}
