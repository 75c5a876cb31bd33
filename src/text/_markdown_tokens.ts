import type { Token } from "markdown-it";
import type { Align, Block, Cell, Inline, ListItem } from "./markdown_tree.ts";

/** Levels from which on the parser leaves words out. */
const DEEPEST = 95;

/** Makes plain data of the parser's tokens. What is nested too deeply stays as it was written. */
export function toBlocks(tokens: readonly Token[], source: string): readonly Block[] {
  const isDeep = tokens.some(({ level, children }) =>
    level >= DEEPEST || children?.some((one) => one.level >= DEEPEST)
  );
  if (isDeep) return [{ kind: "paragraph", children: [{ kind: "text", text: source }] }];
  const reader: Reader = { tokens, lines: source.split(/\r\n|\r|\n/), at: 0 };
  return blocksUntil(reader, undefined);
}

interface Reader {
  readonly tokens: readonly Token[];
  readonly lines: readonly string[];
  at: number;
}

function blocksUntil(reader: Reader, end: string | undefined): Block[] {
  const blocks: Block[] = [];
  for (;;) {
    const token = reader.tokens[reader.at++];
    if (!token || token.type === end) return blocks;
    const block = blockOf(reader, token);
    if (block) blocks.push(block);
  }
}

function blockOf(reader: Reader, token: Token): Block | undefined {
  switch (token.type) {
    case "paragraph_open":
      return { kind: "paragraph", children: lineOf(reader) };
    case "heading_open":
      return { kind: "heading", level: Number(token.tag.slice(1)), children: lineOf(reader) };
    case "blockquote_open":
      return { kind: "quote", blocks: blocksUntil(reader, "blockquote_close") };
    case "bullet_list_open":
    case "ordered_list_open":
      return listOf(reader, token);
    case "fence":
    case "code_block": {
      const [language = ""] = token.info.trim().split(/\s+/);
      const text = token.content.replace(/\n$/, "");
      return { kind: "code", text, ...(language ? { language } : {}) };
    }
    case "hr":
      return { kind: "rule" };
    case "table_open":
      return tableOf(reader, token);
  }
}

/** The line of a paragraph, a heading or a cell, whose opening token was read. */
function lineOf(reader: Reader): readonly Inline[] {
  const inline = reader.tokens[reader.at];
  reader.at += 2; // the line itself, and what closes it
  return inlinesOf(inline?.children ?? []);
}

function listOf(reader: Reader, { type }: Token): Block {
  const items: ListItem[] = [];
  const from = reader.at;
  const end = type.replace("open", "close");
  for (let item = reader.tokens[reader.at++]; item && item.type !== end;) {
    const number = item.info === "" ? {} : { number: item.info };
    items.push({ ...number, ...itemOf(blocksUntil(reader, "list_item_close")) });
    item = reader.tokens[reader.at++];
  }
  const level = reader.tokens[from]?.level ?? 0;
  // a tight list hides the paragraphs of its items
  const isLoose = reader.tokens.slice(from, reader.at)
    .some((one) => one.type === "paragraph_open" && one.level === level + 1 && !one.hidden);
  return { kind: "list", isLoose, items };
}

function itemOf(blocks: readonly Block[]): ListItem {
  const [first, ...rest] = blocks;
  const [word, ...others] = first?.kind === "paragraph" ? first.children : [];
  const box = word?.kind === "text" ? /^\[([ xX])\](?: |$)/.exec(word.text) : null;
  if (!box || word?.kind !== "text") return { blocks };
  const text = word.text.slice(box[0].length);
  return {
    done: box[1] !== " ",
    blocks: [{ kind: "paragraph", children: [{ kind: "text", text }, ...others] }, ...rest],
  };
}

function tableOf(reader: Reader, open: Token): Block {
  const rows: Cell[][] = [];
  const columns: Align[] = [];
  for (;;) {
    const token = reader.tokens[reader.at++];
    if (!token || token.type === "table_close") break;
    if (token.type === "tr_open") rows.push([]);
    if (token.type === "th_open") columns.push(alignOf(token));
    if (token.type === "th_open" || token.type === "td_open") rows.at(-1)?.push(lineOf(reader));
  }
  const [from, to] = open.map ?? [0, 0];
  const lines = reader.lines.slice(from, to);
  // the parser leaves out what stands beyond the last column
  if (lines.some((line, at) => at > 1 && cellsIn(line) > columns.length)) {
    return { kind: "code", text: lines.join("\n") };
  }
  const [head = [], ...body] = rows;
  return { kind: "table", columns, head, rows: body };
}

function alignOf(token: Token): Align {
  const style = String(token.attrGet("style") ?? "");
  return style.endsWith("right") ? "right" : style.endsWith("center") ? "center" : "left";
}

function cellsIn(line: string): number {
  const bare = line.replace(/^[>\s]*\|?/, "").replace(/(?<!\\)\|\s*$/, "");
  return bare.split(/(?<!\\)\|/).length;
}

type Marked = { readonly kind: "bold" | "italic" | "strike"; readonly children: Inline[] };
type Linked = { readonly kind: "link"; readonly href: string; readonly children: Inline[] };

function inlinesOf(tokens: readonly Token[]): readonly Inline[] {
  const top: Inline[] = [];
  const open: Inline[][] = [top];
  const put = (inline: Inline) => open.at(-1)?.push(inline);
  for (const token of tokens) {
    if (token.nesting < 0) open.pop();
    else if (token.nesting > 0) {
      const inside = containerOf(token);
      put(inside);
      open.push(inside.children);
    } else if (token.type === "softbreak" || token.type === "hardbreak") put({ kind: "break" });
    else if (token.type === "code_inline") put({ kind: "code", text: token.content });
    else if (token.type === "image") {
      put({ kind: "image", href: String(token.attrGet("src") ?? ""), label: labelOf(token) });
    } else if (token.content !== "") put({ kind: "text", text: token.content });
  }
  return top;
}

function containerOf(token: Token): Marked | Linked {
  switch (token.type) {
    case "strong_open":
      return { kind: "bold", children: [] };
    case "em_open":
      return { kind: "italic", children: [] };
    case "s_open":
      return { kind: "strike", children: [] };
    default:
      return { kind: "link", href: String(token.attrGet("href") ?? ""), children: [] };
  }
}

/** The words of an image's description. */
function labelOf({ children }: Token): string {
  return (children ?? []).map((one) => one.type.endsWith("break") ? " " : one.content).join("");
}
