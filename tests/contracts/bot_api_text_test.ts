import assert from "node:assert/strict";
import { readMarkdownV2, readSentText, TextRefused } from "../fakes/bot_api/_check_text.ts";

// The strict server's own reading of texts: what it takes and what it refuses, so that a green test
// elsewhere means something.

const seen = (source: string) => {
  const { text, entities } = readMarkdownV2(source);
  return [text, entities.map(({ type, offset, length }) => `${type} ${offset} ${length}`).join()];
};

Deno.test("MarkdownV2 is read with its styles, the greedy underline included", () => {
  assert.deepEqual(seen("_a *b*_"), ["a b", "italic 0 3,bold 2 1"]);
  assert.deepEqual(seen("_a __b___"), ["a b", "italic 0 3,underline 2 1"]);
  assert.deepEqual(seen("_a_**__b__"), ["ab", "italic 0 1,underline 1 1"]);
  assert.deepEqual(seen("||a|| ~b~"), ["a b", "spoiler 0 1,strikethrough 2 1"]);
  assert.deepEqual(seen("x **y"), ["x y", ""]);
  assert.deepEqual(seen("a\\.b\\\\"), ["a.b\\", ""]);
  assert.deepEqual(seen("😀*b*"), ["😀b", "bold 2 1"]);
});

Deno.test("code, programs, links and quotes are read as Telegram reads them", () => {
  assert.deepEqual(seen("`a_*\\`\\\\`"), ["a_*`\\", "code 0 5"]);
  assert.deepEqual(seen("```js\na\nb```"), ["a\nb", "pre 0 3"]);
  assert.equal(readMarkdownV2("```js\na```").entities[0]?.language, "js");
  assert.deepEqual(seen("```\n\na```"), ["\na", "pre 0 2"]);
  assert.deepEqual(seen("[a*b*](http://x.y/\\)\\\\z)"), ["ab", "text_link 0 2,bold 1 1"]);
  assert.equal(readMarkdownV2("[a](http://x.y/\\)\\\\z)").entities[0]?.url, "http://x.y/)\\z");
  assert.deepEqual(seen("[a](nowhere)"), ["a", ""]);
  assert.deepEqual(seen(">a\n>b\nc"), ["a\nb\nc", "blockquote 0 4"]);
  assert.deepEqual(seen(">*a\n>b*"), ["a\nb", "blockquote 0 3,bold 0 3"]);
  assert.deepEqual(seen(">a\n**>b"), ["a\nb", "blockquote 0 2,blockquote 2 1"]);
  assert.deepEqual(seen(">a||\nb"), ["a\nb", "blockquote 0 2"]);
});

for (
  const source of [
    ...["a-b", "1.", "a > b", "(a)", "a!", "#a", "a=b", "{a}", "a|b"],
    ..."_*`~[".split("").map((sign) => `snake${sign}case`),
    ...["___a__ b_", "__a _b___", "_a__b_", "```a`", "[a](http://x.y", ">*a\nb*", "a\n*b*>c"],
  ]
) {
  Deno.test(`MarkdownV2 refuses ${JSON.stringify(source)}`, () => {
    assert.throws(() => readMarkdownV2(source), TextRefused);
  });
}

const entity = (type: string, offset: number, length: number, more = {}) => ({
  ...{ type, offset, length },
  ...more,
});

Deno.test("entities may stand in each other as Telegram says", () => {
  const link = entity("text_link", 0, 3, { url: "http://x.y" });
  for (
    const entities of [
      [entity("bold", 0, 5), entity("italic", 0, 5)],
      [entity("bold", 0, 3), link],
      [link, entity("bold", 1, 2)],
      [entity("blockquote", 0, 5), entity("code", 1, 2)],
      [entity("bold", 0, 2), entity("code", 2, 2)],
    ]
  ) {
    assert.deepEqual(readSentText({ text: "abcde", entities }).entities, entities);
  }
});

for (
  const [why, text, ...entities] of [
    ["overlap", "abcde", entity("bold", 0, 3), entity("italic", 2, 2)],
    ["code in bold", "abcde", entity("bold", 0, 5), entity("code", 1, 2)],
    ["bold in a program", "abcde", entity("pre", 0, 5), entity("bold", 1, 2)],
    [
      "code in a link",
      "abcde",
      entity("text_link", 0, 5, { url: "http://x.y" }),
      entity("code", 1, 2),
    ],
    ["a quote in a quote", "abcde", entity("blockquote", 0, 5), entity("blockquote", 1, 2)],
    ["bold in bold", "abcde", entity("bold", 0, 5), entity("bold", 1, 2)],
    ["beyond the end", "abc", entity("bold", 1, 3)],
    ["nothing", "abc", entity("bold", 1, 0)],
    ["blanks alone", "a   b", entity("bold", 1, 2)],
    ["half a sign", "😀", entity("bold", 0, 1)],
    ["an unknown kind", "abc", entity("blink", 0, 1)],
    ["a mention's address", "abc", entity("text_link", 0, 1, { url: "tg://user?id=1" })],
    ["a host without a dot", "abc", entity("text_link", 0, 1, { url: "http://localhost/" })],
    ["no text", "", undefined],
    ["only what nobody sees", " \u200b\n", undefined],
    ["half a pair", "a\ud83d", undefined],
    ["too long", "a".repeat(4097), undefined],
    ["a bidirectional override", "a\u202eb", undefined],
  ] as const
) {
  Deno.test(`a text is refused: ${why}`, () => {
    const sent = { text, entities: entities.filter((one) => one !== undefined) };
    assert.throws(() => readSentText(sent), TextRefused);
  });
}

Deno.test("4096 units are taken, whatever marks stand around them in the source", () => {
  assert.equal(readSentText({ text: "😀".repeat(2048) }).text.length, 4096);
  const source = { text: `*${"\\.".repeat(4096)}*`, parse_mode: "MarkdownV2" };
  assert.equal(readSentText(source).text.length, 4096);
});
