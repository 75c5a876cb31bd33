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
  const { call, foreign, similar = [], lease = [] } = request;
  const inside = (text: string) => wrapLine(text, columns - GUTTER.length - 1);
  const all = [request, ...similar];
  const calls = all.flatMap((one, index) => [
    all.length > 1 ? `${index + 1}. ${titleOf(one)}` : titleOf(one),
    ...(index === 0 ? [`tool: ${call.tool}`] : []),
    ...fieldsOf(one),
  ]);
  const whole = lease.flatMap(({ name, value }) => linesOf(name, escapeExactly(value).split("\n")));
  return [
    all.length > 1 ? `ClamBot asks about ${all.length} calls:` : "ClamBot asks:",
    ...calls.flatMap(inside).map((line) => GUTTER + line),
    ...(whole.length > 0 ? ["Allowed as a whole, the program may:"] : []),
    ...whole.flatMap(inside).map((line) => GUTTER + line),
    ...(foreign ? [all.length > 1 ? READ_OF_OTHERS_ALL : READ_OF_OTHERS] : []),
  ];
}

/** A call of a question. */
type ShownCall = Pick<ApprovalRequest, "preview" | "derived">;

function fieldsOf({ preview, derived }: ShownCall): string[] {
  const mark = (name: string) => {
    const found = derived.find((field) => field.name === name);
    return found ? ` (${found.isCertain ? "holds" : "may hold"} text of others)` : "";
  };
  const fields = preview.fields.flatMap(({ name, value }) =>
    linesOf(`${name}${mark(name)}`, escapeExactly(value).split("\n"))
  );
  const change = preview.diff === undefined
    ? []
    : linesOf(`change${mark("change")}`, escapeExactly(preview.diff).split("\n"), true);
  return [...fields, ...change];
}

/** What would be done, on one line, however long. */
export function titleOf({ preview }: Pick<ApprovalRequest, "preview">): string {
  return escapeExactly(preview.title).replaceAll("\n", "\\u{a}");
}

const READ_OF_OTHERS = "The program has read text of others, so only this one call can be allowed.";
const READ_OF_OTHERS_ALL =
  "The program has read text of others, so only these calls can be allowed, each once.";

/** A value behind its name, or, when it has several lines, on lines of its own. */
function linesOf(name: string, lines: readonly string[], below = false): string[] {
  const [first = ""] = lines;
  const label = escapeExactly(name).replaceAll("\n", "\\u{a}");
  if (lines.length === 1 && !below) return [`${label}: ${first}`];
  return [`${label}:`, ...lines.map((line) => `  ${line}`)];
}
