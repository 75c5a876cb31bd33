import type { ToolFacts } from "../tool_facts.ts";

/** Facts of the tool `pdf_reader`. */
export const pdfReaderTool: ToolFacts = {
  name: "pdf_reader",
  without: "PDF documents",
  sinks: ["path"],
  scopes: ["workspace", "file:", "dir:"],
  load: async () => {
    const { createPdfReaderTool } = await import("./pdf_reader.ts");
    return (ports) => createPdfReaderTool(ports.fs, ports.workers);
  },
};
