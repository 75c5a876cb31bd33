import assert from "node:assert/strict";
import { assertKeepsPace } from "../../tests/pace.ts";
import fc from "fast-check";
import { keepableTemplate, keepTemplate, matchTemplate, parseTemplate } from "./template.ts";

function match(template: string, request: string): unknown {
  const parsed = parseTemplate(template);
  assert.ok(parsed, template);
  return matchTemplate(parsed, request);
}

const FITS: readonly (readonly [string, string, unknown])[] = [
  ["price of {symbol:word}", "price of ETH", { symbol: "ETH" }],
  ["price of {symbol:word}", "  PRICE  of eth?! ", { symbol: "eth" }],
  ["price of {symbol} in {currency}", "Price of BTC in EUR", { symbol: "BTC", currency: "EUR" }],
  ["what time is it in {place:text}?", "what time is it in New York?", { place: "New York" }],
  [
    "convert {amount:number} {from:word} to {to:word}",
    "convert 5.5 km to miles",
    { amount: 5.5, from: "km", to: "miles" },
  ],
  ["what is {p:number}% of {n:number}", "What is 20% of 50?", { p: 20, n: 50 }],
  ["price in ${usd:number} of {what:text}", "price in $5 of tea", { usd: 5, what: "tea" }],
  ["remind me in {d:duration} to {what:text}", "remind me in 1 hour 30 minutes to call mum", {
    d: 5400,
    what: "call mum",
  }],
  ["days until {day:date} from now", "days until 24 December 2026 from now", {
    day: "2026-12-24",
  }],
  ["weather on {day:date} in {city:word}", "weather on Nov 24, 2026 in Rome", {
    day: "2026-11-24",
    city: "Rome",
  }],
  ["sha256 of text {text:text}", 'sha256 of text "Hello  World!"', { text: "Hello  World!" }],
  ["title of page {u:url}", "Title of page https://example.com/A.", { u: "https://example.com/A" }],
  ["{city:word}の天気", "東京の天気？", { city: "東京" }],
  ["погода в {city:word}", "Погода в Москве", { city: "Москве" }],
  ['say "{what:text}" in french', 'say "good day" in french', { what: "good day" }],
  ["calculate the {e:text}", "calculate the 5!", { e: "5!" }],
];

for (const [template, request, inputs] of FITS) {
  Deno.test(`"${template}" fits "${request}" (A252)`, () => {
    assert.deepEqual(match(template, request), inputs);
  });
}

for (
  const [why, template, request] of [
    ["a literal differs", "price of {s:word}", "prices of BTC"],
    ["a word is left over", "price of {s:word}", "price of BTC today"],
    ["a slot is empty", "price of {s:word}", "price of"],
    ["the type is wrong", "roll {n:integer} dice", "roll two dice"],
    ["an operator is dropped", "price of {s:word} + tax", "price of BTC tax"],
    ["a comma is dropped", "hello there, {name:word}", "hello there Ann"],
    ["it fits in two ways", "say {a:text} to {b:text}", "say to to to Ann"],
    ["the request is empty", "price of {s:word}", ""],
    ["the request is too long", "price of {s:text}", "price of " + "a ".repeat(6_000)],
  ] as const
) {
  Deno.test(`a template does not fit when ${why}`, () => {
    assert.equal(match(template, request), undefined);
  });
}

for (
  const [why, template] of [
    ["only one literal word", "price {s:word}"],
    ["no literal word", "{a:word} {b:word}"],
    ["literal punctuation alone", "{a:number} + {b:number} = ?"],
    ["no slot", "price of gold"],
    ["an unknown type", "price of {s:anything}"],
    ["a type named like a built-in", "price of {s:constructor}"],
    ["a name twice", "from {a:word} to {a:word}"],
    ["a stray brace", "price of {s:word"],
    ["two slots without space", "roll some {a:integer}d{b:integer}"],
    ["a name that is none", "price of {0:word}"],
    ["over 500 characters", "price of {s:word} " + "x".repeat(500)],
  ] as const
) {
  Deno.test(`a text with ${why} is no template`, () => {
    assert.equal(parseTemplate(template), undefined);
  });
}

Deno.test("whatever one word is put into a template comes out of it", () => {
  const word = fc.stringMatching(/^[A-Za-z0-9]{1,12}$/);
  fc.assert(fc.property(word, word, (a, b) => {
    fc.pre(b.toLowerCase() !== "in");
    assert.deepEqual(match("price of {a:word} in {b:word}", `Price of ${a} in ${b}?`), { a, b });
  }));
});

Deno.test("matching 10 kB takes no longer than reading them, whatever they hold", async () => {
  const template = parseTemplate("a {b:text} a {c:text} a {d:text} a {e:duration} a {f:date} a");
  assert.ok(template);
  for (const unit of ["a ", "1 ", "1h ", "an hour and ", '"a ', "a\t\t\t", "1 may "]) {
    const matching = (unit: string) => () =>
      matchTemplate(template, unit.repeat(10_000 / unit.length));
    await assertKeepsPace(matching(unit), matching("b "), 500, unit);
  }
});

Deno.test("a proposed template is kept only if its request gives exactly its inputs (A253)", () => {
  const kept = (template: string, inputs: Record<string, string | number>) =>
    keepTemplate(template, "price of BTC in 2 days", inputs);
  assert.equal(
    kept("price of {symbol:word} in {days:integer} days", { days: 2, symbol: "BTC" }),
    true,
  );
  assert.equal(
    kept("price of {symbol:word} in {days:word} days", { days: 2, symbol: "BTC" }),
    false,
  );
  assert.equal(kept("price of {symbol:word} in 2 days", { days: 2, symbol: "BTC" }), false);
  assert.equal(kept("price of {symbol:word} in 2 days", { symbol: "btc" }), false);
  assert.equal(kept("cost of {symbol:word} in 2 days", { symbol: "BTC" }), false);
  assert.equal(kept("{all:text}", { all: "price of BTC in 2 days" }), false);
  assert.equal(kept("price of BTC in 2 days", {}), false);
});

Deno.test("an arithmetic slot takes sums and nothing else, and counts as a word of the template", () => {
  const template = parseTemplate("calculate {sum:arithmetic}");
  assert.ok(template);
  const sum = (request: string) => matchTemplate(template, request)?.sum;
  assert.deepEqual(["calculate 2+2", "calculate 2 - 2", "calculate (3+4) * 2^3"].map(sum), [
    "2+2",
    "2 - 2",
    "(3+4) * 2^3",
  ]);
  for (const other of ["calculate 22", "calculate my taxes", "calculate 2+x", "calculate +"]) {
    assert.equal(sum(other), undefined, other);
  }
  assert.equal(parseTemplate("{sum:arithmetic}"), undefined, "one word is too few");
});

const CONTENTS = [
  "hello!",
  "really?",
  "wait…",
  "what?!",
  "a, b,",
  "she said “hi”",
  "it ends ”",
  "(so it is)",
  "[a] {b} <c>",
  "完了。",
  "ｆｕｌｌ！",
  "ﬁre and x²",
  "don't, won't, rock 'n'",
  "two  spaces   here",
  "Mixed CASE Ünïcode",
  "¡hola!",
  "!?",
  "...",
  "a\tb\nc",
  "5!",
  "/..",
  'half "quoted',
  "5'",
];

for (const content of CONTENTS) {
  Deno.test(`a text at the end of a request arrives as it was given: ${content} (S2)`, () => {
    for (const space of ["", " ", " \n"]) {
      const given = (template: string, request: string) => match(template, request + space);
      assert.deepEqual(given("sha256 of {t:text}", `SHA256 of ${content}`), { t: content });
      assert.deepEqual(given("take a note: {t:text}", `take a note: ${content}`), { t: content });
      assert.deepEqual(given("what is {t:text}?", `what is ${content}?`), { t: content });
      assert.deepEqual(given("write {t:text} to disk", `write ${content} to disk.`), {
        t: content,
      });
      assert.deepEqual(given("{t:text} in large letters", `${content} in large letters!`), {
        t: content,
      });
    }
  });
}

Deno.test("whatever text ends a request arrives unchanged, but for white space around it (S2)", () => {
  const text = fc.string({ unit: "binary", minLength: 1, maxLength: 60 })
    .filter((one) => one.trim() !== "" && !/^["'`“„‘«「『]/u.test(one.trim()));
  fc.assert(fc.property(text, (given) => {
    const found = match("take a note: {note:text}", `take a note: ${given}`);
    assert.deepEqual(found, { note: given.trim() });
  }));
});

Deno.test("quotes hold the whole text, and what stands behind them is the sentence's", () => {
  for (const end of ["", "!", "?!", "."]) {
    assert.deepEqual(match("sha256 of {t:text}", `sha256 of "a  b!"${end}`), { t: "a  b!" });
  }
  const both = '"a" and "b"!';
  assert.deepEqual(match("sha256 of {t:text}", `sha256 of ${both}`), { t: both });
});

Deno.test("a name has no part of the sentence's punctuation, nor has a template's own mark", () => {
  for (const end of ["", "?", "?!", "…", "。", " ?"]) {
    assert.deepEqual(match("time in {p:name}", `time in New York${end}`), { p: "New York" });
  }
  const question = "what is {t:text}?";
  assert.deepEqual(match(question, "what is ETH"), { t: "ETH" });
  assert.deepEqual(match(question, "what is ETH？"), { t: "ETH" });
  assert.deepEqual(match(question, "what is ETH??"), { t: "ETH?" });
  assert.deepEqual(match(question, "what is ETH!"), { t: "ETH!" });
});

Deno.test("a proposed template is kept with the mark of its request when that is no content", () => {
  const keep = (text: string, inputs: Record<string, string>) =>
    keepableTemplate(text, "weather in New York?", inputs);
  assert.equal(keep("weather in {c:text}", { c: "New York" }), "weather in {c:text}?");
  assert.equal(keep("weather in {c:text}", { c: "New York?" }), "weather in {c:text}");
  assert.equal(keep("weather in {c:name}", { c: "New York" }), "weather in {c:name}");
  assert.equal(keep("weather in {c:text}", { c: "York" }), undefined);
});
