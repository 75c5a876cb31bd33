import type { Stores } from "../app/stores.ts";
import type { Config } from "../config/schema.ts";
import { CodedError } from "../domain/failure.ts";
import { adviceOnVersion, describeWay, identityOf, readServerEntry } from "../mcp/entry.ts";

/** What is wrong with the MCP servers of a configuration, and what would be better. None is started. */
export async function examineServers(
  { pins }: Pick<Stores, "pins">,
  { tools }: Config,
): Promise<{ readonly wrong: readonly string[]; readonly advice: readonly string[] }> {
  const entries = Object.entries(tools.mcpServers)
    .map(([name, value]) => readServerEntry(name, value));
  const advice = entries.flatMap(({ way }) =>
    way.kind === "program" ? adviceOnVersion([way.command, ...way.args]) ?? [] : []
  );
  try {
    const pinned = await pins.all();
    const open = await Promise.all(entries.map(async (entry) => {
      const isApproved = pinned.get(entry.name)?.identity === await identityOf(entry);
      return isApproved ? [] : [
        `The MCP server ${entry.name} (${describeWay(entry)}) is not approved: ` +
        `clambot mcp approve ${entry.name}`,
      ];
    }));
    return { wrong: [], advice: [...advice, ...open.flat()] };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return { wrong: [`${error.message} ${error.failure.hint ?? ""}`.trim()], advice };
  }
}
