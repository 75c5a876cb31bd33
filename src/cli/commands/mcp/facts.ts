import type { CliCommand } from "../../command.ts";

/** Facts of `clambot mcp`. */
export const mcpCommand: CliCommand = {
  name: "mcp",
  group: "Set up and check:",
  mayWriteConfig: ["add", "remove"],
  opens: { login: ["https:"] },
  runsPrograms: ["serve"],
  runsClams: ["serve"],
  startsServers: ["test", "tools", "approve", "serve"],
  examples: {
    "": [
      "clambot mcp add files --full-user-rights -- npx -y @modelcontextprotocol/server-filesystem@2026.8.31 ~/notes",
      "clambot mcp test files",
      "clambot mcp approve files",
    ],
    list: ["clambot mcp list", "clambot mcp list --json"],
    add: [
      "clambot mcp add files --full-user-rights -- npx -y @modelcontextprotocol/server-filesystem@2026.8.31 ~/notes",
      "clambot mcp add files --confined -- npx -y @modelcontextprotocol/server-filesystem@2026.8.31 ~/notes",
      "clambot mcp add weather --url https://mcp.weather.example/",
      "clambot mcp add github --full-user-rights --env GITHUB_TOKEN=ghp_… -- github-mcp-server stdio",
    ],
    remove: ["clambot mcp remove files"],
    test: ["clambot mcp test files"],
    tools: ["clambot mcp tools", "clambot mcp tools files --json"],
    login: ["clambot mcp login weather", "clambot mcp login weather --no-browser"],
    logout: ["clambot mcp logout weather"],
    serve: ["clambot mcp serve", "clambot mcp serve --starters"],
    approve: [
      "clambot mcp approve files",
      "clambot mcp approve files --types-only",
      "clambot mcp approve files --yes",
    ],
  },
  load: async () => (await import("./mcp.ts")).registerMcp,
};
