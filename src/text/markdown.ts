import type { MarkdownIt, StateInline } from "markdown-it";
import { toBlocks } from "./_markdown_tokens.ts";
import type { Block } from "./markdown_tree.ts";

/** Reads Markdown: a text of any kind has a tree, and all of its words stand in it. */
export type MarkdownReader = (source: string) => readonly Block[];

/**
 * Loads the parser. It reads CommonMark with tables, strike-through and tasks, but HTML, references
 * and underlined headings are plain text, and `*` between letters or digits is a sign: so
 * `2*3*4` and `[1]: …` stay as they were written.
 */
export async function openMarkdown(): Promise<MarkdownReader> {
  const { default: create } = await import("markdown-it");
  const parser = create({ html: false, linkify: false });
  parser.disable(["lheading", "reference", "html_block", "html_inline"]);
  // what may be followed is decided where it is shown, and an address stays as it was written
  parser.validateLink = () => true;
  parser.normalizeLink = (href) => href;
  keepSigns(parser);
  return (source) => toBlocks(parser.parse(source, {}), source);
}

function keepSigns(parser: MarkdownIt): void {
  const State = parser.inline.State;
  parser.inline.State = class extends State {
    override scanDelims(...[start, canSplitWord]: Parameters<StateInline["scanDelims"]>) {
      const found = super.scanDelims(start, canSplitWord);
      const isStar = this.src[start] === "*";
      const around = (this.src[start - 1] ?? " ") + (this.src[start + found.length] ?? " ");
      return isStar && /^[0-9A-Za-z]{2}$/.test(around)
        ? { ...found, can_open: false, can_close: false }
        : found;
    }
  };
}
