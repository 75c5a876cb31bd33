import type { Align, Block, Cell, Inline } from "../../../text/markdown_tree.ts";
import { cleanText } from "./styled_text.ts";

/** A table of a text. */
export type Table = Block & { readonly kind: "table" };

/** Columns of a screen that a telephone shows on one line. */
const WIDEST = 36;

/** A table in lines of one width; `undefined` when it is too wide for a telephone, or has links. */
export function alignTable({ columns, head, rows }: Table): string | undefined {
  const lines = [head, ...rows];
  if (lines.some((line) => line.some(hasLink))) return undefined;
  const texts = lines.map((line) => columns.map((_, at) => plainCell(line[at])));
  const widths = columns.map((_, at) =>
    texts.reduce((widest, line) => Math.max(widest, widthOf(line[at] ?? "")), 1)
  );
  const width = widths.reduce((sum, one) => sum + one + 3, -3);
  if (width > WIDEST) return undefined;
  const [top = "", ...rest] = texts.map((line) =>
    line.map((text, at) => pad(text, widths[at] ?? 0, columns[at] ?? "left")).join(" | ").trimEnd()
  );
  return [top, widths.map((one) => "-".repeat(one)).join("-+-"), ...rest].join("\n");
}

/** The words of a cell. */
export function plainCell(cell: Cell | undefined): string {
  return cleanText((cell ?? []).map(plainOf).join("")).trim();
}

function plainOf(inline: Inline): string {
  switch (inline.kind) {
    case "text":
    case "code":
      return inline.text;
    case "break":
      return " ";
    case "image":
      return inline.label;
    default:
      return inline.children.map(plainOf).join("");
  }
}

function hasLink(cell: Cell): boolean {
  return cell.some((one) =>
    one.kind === "link" || one.kind === "image" || ("children" in one && hasLink(one.children))
  );
}

function pad(text: string, width: number, align: Align): string {
  const room = Math.max(0, width - widthOf(text));
  const before = align === "right" ? room : align === "center" ? Math.floor(room / 2) : 0;
  return " ".repeat(before) + text + " ".repeat(room - before);
}

/** Columns that a text takes where all signs have one width or two. */
function widthOf(text: string): number {
  const bare = text.replace(/\p{M}|\p{Cf}/gu, "");
  return [...bare].reduce((sum, sign) => sum + (WIDE.test(sign) ? 2 : 1), 0);
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;
