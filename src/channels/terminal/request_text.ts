import type { ApprovalRequest } from "../../approvals/approver.ts";
import { escapeLine, escapeStrictly } from "../../text/escape.ts";

/**
 * The question as text: complete, with everything unseen made visible, so that what is read is
 * what will run.
 */
export function formatRequest(request: ApprovalRequest): string {
  const { preview, call } = request;
  const lines = [
    `ClamBot asks: ${escapeLine(preview.title)}`,
    `  tool: ${call.tool}`,
    ...preview.fields.map(({ name, value }) => `  ${escapeLine(name)}: ${indent(value)}`),
  ];
  if (preview.diff !== undefined) lines.push("  change:", indentAll(preview.diff));
  return lines.join("\n");
}

/** A value on its line, or, when it has several, on lines of its own. */
function indent(value: string): string {
  const shown = escapeStrictly(value).replaceAll("\t", "\\t");
  return shown.includes("\n") ? `\n${indentAll(value)}` : shown;
}

function indentAll(text: string): string {
  return escapeStrictly(text).split("\n").map((line) => `    ${line}`).join("\n");
}
