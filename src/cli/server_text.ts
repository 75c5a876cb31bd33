import type { JsonObject } from "../domain/json.ts";
import { formatDefinition } from "../mcp/definition.ts";
import { describeWay, type ServerEntry } from "../mcp/entry.ts";
import type { ServerSurvey, SurveyedTool } from "../mcp/servers.ts";
import { unifiedDiff } from "../text/diff.ts";
import { escapeExactly, escapeLine } from "../text/escape.ts";

// What a person sees of MCP servers. All that a server says is text of others: nothing unseen in it
// stays so, and none of its lines begins where ours do.

/** How a server is reached, and what that means. */
export function describeServer(entry: ServerEntry): string {
  const how = entry.way.kind === "program"
    ? "started with the rights that its command has (all of yours, unless the command confines it)"
    : "called over the network";
  return `${entry.name}: ${escapeLine(describeWay(entry))}\n  ${how}\n`;
}

/** Everything of a survey that an approval covers, in full. */
export async function describeSurvey(survey: ServerSurvey): Promise<string> {
  const tools = await Promise.all(survey.tools.map(describeTool));
  const gone = survey.gone.map((name) => `  ${escapeLine(name)}: not offered any more\n`);
  return [
    describeServer(survey.entry),
    `  calls itself ${JSON.stringify(escapeLine(survey.server))}, protocol ${
      escapeLine(survey.protocol)
    }\n`,
    ...tools,
    ...gone,
    ...survey.left.map((sentence) => `  ${escapeLine(sentence)}\n`),
  ].join("");
}

async function describeTool({ definition, name, state, pinned }: SurveyedTool): Promise<string> {
  if (name === undefined) return `  ${escapeLine(definition.name)}: no name is left for it\n`;
  const head = `  ${name}: ${state === "changed" ? "CHANGED since you approved it" : state}\n`;
  if (state === "approved") return head;
  const now = formatDefinition(definition);
  const text = pinned ? await unifiedDiff(formatDefinition(pinned.definition), now, "tool") : now;
  const lines = text.trimEnd().split("\n");
  return head + lines.map((line) => `    | ${escapeExactly(line)}\n`).join("");
}

/** Names of tools alone, as many as fit into a question. */
export function listNames({ tools }: ServerSurvey): string {
  const names = tools.flatMap(({ name }) => name ?? []);
  return names.map((name) => `    ${name}\n`).join("");
}

/** A tool for programs. */
export function surveyedJson(server: string, tool: SurveyedTool): JsonObject {
  return {
    server,
    tool: tool.definition.name,
    name: tool.name ?? null,
    state: tool.state,
  };
}
