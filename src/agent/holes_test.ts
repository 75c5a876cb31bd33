import assert from "node:assert/strict";
import type { Json } from "../domain/json.ts";
import { findHole } from "./holes.ts";

const NOTHING_SAID = { request: "how warm is it", script: "", results: [] };
const after = (results: readonly Json[]) => ({ ...NOTHING_SAID, results });

Deno.test("findHole() finds words that stand for missing values, as whole words alone", async () => {
  for (const word of ["undefined", "NaN", "null", "[object Object]", "Invalid Date"]) {
    assert.equal(await findHole(`It is ${word} degrees.`, NOTHING_SAID), word);
    assert.equal(await findHole(word, NOTHING_SAID), word);
    assert.equal(await findHole(`Es ist (${word}), später.`, NOTHING_SAID), word);
  }
  for (const text of ["nullify NaNny annull undefinedly null_value", "Null Nan UNDEFINED", ""]) {
    assert.equal(await findHole(text, NOTHING_SAID), undefined, text);
  }
});

Deno.test("findHole() leaves words that the request, the script's texts or a tool's texts say", async () => {
  const reply = "That is undefined.";
  const says = async (more: object) => await findHole(reply, { ...NOTHING_SAID, ...more });
  assert.equal(await says({ request: "what is Undefined?" }), undefined);
  assert.equal(await says({ script: "return 'so undefined'" }), undefined);
  assert.equal(await says({ script: "return `undefined ${1}`" }), undefined);
  assert.equal(await says({ results: [{ page: ["behaviour is undefined"] }] }), undefined);
  assert.equal(await says({ results: [{ "undefined": 1 }] }), undefined);
  const names = "const a = undefined; return typeof a === 'undefined' || a !== \"undefined\"";
  assert.equal(await says({ script: names }), "undefined", "a comparison says nothing");
  assert.equal(await says({ script: "switch (typeof x) { case 'undefined': }" }), "undefined");
  assert.equal(await says({ script: "not a script '" }), "undefined");
  assert.equal(await says({ results: [{ page: "undefinedness" }] }), "undefined");
});

Deno.test("findHole() takes a null of a tool's JSON for a missing value, not for a word", async () => {
  const reply = "It is null degrees.";
  assert.equal(await findHole(reply, after([{ degrees: null }])), "null");
  assert.equal(await findHole(reply, after([{ content: '{"degrees": null}' }])), "null");
  assert.equal(await findHole(reply, after([{ content: '[{"degrees": null, "cut' }])), "null");
  assert.equal(await findHole(reply, after([{ content: '{"text": "a null"}' }])), undefined);
  assert.equal(await findHole(reply, after([{ content: "degrees\nnull\n" }])), undefined);
});

Deno.test("findHole() leaves JSON that is shown as a tool returned it", async () => {
  const content = '{"degrees":null,"city":"Wien"}';
  const shown = `Here it is:\n{\n  "degrees": null,\n  "city": "Wien"\n}`;
  assert.equal(await findHole(content, after([{ content }])), undefined);
  assert.equal(await findHole(shown, after([{ content }])), undefined);
  assert.equal(await findHole("null", after([{ content }])), "null");
  assert.equal(await findHole(`${shown}\nIt is null degrees.`, after([{ content }])), "null");
});

Deno.test("findHole() leaves words that are natural where they stand", async () => {
  assert.equal(await findHole("Es sind null Treffer.", NOTHING_SAID, ["null"]), undefined);
  assert.equal(await findHole("null undefined", NOTHING_SAID, ["null"]), "undefined");
});
