import { convert, type DomNode, type FormatCallback, type HtmlToTextOptions } from "html-to-text";

/** What a person would read on a page. */
export interface Page {
  /** Text of the title element, "" without one. */
  readonly title: string;
  readonly markdown: string;
  /** The page was longer, wider or deeper than what is read of one. */
  readonly truncated: boolean;
}

/** What formatters learn on the way. */
interface Learned {
  title: string;
  base: string;
}

/** Characters of HTML that are read; more is left away. */
const MOST_INPUT = 1_000_000;

/** Stands where nodes were left away. Two halves of characters, so no page has it in its text. */
const LEFT_AWAY = "\udfff\udfff";

/** Elements with nothing to read: programs, controls, pictures, and what frames a page. */
const SILENT = [
  ..."script style noscript template svg math canvas iframe object embed audio video img".split(
    " ",
  ),
  ..."input select textarea button datalist dialog nav aside footer meta link".split(" "),
  "[hidden]",
  "[aria-hidden=true]",
];

/** Styles that hide: what a person does not see must not speak to a model. */
const HIDING =
  /(?:^|;)(?:display:none|visibility:(?:hidden|collapse)|opacity:0(?:\.0*)?|font-size:0(?:\.0*)?[a-z%]*)(?:!important)?(?:;|$)/;

const BLOCKS = new Set(
  "article blockquote div dl dt h1 h2 h3 h4 h5 h6 li ol p pre section table tr ul".split(" "),
);

/** Turns a page into Markdown: headings, lists, tables, code and absolute links; hidden text left out. */
export function toMarkdown(html: string, url: string): Page {
  const learned: Learned = { title: "", base: url };
  const marked = convert(html.slice(0, MOST_INPUT), OPTIONS, learned);
  const text = marked.replaceAll(LEFT_AWAY, "");
  const markdown = text.replace(/[^\S\n]+$/gm, "").replace(/\n{3,}/g, "\n\n").trim();
  const title = learned.title.replace(/\s+/g, " ").trim();
  return { title, markdown, truncated: html.length > MOST_INPUT || text !== marked };
}

const formatTitle: FormatCallback = (element, _walk, builder) => {
  const learned = learnedOf(builder);
  if (learned.title === "") learned.title = ownText(element);
};

const formatBase: FormatCallback = (element, _walk, builder) => {
  const learned = learnedOf(builder);
  learned.base = URL.parse(attribute(element, "href"), learned.base)?.href ?? learned.base;
};

/** Looks at the style first, then formats the element as one without it. */
const formatStyled: FormatCallback = (element, walk, builder) => {
  const style = attribute(element, "style").toLowerCase().replace(/\s|\/\*.*?\*\//g, "");
  if (HIDING.test(style)) return;
  delete element.attribs.style;
  walk([element], builder);
};

const formatHeading: FormatCallback = (element, walk, builder) => {
  const marks = "#".repeat(Number(element.name?.slice(1)) || 1);
  builder.openBlock({ leadingLineBreaks: 2 });
  walk(element.children, builder);
  builder.closeBlock({
    trailingLineBreaks: 2,
    blockTransform: (text) => text.trim() === "" ? "" : `${marks} ${onOneLine(text)}`,
  });
};

const formatLink: FormatCallback = (element, walk, builder) => {
  const { text, block } = glance(element);
  const href = absolute(attribute(element, "href"), learnedOf(builder).base);
  if (!text || href === undefined) return walk(element.children, builder);
  if (!block) builder.addLiteral("[");
  walk(element.children, builder);
  builder.addLiteral(block ? ` (${href})` : `](${href})`);
};

const formatCode: FormatCallback = (element, walk, builder) => {
  builder.openBlock({ isPre: true, leadingLineBreaks: 2 });
  walk(element.children, builder);
  builder.closeBlock({
    trailingLineBreaks: 2,
    blockTransform: (text) => {
      const longest = (text.match(/`+/g) ?? []).reduce(
        (most, { length }) => Math.max(most, length),
        2,
      );
      const fence = "`".repeat(longest + 1);
      return `${fence}\n${text}\n${fence}`;
    },
  });
};

const formatRow: FormatCallback = (element, walk, builder) => {
  const cells = element.children.filter(({ name }) => name === "td" || name === "th");
  builder.openBlock({ leadingLineBreaks: 1 });
  for (const cell of cells) {
    builder.addLiteral("| ");
    walk([cell], builder);
    builder.addLiteral(" ");
  }
  if (cells.length > 0) builder.addLiteral("|");
  const rule = cells.length > 0 && cells.every(({ name }) => name === "th")
    ? `\n|${" --- |".repeat(cells.length)}`
    : "";
  builder.closeBlock({
    trailingLineBreaks: 1,
    blockTransform: (text) => `${onOneLine(text)}${rule}`,
  });
};

const OPTIONS: HtmlToTextOptions = {
  wordwrap: false,
  baseElements: { selectors: [] }, // the whole page: the tags of its body may be left out
  limits: {
    maxInputLength: MOST_INPUT,
    maxDepth: 150,
    maxChildNodes: 20_000,
    ellipsis: LEFT_AWAY,
  },
  formatters: {
    formatTitle,
    formatBase,
    formatStyled,
    formatHeading,
    formatLink,
    formatCode,
    formatRow,
  },
  selectors: [
    ...["h1", "h2", "h3", "h4", "h5", "h6"].map((selector) => ({
      selector,
      format: "formatHeading",
    })),
    { selector: "title", format: "formatTitle" },
    { selector: "base", format: "formatBase" },
    { selector: "a", format: "formatLink" },
    { selector: "pre", format: "formatCode" },
    { selector: "tr", format: "formatRow" },
    ...surround("**", "b", "strong"),
    ...surround("*", "i", "em"),
    ...surround("`", "code", "kbd", "samp"),
    ...[
      "section",
      "dl",
      "dt",
      "dd",
      "figure",
      "figcaption",
      "caption",
      "address",
      "details",
      "summary",
    ]
      .map((selector) => ({ selector, format: "block" })),
    { selector: "pre > code", format: "inline" },
    { selector: "ul", options: { itemPrefix: "- " } },
    { selector: "hr", format: "blockString", options: { string: "---" } },
    { selector: "[style]", format: "formatStyled" },
    // pages hide all of themselves until a script has run
    ...["[style]", "[hidden]", "[aria-hidden=true]"]
      .map((hiding) => ({ selector: `html${hiding}`, format: "inline" })),
    ...SILENT.map((selector) => ({ selector, format: "skip" })),
  ],
};

function surround(mark: string, ...selectors: readonly string[]) {
  return selectors.map((selector) => ({
    selector,
    format: "inlineSurround",
    options: { prefix: mark, suffix: mark },
  }));
}

function learnedOf(builder: unknown): Learned {
  return (builder as { metadata: Learned }).metadata;
}

function attribute(element: DomNode, name: string): string {
  return String(element.attribs?.[name] ?? "");
}

function ownText(element: DomNode): string {
  return element.children.map(({ type, data }) => type === "text" ? data ?? "" : "").join("");
}

/** A link that can be followed: absolute, http or https. */
function absolute(href: string, base: string): string | undefined {
  if (href === "" || href.startsWith("#")) return undefined;
  const url = URL.parse(href, base);
  if (!url || !/^https?:$/.test(url.protocol)) return undefined;
  return url.href.replaceAll("(", "%28").replaceAll(")", "%29");
}

/** Whether an element has text and block elements, as far as its first descendants tell. */
function glance(element: DomNode): { text: boolean; block: boolean } {
  const seen = { text: false, block: false };
  const waiting = [...element.children].reverse();
  for (let budget = 200; budget > 0; budget--) {
    const node = waiting.pop();
    if (!node) break;
    if (node.type === "text" && node.data?.trim()) seen.text = true;
    if (node.name && BLOCKS.has(node.name)) seen.block = true;
    for (const child of (node.children ?? []).slice(0, budget).reverse()) waiting.push(child);
  }
  return seen;
}

function onOneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, " ");
}
