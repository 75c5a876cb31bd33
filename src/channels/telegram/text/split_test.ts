import assert from "node:assert/strict";
import { assertKeepsPace } from "../../../../tests/pace.ts";
import { openMarkdown } from "../../../text/markdown.ts";
import { layOut } from "./layout.ts";
import { splitText } from "./split.ts";

const read = await openMarkdown();
const split = (source: string) => splitText(layOut(read(source)));
const texts = (source: string) => split(source).map(({ text }) => text);
const shown = (source: string) =>
  split(source).map(({ text, spans }) =>
    spans.map(({ style, start, end }) => `${style.kind}: ${text.slice(start, end)}`)
  );

Deno.test("a row of dots is cut at the limit, and nothing is escaped before it is cut", () => {
  const parts = texts(`x${".".repeat(5_000)}`);
  assert.deepEqual(parts.map((part) => part.length), [4096, 905]);
});

Deno.test("a line of a program longer than messages goes on as a program in each", () => {
  const parts = split(`\`\`\`js\n${"A".repeat(20_000)}\n\`\`\``);
  assert.equal(parts.length, 5);
  assert.equal(parts.reduce((sum, { text }) => sum + text.length, 0), 20_000);
  for (const { text, spans } of parts) {
    assert.deepEqual(spans, [{
      style: { kind: "pre", language: "js" },
      start: 0,
      end: text.length,
    }]);
  }
});

Deno.test("a program is cut between its lines, and keeps what they begin with", () => {
  const lines = Array.from(
    { length: 300 },
    (_, at) => `${" ".repeat(at % 7)}line ${at} of a program`,
  );
  const parts = split(`before\n\n\`\`\`\n${lines.join("\n")}\n\`\`\`\n\nafter`);
  const told = parts.flatMap(({ text, spans }) =>
    spans.flatMap(({ start, end }) => text.slice(start, end).split("\n"))
  );
  assert.deepEqual(told, lines);
});

Deno.test("a program that fits into a message is not cut", () => {
  const program = "let x = 1;\n".repeat(200).trim();
  const parts = shown(`${"word ".repeat(500)}\n\n\`\`\`\n${program}\n\`\`\``);
  assert.deepEqual(parts, [[], [`pre: ${program}`]]);
});

for (
  const [name, sign] of [["emoji", "😀"], ["families", "👨‍👩‍👧‍👦"], ["flags", "🇩🇪"], [
    "marks",
    "e\u0301\u0302",
  ]]
) {
  for (const before of ["", "a", "aaa"]) {
    Deno.test(`no sign is cut: ${name} after ${before.length} letters`, () => {
      const source = before + sign?.repeat(4_200);
      const parts = texts(source);
      assert.equal(parts.join(""), source);
      for (const part of parts) {
        assert.ok(part.isWellFormed() && part.length <= 4096);
        assert.equal(part.replaceAll(sign ?? "", "").replace(/^a+/, ""), "");
      }
    });
  }
}

Deno.test("a blank that is looked for backwards leads into no pair", () => {
  const source = `${"x".repeat(4_094)} ${"😀".repeat(20)}`;
  assert.deepEqual(texts(source), ["x".repeat(4_094), "😀".repeat(20)]);
  assert.deepEqual(
    texts(`${"x".repeat(4_095)} \u0301y`),
    ["x".repeat(4_095), "\u0301y"].map((part, at) => at === 0 ? part : ` ${part}`),
  );
});

Deno.test("one sign longer than a message is cut between its letters", () => {
  const sign = `e${"\u0301".repeat(9_000)}`;
  assert.equal(texts(sign).join(""), sign);
  assert.ok(texts(sign).every((part) => part.length <= 4096));
});

Deno.test("a style that is cut goes on in the next message; a link or code is not cut", () => {
  const word = "word ".repeat(900).trim();
  assert.deepEqual(shown(`**${word}**`).map((one) => one.length), [1, 1]);
  const link = `[a link of some words](https://example.com/)`;
  assert.deepEqual(shown(`${"x ".repeat(2_040)}${link}`), [[], ["link: a link of some words"]]);
});

Deno.test("paragraphs stay together where that leaves no message half empty", () => {
  const paragraph = "word ".repeat(300).trim();
  const parts = texts(Array.from({ length: 6 }, () => paragraph).join("\n\n"));
  assert.deepEqual(parts, [0, 1, 2].map(() => `${paragraph}\n\n${paragraph}`));
});

Deno.test("more styles or addresses than a message takes are told in more messages", () => {
  const parts = split(Array.from({ length: 250 }, (_, at) => `**b${at}**`).join(" "));
  assert.ok(parts.length === 3 && parts.every(({ spans }) => spans.length <= 100));
  const link = `[a](https://example.com/${"p".repeat(1_900)})`;
  assert.equal(split(Array.from({ length: 9 }, () => link).join(" ")).length, 3);
});

Deno.test("the time grows with the text alone", async () => {
  const blocks = (length: number) => `${"**a** `b` c\n".repeat(length)}`;
  const [small, large] = [layOut(read(blocks(2_000))), layOut(read(blocks(20_000)))];
  await assertKeepsPace(() => splitText(large), () => splitText(small), 40);
});
