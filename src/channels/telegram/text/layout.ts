import type { Block, Cell, Inline, ListItem } from "../../../text/markdown_tree.ts";
import { linkHost, saysHost } from "./link.ts";
import type { StyledText } from "./styled_text.ts";
import { alignTable, plainCell, type Table } from "./table.ts";
import { createStyledWriter, type StyledWriter } from "./styled_writer.ts";

const BULLETS = ["•", "◦", "▪"];
const RULE = "─".repeat(12);

/**
 * How a text looks in a message: one text, and what stands out in it. Lists, tables and rules, for
 * which Telegram has nothing, become lines; a link names its host where its words do not.
 */
export function layOut(blocks: readonly Block[]): StyledText {
  const page: Page = { writer: createStyledWriter(), depth: 0, isInside: false };
  writeBlocks(page, blocks, true);
  return page.writer.done();
}

interface Page {
  readonly writer: StyledWriter;
  /** Lists around this place. */
  readonly depth: number;
  /** Stands within a list or a quote: a quote within them is no quote of Telegram's. */
  readonly isInside: boolean;
}

function writeBlocks(page: Page, blocks: readonly Block[], isLoose: boolean): void {
  for (const [at, block] of blocks.entries()) {
    if (at > 0) page.writer.newLine(isLoose);
    writeBlock(page, block);
  }
}

function writeBlock(page: Page, block: Block): void {
  const { writer } = page;
  switch (block.kind) {
    case "paragraph":
      return writeLine(writer, block.children);
    case "heading":
      return writer.within({ kind: "bold" }, () => {
        if (block.level > 1) return writeLine(writer, block.children);
        writer.within({ kind: "underline" }, () => writeLine(writer, block.children));
      });
    case "quote":
      return writeQuote(page, block.blocks);
    case "list":
      return writeList(page, block);
    case "code":
      return writer.pre(block.text, block.language);
    case "rule":
      return writer.write(RULE);
    case "table":
      return writeTable(writer, block);
  }
}

function writeQuote(page: Page, blocks: readonly Block[]): void {
  const { writer } = page;
  const inside = { ...page, isInside: true };
  if (!page.isInside) {
    return writer.within({ kind: "quote" }, () => writeBlocks(inside, blocks, true));
  }
  writer.write("> ");
  writer.indented("> ", () => writeBlocks(inside, blocks, true));
}

function writeList(page: Page, { items, isLoose }: Block & { kind: "list" }): void {
  const { writer, depth } = page;
  const inside = { ...page, depth: depth + 1, isInside: true };
  for (const [at, item] of items.entries()) {
    if (at > 0) writer.newLine(isLoose);
    const { number } = item;
    const sign = number === undefined ? BULLETS[depth % BULLETS.length] : `${number}.`;
    writer.write(`${sign}${boxOf(item)} `);
    writer.indented(number === undefined ? "  " : "   ", () => {
      writeBlocks(inside, item.blocks, isLoose);
    });
  }
}

function boxOf({ done }: ListItem): string {
  return done === undefined ? "" : done ? " ☑" : " ☐";
}

function writeTable(writer: StyledWriter, table: Table): void {
  const aligned = alignTable(table);
  if (aligned !== undefined) return writer.pre(aligned);
  const [rows, heads] = table.rows.length > 0 ? [table.rows, table.head] : [[table.head], []];
  for (const [at, row] of rows.entries()) {
    if (at > 0) writer.newLine();
    writer.write("• ");
    writer.indented("  ", () => {
      for (const [column, cell] of row.entries()) writeCell(writer, cell, heads[column], column);
    });
  }
}

function writeCell(writer: StyledWriter, cell: Cell, head: Cell = [], column: number): void {
  if (cell.length === 0 && head.length === 0) return;
  if (column > 0) writer.newLine();
  writeLine(writer, head);
  if (head.length > 0) writer.write(": ");
  if (column > 0) return writeLine(writer, cell);
  writer.within({ kind: "bold" }, () => writeLine(writer, cell));
}

function writeLine(writer: StyledWriter, line: readonly Inline[]): void {
  for (const inline of line) writeInline(writer, inline);
}

function writeInline(writer: StyledWriter, inline: Inline): void {
  switch (inline.kind) {
    case "text":
      return writer.write(inline.text);
    case "break":
      return writer.write("\n");
    case "code":
      return writer.code(inline.text);
    case "image":
      return writeImage(writer, inline);
    case "link":
      return writeLink(writer, inline);
    default:
      return writer.within({ kind: inline.kind }, () => writeLine(writer, inline.children));
  }
}

/** An image is named; its address can be read, and nothing fetches it or leads there. */
function writeImage(writer: StyledWriter, { label, href }: Inline & { kind: "image" }): void {
  writer.write(label === "" ? "🖼 " : `🖼 ${label} `);
  writer.code(href);
}

function writeLink(writer: StyledWriter, { href, children }: Inline & { kind: "link" }): void {
  const label = plainCell(children);
  const host = linkHost(href);
  if (host !== undefined && label !== "") {
    writer.within({ kind: "link", href }, () => writeLine(writer, children));
    if (!saysHost(label, host)) writer.write(` (${host})`);
    return;
  }
  if (label === "" || label === href) return writer.code(href);
  writeLine(writer, children);
  writer.write(" (");
  writer.code(href);
  writer.write(")");
}
