import assert from "node:assert/strict";
import fc from "fast-check";
import type { JsonObject } from "../domain/json.ts";
import { readCutObject } from "./cut_object.ts";

Deno.test("readCutObject() gives the members that were told to their end (A83)", () => {
  const cases: [string, JsonObject | undefined][] = [
    ['{"decision": "accept", "reply": "It is 5", "fi', { decision: "accept", reply: "It is 5" }],
    ['Well: {"decision":"accept","reply":"a, {b"', { decision: "accept", reply: "a, {b" }],
    ['{"decision":"accept","reply":"It i', { decision: "accept" }],
    ['{"decision":"fix","inner":{"a":[1,2', { decision: "fix" }],
    ['{"decision', undefined],
    ["{", undefined],
    ["no object", undefined],
    ["[1,2", undefined],
  ];
  for (const [text, expected] of cases) assert.deepEqual(readCutObject(text), expected, text);
});

Deno.test("readCutObject() never invents: cut anywhere, each member is that of the whole", () => {
  const members = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1, maxKeys: 5 });
  fc.assert(fc.property(members, fc.nat(), (members, place) => {
    const whole = JSON.stringify(members);
    const found = readCutObject(whole.slice(0, place % (whole.length + 1)));
    const parsed = JSON.parse(whole) as JsonObject;
    for (const [key, value] of Object.entries(found ?? {})) {
      // a number may be cut between its digits
      if (typeof value !== "number") assert.deepEqual(value, parsed[key]);
    }
  }));
});
