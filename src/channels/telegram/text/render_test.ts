import assert from "node:assert/strict";
import {
  readSentText,
  seenEntities,
  type SeenText,
} from "../../../../tests/fakes/bot_api/_check_text.ts";
import { markdownDocument } from "../../../../tests/fakes/markdown_documents.ts";
import { openMarkdown } from "../../../text/markdown.ts";
import { layOut } from "./layout.ts";
import { type MessageText, renderMarkdown, renderPlain } from "./render.ts";
import { isUnseen } from "./styled_text.ts";

const read = await openMarkdown();

/** What a strict Telegram shows of a text; both formats show the same. */
function seen(source: string, blocks = read(source)): readonly SeenText[] {
  const [entities, marked] = (["entities", "markdownv2"] as const).map((format) =>
    renderMarkdown(source, () => blocks, format).map(taken)
  );
  assert.deepEqual(marked, entities);
  return entities ?? [];
}

function taken({ plain, ...sent }: MessageText): SeenText {
  const shown = readSentText(sent);
  assert.equal(shown.text, plain);
  return { text: shown.text, entities: seenEntities(shown) };
}

/** The text, and what stands out in it as `kind: words`. */
function told(source: string): string[] {
  return seen(source).flatMap(({ text, entities }) => [
    text,
    ...entities.map(({ type, offset, length, url, language }) =>
      `${type}${url ?? language ? `(${url ?? language})` : ""}: ${text.substr(offset, length)}`
    ),
  ]);
}

/** The messages are the whole text, in order; only blanks are left out, between them. */
function assertWhole(messages: readonly { readonly text: string }[], whole: string): void {
  let at = 0;
  for (const { text } of messages) {
    const found = whole.indexOf(text, at);
    assert.ok(found >= 0 && isUnseen(whole.slice(at, found)), `lost before ${text.slice(0, 80)}`);
    assertSignStart(whole, found);
    at = found + text.length;
    assertSignStart(whole, at);
  }
  assert.ok(isUnseen(whole.slice(at)), `lost at the end: ${whole.slice(at, at + 80)}`);
}

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

function assertSignStart(whole: string, at: number): void {
  if (at === 0 || at === whole.length) return;
  const from = Math.max(0, at - 100);
  const sign = segmenter.segment(whole.slice(from, at + 100)).containing(at - from);
  assert.equal(sign?.index, at - from, `a sign is cut at ${at}: ${sign?.segment}`);
}

for (let from = 0; from < 500; from += 125) {
  Deno.test(`documents ${from} to ${from + 124} arrive whole, in both formats alike`, () => {
    for (let seed = from; seed < from + 125; seed++) {
      const { source, words } = markdownDocument(seed);
      const blocks = read(source);
      const messages = seen(source, blocks);
      const whole = layOut(blocks);
      assertWhole(messages, whole.text);
      const found = new Set(whole.text.match(/w\d+q/g));
      assert.deepEqual(words.filter((word) => !found.has(word)), [], `lost in ${seed}`);
    }
  });
}

for (
  const [promise, source, ...shown] of [
    [
      "a sign that means nothing stays as it is",
      "Use a-b, f(x)=2, #1 > 0.5! {ok} | ~ + [x] _y_",
      "Use a-b, f(x)=2, #1 > 0.5! {ok} | ~ + [x] y",
      "italic: y",
    ],
    [
      "names with underscores and products are no styles",
      "see /etc/my_conf and snake_case_name and 2*3*4 = 24",
      "see /etc/my_conf and snake_case_name and 2*3*4 = 24",
    ],
    [
      "italic beside underline is kept apart in MarkdownV2",
      "# _a **b**_\n\n_a __b___",
      "a b\n\na b",
      ...["bold: a b", "italic: a b", "underline: a b", "italic: a b", "bold: b"],
    ],
    ["nothing stands in code", "**x `y` z**", "x y z", "bold: x", "code: y", "bold: z"],
    [
      "a quote in a quote is shown by its sign",
      "> q\n> > inner\n> > more\n>\n> end",
      "q\n\n> inner\n> more\n\nend",
      "blockquote: q\n\n> inner\n> more\n\nend",
    ],
    [
      "lines of a program interrupt a quote",
      "> a\n>\n> ```js\n> x\n> ```\n>\n> b",
      "a\n\nx\n\nb",
      ...["blockquote: a", "pre(js): x", "blockquote: b"],
    ],
    [
      "a link names the host that its words do not",
      "[l](http://e.example/a_(b)\\\\c) [e.example](http://e.example/) [a.example](http://b.example)",
      "l (e.example) e.example a.example (b.example)",
      "text_link(http://e.example/a_(b)\\c): l",
      "text_link(http://e.example/): e.example",
      "text_link(http://b.example): a.example",
    ],
    [
      "code within a link is a link",
      "[the `x` of](https://a.example/)",
      "the x of (a.example)",
      "text_link(https://a.example/): the x of",
    ],
    [
      "what is no safe link is shown with its address",
      "[a](javascript:x) [b](https://good.example@evil.example/) [c](http://localhost/) [d](tg://user?id=1)",
      "a (javascript:x) b (https://good.example@evil.example/) c (http://localhost/) d (tg://user?id=1)",
      ...["code: javascript:x", "code: https://good.example@evil.example/"],
      ...["code: http://localhost/", "code: tg://user?id=1"],
    ],
    [
      "signs that nobody sees are no part of a link",
      "[ex\u200bample.com\u202e](https://example.com/) [x](https://ex\u200bample.com/)",
      "example.com (example.com) x (https://ex\u200bample.com/)",
      "text_link(https://example.com/): example.com",
      "code: https://ex\u200bample.com/",
    ],
    [
      "an image is text that leads nowhere, and a tag is text",
      "![](https://evil.example/p?d=SECRET)\n\n<tg-button>x</tg-button>",
      "🖼 https://evil.example/p?d=SECRET\n\n<tg-button>x</tg-button>",
      "code: https://evil.example/p?d=SECRET",
    ],
    [
      "lists, numbers and tasks are lines",
      "- a\n  - b\n    1. c\n    2. d\n- [ ] open\n- [x] done\n\n  more",
      "• a\n\n  ◦ b\n    1. c\n    2. d\n\n• ☐ open\n\n• ☑ done\n\n  more",
    ],
    ["numbers stay as they were written", "1986. a\n1990. b\n7. c", "1986. a\n1990. b\n7. c"],
    [
      "a narrow table is aligned",
      "| item | n |\n|:--|--:|\n| milk | 2 |\n| 牛乳 | 10 |",
      "item |  n\n-----+---\nmilk |  2\n牛乳 | 10",
      "pre: item |  n\n-----+---\nmilk |  2\n牛乳 | 10",
    ],
    [
      "a wide table is told in lines, with its links",
      `| name | where |\n|--|--|\n| A | [page](https://a.example/) |\n| B | ${"far ".repeat(12)}|`,
      `• name: A\n  where: page (a.example)\n• name: B\n  where: ${"far ".repeat(12).trim()}`,
      ...["bold: A", "text_link(https://a.example/): page", "bold: B"],
    ],
    [
      "cells beyond the last column are not left out",
      "| a |\n|---|\n| b | c |",
      "| a |\n|---|\n| b | c |",
      "pre: | a |\n|---|\n| b | c |",
    ],
    ["a lone half of a pair is told to be one", "a\ud83d b", "a\ufffd b"],
    [
      "nothing at all is said to be nothing",
      "\u200b",
      "(There is nothing to be seen in this answer.)",
    ],
    [
      "what is nested too deeply stays as it was written",
      ">".repeat(200) + "x",
      ">".repeat(200) + "x",
    ],
  ] as const
) {
  Deno.test(promise, () => {
    assert.deepEqual(told(source), [...shown]);
  });
}

Deno.test("what a person agrees to is shown as it is written", () => {
  const source = "May I? *write* [a](https://b.example) `c` _d_ > e";
  assert.deepEqual(renderPlain(source), [{ plain: source, text: source }]);
  assert.equal(renderPlain("x".repeat(9_000)).length, 3);
});
