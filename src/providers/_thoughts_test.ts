import assert from "node:assert/strict";
import { assertKeepsPace } from "../../tests/pace.ts";
import fc from "fast-check";
import { THOUGHT_MARKS } from "./_thought_marks.ts";
import { createThoughtFilter, withoutThoughts } from "./_thoughts.ts";

function filter(pieces: readonly string[]): string {
  const thoughts = createThoughtFilter();
  return pieces.map((piece) => thoughts.push(piece)).join("") + thoughts.end();
}

/** A text cut at any places. */
function piecesOf(text: string): fc.Arbitrary<string[]> {
  return fc.array(fc.nat(text.length)).map((cuts) => {
    const places = [0, ...cuts.sort((a, b) => a - b), text.length];
    return places.slice(1).map((end, index) => text.slice(places[index], end));
  });
}

const TAGS = THOUGHT_MARKS.filter(({ opens, closes }) => opens.length === 1 && closes.length === 1)
  .map(({ opens, closes }) => [opens[0]!, closes[0]!] as const);

const SHOUTED = TAGS.map(([open, close]) => [open.toUpperCase(), close.toUpperCase()] as const);

const HARMONY = "<|channel|>analysis<|message|>secret<|end|><|start|>assistant" +
  "<|channel|>final<|message|>";

Deno.test("text without thoughts passes as it is, piece by piece", () => {
  const thoughts = createThoughtFilter();
  assert.equal(thoughts.push("Hi "), "Hi ");
  assert.equal(thoughts.push("there"), "there");
  assert.equal(thoughts.end(), "");
  const texts = ["", "<", "<thin", "<b>bold</b>", "a <think>b</think>", "  indented", "\n\nlines"];
  for (const text of [...texts, "a <", "a <|x", "`", "``", "a\n`b", "[1, 2]", "<|im_start|>"]) {
    assert.equal(filter([text]), text);
    assert.deepEqual(withoutThoughts(text), { text, unopened: false });
  }
});

Deno.test("thoughts at the beginning never get through, also when they are never closed", () => {
  assert.equal(filter(["<think>secret</think>\n\n42"]), "42");
  assert.equal(
    filter(["\n<think>", "sec", "ret</thi", "nk>", "\n", " 42", " apples"]),
    "42 apples",
  );
  assert.equal(filter(["<think>secret without end"]), "");
  assert.equal(filter(["<think>secret</think>"]), "");
});

for (const [open, close] of [...TAGS, ...SHOUTED]) {
  Deno.test(`what stands between ${open} and ${close} is no answer, nor what ends in ${close}`, () => {
    const forms = [
      [`${open}secret${close}42`, false],
      [`\n ${open}\nsecret\n${close}\n\n42`, false],
      [`${open}secret ${open}deeper ${close}${close}\n42`, true],
      [`${open}one${close}\n${open}two${close}42`, false],
      [`secret\n${close}\n\n42`, true],
      [`secret.${close}42`, true],
      [`It is a secret. ${close} 42`, true],
      [`${close}\n\n42`, true],
      [`secret \`foo\` and {"a": 1}\n${close}\n42`, true],
      [`secret\n\`\`\`js\nunfinished code\n${close}\n42`, true],
      [`secret, one ${close}\nsecret, two.${close}\n42`, true],
      [`the word \`${close}\` is a secret\n${close}\n42`, true],
    ] as const;
    for (const [text, unopened] of forms) {
      assert.deepEqual(withoutThoughts(text), { text: "42", unopened }, text);
    }
    for (const text of [`${open}secret`, `secret\n${close}`, `secret${close}`]) {
      assert.equal(withoutThoughts(text).text, "", text);
    }
    assert.equal(withoutThoughts(`So.\n${open}\nsecret\n${close}\n42`).text, "So.\n42");
  });

  Deno.test(`a person who asks about ${close} gets an answer`, () => {
    for (
      const text of [
        `The mark \`${close}\` ends thoughts.`,
        `The mark "${close}" ends them, “${open}” begins them.`,
        `The mark ${close} ends thoughts that ${open} began.`,
        `It is (${close}).`,
        `Thoughts end with ${close}, always.`,
        `Two marks:\n- \`${open}\` begins,\n- \`${close}\` ends.`,
        `| begins | ends |\n|---|---|\n| ${open} | ${close} |`,
        `1. ${close} is one of them.`,
        `See:\n\n\`\`\`xml\n${open}\nhmm\n${close}\n\`\`\`\n\nThat is all.`,
        `See:\n~~~\n${close}\n~~~\n`,
        `In \`x = "${close}" + y\` it is text.`,
      ]
    ) {
      assert.deepEqual(withoutThoughts(text), { text, unopened: false }, text);
      assert.equal(filter([...text]), text);
    }
  });
}

Deno.test("channels of the harmony format are no answer, but the final one", () => {
  const answers = [
    `${HARMONY}42`,
    `${HARMONY}42<|return|>`,
    `<|start|>assistant${HARMONY}42<|end|>`,
    "<|channel|>analysis<|message|>secret<|end|>42",
    "<|channel|>analysis<|message|>secret<|channel|>final<|message|>42",
    "<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>commentary to=f " +
    "<|constrain|>json<|message|>{}<|call|><|start|>assistant<|channel|>final<|message|>42",
    "<|channel|>final<|message|>42<|return|>",
    "<|channel|>final <|constrain|>json<|message|>42",
  ];
  for (const text of answers) {
    assert.deepEqual(withoutThoughts(text), { text: "42", unopened: false }, text);
  }
  const unopened = [
    "We need to answer.<|end|><|start|>assistant<|channel|>final<|message|>42",
    "analysisWe need to answer.assistantfinal42",
  ];
  for (const text of unopened) assert.equal(withoutThoughts(text).text, "42", text);
  for (const text of ["analysis is hard", "The heading `<|channel|>final<|message|>` is one."]) {
    assert.equal(withoutThoughts(text).text, text);
  }
});

Deno.test("it does not matter where the pieces are cut", () => {
  const texts = [
    "<think>secret</think>The <b>answer</b> is 42.",
    "\n <Thinking>`</thinking>` secret\n</thinking>\n\nThe answer\n```\n<think>\n```\n<think>x</think>is 42.",
    `${HARMONY}42 apples < 43<|return|>`,
    "◁think▷secret◁/think▷42",
    "So:\n  [THINK]secret[/THINK]\n~~~\n[THINK]\n~~~",
  ];
  for (const text of texts) {
    fc.assert(
      fc.property(piecesOf(text), (pieces) => {
        assert.equal(filter(pieces), withoutThoughts(text).text);
      }),
    );
  }
});

Deno.test("whatever is thought and said, the pieces together are the answer, and no thought", () => {
  const words = fc.constantFrom("a", " ", "\n", ".", "`", '"', "```\n", "<", "<|", "ä", "{}");
  const thought = fc.array(words, { maxLength: 8 }).map((all) => `secret${all.join("")}`);
  const said = fc.array(words, { maxLength: 8 }).map((all) => `42${all.join("")}`);
  const whole = fc.tuple(fc.constantFrom(...TAGS), thought, said).map(([[open, close], a, b]) =>
    [`${open}${a} x${close}${b}`, b] as const
  );
  fc.assert(
    fc.property(
      whole.chain(([text, answer]) => fc.tuple(piecesOf(text), fc.constant(answer))),
      ([pieces, answer]) => {
        assert.equal(filter(pieces), answer);
        assert.deepEqual(withoutThoughts(pieces.join("")), { text: answer, unopened: false });
      },
    ),
  );
});

Deno.test("hostile text is read in the time that its length takes", async () => {
  const reading = (size: number) => () => {
    for (
      const text of ["</think> a", "<think>", "`</think>` ", "```\n", "<|channel|>final", "<|"]
    ) {
      withoutThoughts(text.repeat(size));
    }
  };
  await assertKeepsPace(reading(40_000), reading(10_000), 16, "four times as much");
});
