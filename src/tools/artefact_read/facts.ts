import type { ToolFacts } from "../tool_facts.ts";

/** Facts of the tool `artefact_read`. */
export const artefactReadTool: ToolFacts = {
  name: "artefact_read",
  sinks: [],
  load: async () => {
    const { createArtefactReadTool } = await import("./artefact_read.ts");
    return (ports) => createArtefactReadTool(ports.artefacts);
  },
};
