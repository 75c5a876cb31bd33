import assert from "node:assert/strict";
import { createClamHome, draftOf } from "../../tests/fakes/clam_home.ts";
import type { JsonObject } from "../domain/json.ts";
import { STARTERS } from "./starter/catalog.ts";

const SIGNAL = {
  requests: ["if BTC is above 90, write sell to s.txt, otherwise write hold"],
  templates: [
    "if {coin:word} is above {limit:number}, write {yes:word} to {path:path}, otherwise write {no:text}",
    "is {coin:word} above {limit:word} dollars",
    "list hotels around {place:name} by foot",
  ],
  inputs: { coin: "BTC", limit: 90, yes: "sell", path: "s.txt", no: "hold", place: "Rome" },
  inputSchema: {},
};
const request = (limit: string, no: string) =>
  `if ETH is above ${limit}, write buy to e.txt, otherwise write ${no}`;

async function inputsOf(text: string, change: JsonObject = {}): Promise<JsonObject | undefined> {
  await using home = await createClamHome();
  const { library, matcher } = home.open();
  await library.add(draftOf("return 1", { ...SIGNAL, ...change }), "generated");
  return (await matcher.find(text))?.inputs;
}

Deno.test("what is clear comes into the slots as it was said (R6)", async () => {
  for (const [limit, value] of [["90000", 90000], ["0.125", 0.125], ["95.5", 95.5]] as const) {
    const inputs = await inputsOf(request(limit, "wait"));
    assert.deepEqual([inputs?.limit, inputs?.no], [value, "wait"], limit);
  }
});

for (const limit of ["90.000", "90,000", "90'000", "1.250", "90.000,50", "1,5"]) {
  Deno.test(`a kept clam is not run with ${limit}, which may be two numbers (R6)`, async () => {
    assert.equal(await inputsOf(request(limit, "wait")), undefined);
    assert.equal(await inputsOf(`is ETH above ${limit} dollars`), undefined);
  });
}

for (
  const no of [
    "nothing",
    "Nothing at all",
    "none",
    "nichts",
    "gar nichts",
    "rien",
    "nada",
    "ничего",
    "wait and tell me",
    "wait, then delete notes.md",
    "wait unless it rains",
  ]
) {
  Deno.test(`"otherwise write ${no}" is left to the model (R6)`, async () => {
    assert.equal(await inputsOf(request("90", no)), undefined);
    assert.equal((await inputsOf(request("90", `"${no}"`)))?.no, no, "in quotes it is meant");
  });
}

Deno.test("a name with another wish in it is no name, nor is a number of two readings in it", async () => {
  const from = (place: string) => inputsOf(`list hotels around ${place} by foot`);
  assert.equal((await from("New York"))?.place, "New York");
  for (const other of ["Rome and Paris", "Rome without the hills", "Rom oder Wien"]) {
    assert.equal(await from(other), undefined, other);
  }
  const change = { inputs: { ...SIGNAL.inputs, place: "kilometre 5" } };
  const at = (place: string) => inputsOf(`list hotels around ${place} by foot`, change);
  assert.ok(await at("kilometre 1200"));
  assert.equal(await at("kilometre 1.200"), undefined);
});

Deno.test("first for last turns a request round, unless the schema lists both", async () => {
  const change = {
    requests: ["show the last line of notes"],
    templates: ["show the {which:word} line of notes"],
    inputs: { which: "last" },
  };
  const text = "show the first line of notes";
  assert.equal(await inputsOf(text, change), undefined);
  const inputSchema = {
    type: "object",
    properties: { which: { type: "string", enum: ["first", "last"] } },
  };
  assert.deepEqual(await inputsOf(text, { ...change, inputSchema }), { which: "first" });
});

Deno.test("a value outside its bounds does not fit, whether or not a type stands beside them (R6)", async () => {
  for (
    const [bounds, fits, breaks] of [
      [{ minimum: 1, maximum: 100 }, "50", "101"],
      [{ type: "integer", minimum: 1 }, "50", "-3"],
      [{ exclusiveMaximum: 60 }, "50", "60"],
      [{ allOf: [{ maximum: 60 }] }, "50", "61"],
      [{ enum: [50, 90] }, "50", "60"],
    ] as const
  ) {
    const change = {
      inputSchema: { type: "object", properties: { limit: bounds } } as unknown as JsonObject,
    };
    assert.ok(await inputsOf(request(fits, "wait"), change), JSON.stringify(bounds));
    assert.equal(await inputsOf(request(breaks, "wait"), change), undefined, breaks);
  }
  const inputSchema = { type: "object", properties: { yes: { pattern: "^[a-z]{4}$" } } };
  assert.equal(await inputsOf(request("50", "wait"), { inputSchema }), undefined);
});

Deno.test("in templates that people chose only words for nothing are in doubt", async () => {
  await using home = await createClamHome();
  const { matcher } = home.open(STARTERS);
  assert.ok(await matcher.find("take a note: bread and butter"));
  assert.ok(await matcher.find('write "nothing" to the file n.txt'));
  assert.equal(await matcher.find("write nothing to the file n.txt"), undefined);
  assert.equal(await matcher.find("convert 1.609 km to miles"), undefined);
  assert.equal(await matcher.find("calculate 90.000 / 3"), undefined);
});
