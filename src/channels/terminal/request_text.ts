import type { ApprovalRequest } from "../../approvals/approver.ts";
import { escapeExactly } from "../../text/escape.ts";
import { wrapLine } from "../../text/wrap.ts";

/** Before every line of what a program wants, so that none of them can pose as ours. */
const GUTTER = "│ ";

/**
 * The question as lines: complete, with everything unseen made visible, so that what is read is
 * what will run. Lines are broken before the terminal would break them, at `columns` characters.
 */
export function formatRequest(request: ApprovalRequest, columns: number): string[] {
  const { preview, call, foreign, derived } = request;
  const inside = (text: string) => wrapLine(text, columns - GUTTER.length - 1);
  const mark = (name: string) => derived.includes(name) ? " (holds text of others)" : "";
  const fields = preview.fields.flatMap(({ name, value }) =>
    linesOf(`${name}${mark(name)}`, escapeExactly(value).split("\n"))
  );
  const change = preview.diff === undefined
    ? []
    : linesOf(`change${mark("change")}`, escapeExactly(preview.diff).split("\n"), true);
  return [
    "ClamBot asks:",
    ...[titleOf(request), `tool: ${call.tool}`, ...fields, ...change].flatMap(inside)
      .map((line) => GUTTER + line),
    ...(foreign ? [READ_OF_OTHERS] : []),
  ];
}

/** What would be done, on one line, however long. */
export function titleOf({ preview }: ApprovalRequest): string {
  return escapeExactly(preview.title).replaceAll("\n", "\\u{a}");
}

const READ_OF_OTHERS = "The program has read text of others, so only this one call can be allowed.";

/** A value behind its name, or, when it has several lines, on lines of its own. */
function linesOf(name: string, lines: readonly string[], below = false): string[] {
  const [first = ""] = lines;
  const label = escapeExactly(name).replaceAll("\n", "\\u{a}");
  if (lines.length === 1 && !below) return [`${label}: ${first}`];
  return [`${label}:`, ...lines.map((line) => `  ${line}`)];
}
