import assert from "node:assert/strict";
import type { JsonObject } from "../domain/json.ts";
import { repairedTemplate, whyDropped } from "./repair.ts";

const CASES: readonly (readonly [string, string, JsonObject, string])[] = [
  ["roll {n:word} dice now", "roll 5 dice now", { n: 5 }, "roll {n:integer} dice now"],
  [
    "tip of {p} on {a} please",
    "tip of 7.5 on 90 please",
    { p: 7.5, a: 90 },
    "tip of {p:number} on {a:integer} please",
  ],
  [
    "weather in {c:word} now",
    "weather in New York now",
    { c: "New York" },
    "weather in {c:name} now",
  ],
  [
    "wait for {s:number} then ring",
    "wait for 5 minutes then ring",
    { s: 300 },
    "wait for {s:duration} then ring",
  ],
  [
    "what was on {d:word} in Rome",
    "what was on 1 March 2026 in Rome",
    { d: "2026-03-01" },
    "what was on {d:date} in Rome",
  ],
  [
    "wake the dog at {t:word} sharp",
    "wake the dog at 9 pm sharp",
    { t: "21:00" },
    "wake the dog at {t:time} sharp",
  ],
  [
    "how far are {m:number} in feet",
    "how far are 5 km in feet",
    { m: "5 km" },
    "how far are {m:measure} in feet",
  ],
  [
    "length of the room in {u:word}",
    "length of the room in miles",
    { u: "miles" },
    "length of the room in {u:word}",
  ],
  [
    "work out {s:word} for me",
    "work out 2 + 2 for me",
    { s: "2 + 2" },
    "work out {s:arithmetic} for me",
  ],
  [
    "links of {u:word} please",
    "links of example.com/a please",
    { u: "https://example.com/a" },
    "links of {u:url} please",
  ],
];

Deno.test("a type that does not exist becomes one that does (R16)", () => {
  const price = (text: string) => repairedTemplate(text, "price of BTC in euros", { coin: "BTC" });
  assert.equal(price("price of {coin:thing} in euros"), "price of {coin:word} in euros");
});

for (const [proposed, request, inputs, kept] of CASES) {
  Deno.test(`"${proposed}" is kept as "${kept}" (R16)`, () => {
    assert.equal(repairedTemplate(proposed, request, inputs), kept);
  });
}

for (
  const [proposed, why] of [
    ["{coin:word}", /^is no template/],
    ["cost of {coin:word} in euros", /^does not fit the request/],
    ["price of {coin:word} in {currency:word}", /^has a slot currency, which is no input$/],
    ["price of BTC in {place:word}", /^has no slot for the input coin$/],
  ] as const
) {
  Deno.test(`"${proposed}" cannot be repaired, and it is said why (R16)`, () => {
    const request = "price of BTC in euros";
    const inputs = { coin: "BTC" };
    assert.equal(repairedTemplate(proposed, request, inputs), undefined);
    assert.match(whyDropped(proposed, request, inputs), why);
  });
}

Deno.test("a value that differs from the input is named", () => {
  const text = "sell above {limit:integer} coins";
  assert.equal(
    whyDropped(text, "sell above 90 coins", { limit: 91 }),
    "gives limit as 90, the input is 91",
  );
});
