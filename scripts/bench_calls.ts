// Calls of models per scenario, for docs/performance.md: counted by a scripted model server while
// the program runs as a user runs it. One process for each request.
import type { JsonObject } from "../src/domain/json.ts";
import {
  accepting,
  chatting,
  clam,
  existing,
  GENERATE,
  Pipeline,
  saying,
} from "../tests/flows/pipeline.ts";

/** What is counted, what the original program needed, and what is allowed here. */
interface Scenario {
  readonly what: string;
  /** Calls of the original program for the same, analysis and facts included. */
  readonly original: string;
  readonly most: number;
  readonly request: string;
  prepare(model: Pipeline["model"], kept: string): void;
}

const PRICE: JsonObject = clam(
  "async function run({ symbol }) { return { reply: symbol + ' costs 5', data: { symbol } }; }",
  {
    inputs: { symbol: "BTC" },
    input_schema: { type: "object", properties: { symbol: { type: "string" } } },
    result_schema: {
      type: "object",
      required: ["reply"],
      properties: { reply: { type: "string", pattern: "costs \\d" } },
    },
    templates: ["price of {symbol:word} in euro"],
  },
);
const UNWORDED = clam("async function run() { return { crabs: 7 }; }");

const SCENARIOS: readonly Scenario[] = [
  {
    what: "chat",
    original: "3",
    most: 1,
    request: "what is a crab?",
    prepare: (model) => model.on("selection", chatting("An animal.")),
  },
  {
    what: "chat, a long answer that streams",
    original: "3",
    most: 2,
    request: "tell me everything about crabs",
    prepare(model) {
      model.on("selection", chatting(null));
      model.on("chat", "Everything.");
    },
  },
  {
    what: "chat in which the person tells a fact",
    original: "3",
    most: 2,
    request: "my name is Ada",
    prepare: (model) => model.on("selection", chatting("Hello Ada.")),
  },
  {
    what: "new task",
    original: "5 or more",
    most: 3,
    request: "price of BTC in euro",
    prepare(model) {
      model.on("selection", GENERATE);
      model.on("clam", PRICE);
    },
  },
  {
    what: "new task whose result a model must judge",
    original: "5 or more",
    most: 3,
    request: "count the crabs",
    prepare(model) {
      model.on("selection", GENERATE);
      model.on("clam", UNWORDED);
    },
  },
  {
    what: "new task, mended once",
    original: "6 or more",
    most: 4,
    request: "count the shrimps",
    prepare(model) {
      model.on("selection", GENERATE);
      model.on("clam", clam("async function run() { throw new Error('no'); }"), saying("two"));
    },
  },
  {
    what: "the same request again",
    original: "2",
    most: 0,
    request: "price of BTC in euro",
    prepare() {},
  },
  {
    what: "a similar request (template)",
    original: "3 or more",
    most: 0,
    request: "price of ETH in euro",
    prepare() {},
  },
  {
    what: "another wording of a kept task",
    original: "3 or more",
    most: 1,
    request: "how many euro is one ETH",
    prepare: (model, kept) => model.on("selection", existing(kept, { symbol: "ETH" })),
  },
];

/** Runs every scenario in one home and prints the table; throws when one needs too many calls. */
export async function printModelCalls(): Promise<void> {
  await using pipeline = await Pipeline.open();
  const { model } = pipeline;
  const rows: string[] = [];
  let kept = "";
  for (const { what, original, most, request, prepare } of SCENARIOS) {
    model.reset();
    model.on("facts", { add: [], forget: [] });
    model.on("verdict", accepting("Seven crabs."));
    prepare(model, kept);
    const { code, object, stderr } = await pipeline.ask(request);
    const { length } = model.calls;
    if (code !== 0 || length > most) throw new Error(`${what}: ${length} calls. ${stderr}`);
    if (what === "new task") kept = object.clam ?? "";
    const calls = model.sequence().replaceAll(" ", ", ");
    rows.push(`| ${what} | ${original} | ${length}${calls && ` (${calls})`} | ${most} |`);
  }
  console.log("\n| model calls | original | here | at most |\n|---|---|---|---|");
  console.log(rows.join("\n"));
}

if (import.meta.main) await printModelCalls();
