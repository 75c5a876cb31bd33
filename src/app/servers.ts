import { readServerEntry } from "../mcp/entry.ts";
import { openLoginStore } from "../mcp/login_store.ts";
import { openServers, type Servers } from "../mcp/servers.ts";
import { CodedError } from "../domain/failure.ts";
import type { PublicFetch } from "../net/public_fetch.ts";
import type { Children } from "../platform/children.ts";
import { TOOL_NAMES } from "../tools/names.ts";
import { createNotes } from "./_server_notes.ts";
import type { Setting, Stores } from "./stores.ts";

const NO_CHILDREN: Children = {
  start: () => Promise.reject(new CodedError("server_failed", "No program is started here.")),
};

/** The MCP servers of the configuration. None is started before it is needed. */
export function openServersOf(
  stores: Stores,
  { config, layout, openFiles, children = NO_CHILDREN }: Setting,
  publicFetch: PublicFetch,
): Servers {
  const { clock, pins, redactor, vault } = stores;
  return openServers({
    entries: Object.entries(config.tools.mcpServers).map(([name, value]) =>
      readServerEntry(name, value)
    ),
    ...{ children, clock, pins, publicFetch },
    logins: openLoginStore(vault),
    reserved: TOOL_NAMES,
    noise: createNotes(openFiles(layout.logs), redactor),
  });
}
