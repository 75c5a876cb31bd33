import type { ToolFacts } from "../tool_facts.ts";

/** Facts of the tool `secrets_add`. */
export const secretsAddTool: ToolFacts = {
  name: "secrets_add",
  sinks: [],
  scopes: ["secret:"],
  load: async () => {
    const { createSecretsAddTool } = await import("./secrets_add.ts");
    return (ports) => createSecretsAddTool(ports.secrets);
  },
};
