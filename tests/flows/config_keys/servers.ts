import { type Cases, together } from "./cases.ts";

// No server is started: what the configuration names is seen in the list.

export const servers: Cases = together({
  observe: async ({ clambot: { here } }) => {
    const { stdout } = await here.run(["mcp", "list", "--json"]);
    const [{ way }] = JSON.parse(stdout) as [{ way: string }];
    return way;
  },
}, {
  "tools.mcpServers.<name>": {
    name: "files",
    values: [{ command: "one", args: ["a b"] }, { url: "https://mcp.example/" }],
    mark: (way) => way,
    expected: ['one "a b"', "https://mcp.example/"],
  },
});
