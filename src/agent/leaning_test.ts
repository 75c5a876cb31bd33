import assert from "node:assert/strict";
import type { JsonObject } from "../domain/json.ts";
import { leansOnConversation } from "./leaning.ts";

interface Case {
  readonly request: string;
  readonly said?: readonly string[];
  readonly answered?: readonly string[];
  readonly script?: string;
  readonly inputs?: JsonObject;
  readonly defaults?: JsonObject;
  readonly bounds?: readonly string[];
  readonly standsAlone?: boolean;
}

function leans(one: Case): boolean {
  const defaults = Object.entries(one.defaults ?? {});
  return leansOnConversation({
    script: `async function run(args) { ${one.script ?? ""} }`,
    inputs: one.inputs ?? {},
    inputSchema: {
      properties: Object.fromEntries(defaults.map(([name, value]) => [name, { default: value }])),
    },
    bounds: [...one.bounds ?? []],
    standsAlone: one.standsAlone ?? true,
  }, {
    request: one.request,
    said: one.said ?? [],
    answered: one.answered ?? [],
    vocabulary: "declare function fs(args: { operation: 'read' | 'list'; path: string }): text;",
  });
}

const PRICE = { said: ["price of oddcoin AAA"], answered: ["AAA costs 1 usd"] };
const EUROS = { ...PRICE, request: "now in euros" };
const WIEN = { said: ["I live in Wien"], answered: ["Nice."] };
const PEAK = { said: ["which mountain of Japan is highest"], answered: ["That is Mount Fuji."] };

const LEANING: Readonly<Record<string, Case>> = {
  "its writer says so": { request: "how much is it", standsAlone: false },
  "an input was said": { ...EUROS, inputs: { symbol: "AAA", currency: "eur" } },
  "an input was said in other letters": { ...EUROS, inputs: { symbol: "aaa" } },
  "an input deep inside was said": { ...EUROS, inputs: { pairs: [{ of: "AAA" }] } },
  "a number was said": {
    said: ["roll 17 dice"],
    answered: ["ok"],
    request: "once more",
    inputs: { n: 17 },
  },
  "an input comes from nowhere": {
    ...WIEN,
    request: "how is the weather",
    inputs: { city: "Vienna" },
  },
  "a default was said": { ...EUROS, inputs: { currency: "eur" }, defaults: { symbol: "AAA" } },
  "a declared input was said": {
    ...EUROS,
    inputs: { symbol: "AAA" },
    defaults: { symbol: "AAA" },
  },
  "a text of the script was said": { ...EUROS, script: `return "AAA costs 1 eur"` },
  "it was said in small letters": {
    said: ["price of dogecoin"],
    answered: ["dogecoin costs 1"],
    request: "now in euros",
    script: `return "dogecoin costs 2 eur"`,
  },
  "an address holds it": { ...EUROS, script: `return fs({path: "https://coins.test/aaa?in=eur"})` },
  "a template holds it": { ...EUROS, script: "return `AAA is ${1}`" },
  "a regular expression holds it": { ...EUROS, script: "return /aaa/i.test('')" },
  "an answer named it": { ...PEAK, request: "how high is that", script: `return "height of Fuji"` },
  "an answer held the phrase": {
    said: ["which animal is biggest"],
    answered: ["That is the blue whale, I think."],
    request: "what does such a beast eat",
    script: `return ask("blue whale")`,
  },
  "an answer held the number": {
    said: ["how high is the peak"],
    answered: ["It has 3776 meters."],
    request: "what is that in feet",
    script: `return 3776 * 3.28`,
  },
  "an answer in another script held it": {
    said: ["capital of China"],
    answered: ["It is 北京."],
    request: "how many live there",
    script: `return "北京"`,
  },
  "a rule holds it": {
    said: ["make dolphins.md"],
    answered: ["Made."],
    request: "delete what you made",
    bounds: ["dolphins.md"],
  },
  "an artefact was named": {
    said: ["summarise https://a.test/"],
    answered: [" hc4zk7l2mnopqrst "],
    request: "save the summary to dolphins.md",
    script: `return artefact_read({id: "hc4zk7l2mnopqrst"})`,
    inputs: { path: "dolphins.md" },
  },
};

for (const [why, one] of Object.entries(LEANING)) {
  Deno.test(`a program leans on its conversation when ${why} (R19)`, () => {
    assert.equal(leans(one), true);
    if (one.standsAlone === false) return;
    assert.equal(leans({ ...one, said: [], answered: [] }), false, "nothing had been said");
  });
}

const WHOLE: Readonly<Record<string, Case>> = {
  "the request has the same words": {
    ...PRICE,
    request: "Price of oddcoin AAA in euros",
    inputs: { symbol: "AAA", currency: "eur" },
    script: `return "AAA costs"`,
  },
  "values are made from its words": {
    ...PRICE,
    request: "2 bitcoins in dollars after 3 minutes on Friday",
    inputs: { coin: "BTC", amount: 2, wait: 180, day: "2026-11-27", what: "bitcoin" },
  },
  "a path got a folder": { ...PRICE, request: "read a.txt", inputs: { path: "files/a.txt" } },
  "what it does not name is declared": {
    ...PRICE,
    request: "weather in Rome",
    inputs: { city: "Rome", units: "metric", days: 3, plain: false, note: "", list: [] },
    defaults: { units: "metric", days: 3, lang: "en" },
  },
  "answers only sound alike": {
    said: ["time in Paris", "weather in Rome"],
    answered: ["It is 5 in Paris.", "All went fine: it rains in Rome."],
    request: "time in Oslo",
    inputs: { city: "Oslo" },
    script: "return 'It is ' + 5 + ' in ' + args.city + '. All went fine'",
  },
  "the same mere word was an answer": {
    said: ["start the crab"],
    answered: ["started"],
    request: "start the shrimp",
    script: `return "started"`,
  },
  "small numbers and words of tools stand in it": {
    said: ["list 10 files", "read 2 of them"],
    answered: ["10"],
    request: "show everything",
    script: `return fs({operation: "list", path: ".", limit: 10})`,
  },
  "names of members were said": { ...EUROS, script: `return {AAA: 1}.AAA` },
};

for (const [why, one] of Object.entries(WHOLE)) {
  Deno.test(`a request stands alone in the longest conversation when ${why} (R19)`, () => {
    assert.equal(leans(one), false);
  });
}

Deno.test("how much was said before binds nothing by itself (R19)", () => {
  const said = Array.from({ length: 200 }, (_, at) => `tell number ${at} about lake ${at * 7}`);
  const one = { request: "price of tea in Oslo", inputs: { what: "tea", city: "Oslo" } };
  assert.equal(
    leans({ ...one, said, answered: said, script: `return "The price is high"` }),
    false,
  );
});
