import { CodedError } from "../../domain/failure.ts";
import type { LauncherTask } from "./task.ts";

/** Starts the program of an MCP server, as the configuration names it, whatever the core says. */
export const startServerTask: LauncherTask = {
  name: "start_server",
  does: "starts the program that `tools.mcpServers` names for a server, and hands over its pipes",
  serve(order, { startServer }) {
    const { server } = order as { readonly server?: unknown } ?? {};
    if (typeof server !== "string") throw new CodedError("usage", "This is no server.");
    return { value: null, port: startServer(server) };
  },
};
