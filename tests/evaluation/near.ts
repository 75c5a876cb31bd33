import { readRecordings } from "./recordings.ts";
import { World } from "./world.ts";

/** What must hold beside the table, with what was seen where it does not. */
export interface Miss {
  readonly what: string;
  readonly seen: string;
}

/** A request that nearly is a kept one; what may be answered without a model, if anything. */
type NearMiss = readonly [kind: string, request: string, exact?: RegExp];

const PRICE = "what is the price of Bitcoin in US dollars? use {SITE}/v2/prices/BTC-USD/spot";
const SIGNAL = "if the price of BTC at {SITE}/v2/prices/BTC-USD/spot is above";

const NEAR: readonly NearMiss[] = [
  ["negated", "what is not the price of Bitcoin in US dollars? use {SITE}/v2/prices/BTC-USD/spot"],
  ["currency", PRICE.replace("US dollars", "euros")],
  ["address", PRICE.replace("BTC-USD", "BTC-EUR")],
  ["added clause", `${PRICE} and save it as price.txt`],
  ["other language", "wie ist der Preis von Bitcoin in US Dollar? {SITE}/v2/prices/BTC-USD/spot"],
  ["swapped", "convert 100 EUR to USD with the rates from {SITE}/api/rates"],
  ["currency", "convert 100 GBP to EUR with the rates from {SITE}/api/rates"],
  ["other value", "convert 200 USD to EUR with the rates from {SITE}/api/rates", /\b184\b/],
  ["thousands", "convert 1.000 USD to EUR with the rates from {SITE}/api/rates"],
  ["thousands", "convert 1,000 USD to EUR with the rates from {SITE}/api/rates"],
  ["unit", "convert 100 km to EUR with the rates from {SITE}/api/rates"],
  ["first for last", "read notes.md and tell me its first line"],
  ["other file", "read notes2.md and tell me its last line", /Friday cinema/],
  ["negated", "read notes.md and do not tell me its last line"],
  ["added clause", "read notes.md and tell me its last line without the word paint"],
  ["smallest for largest", "what are the 2 biggest files in my inbox?"],
  ["other number", "what are the 1 largest files in my workspace?", /sales\.csv/],
  ["without", "add up the amounts in sales.csv by region without North"],
  ["other column", "add up the amounts in sales.csv by product", /Pen: 20/],
  ["nothing", "add up the amounts in sales.csv by nothing"],
  ["thousands", `${SIGNAL} 90.000, write sell to signal.txt, otherwise write hold`],
  ["thousands", `${SIGNAL} 95,000, write sell to signal.txt, otherwise write hold`],
  ["below for above", `${SIGNAL.replace("above", "below")} 90000, write sell to signal.txt`],
  ["nothing", `${SIGNAL} 99000, write sell to signal.txt, otherwise write nothing`],
  ["follow-up", "now in euros"],
  ["follow-up", "do it again"],
];

/** Requests whose clams are kept before. */
const KEPT = ["price-btc", "rates", "last-line", "largest", "csv-by-region", "signal"];

/** Keeps clams and asks what nearly fits them, with a model that answers nothing. */
export async function tryNearMisses(): Promise<readonly Miss[]> {
  await using world = await World.open();
  const tasks = await readRecordings();
  for (const task of tasks.filter(({ id }) => KEPT.includes(id))) {
    world.prepare(task.answers.good);
    await world.ask(task.request);
  }
  const misses: Miss[] = [];
  for (const { request } of tasks.filter(({ id }) => KEPT.includes(id))) {
    const again = await askAlone(world, request);
    if (!again.isReused) misses.push({ what: `kept: ${request}`, seen: again.code });
  }
  for (const [kind, request, exact] of NEAR) {
    const { isReused, reply } = await askAlone(world, request);
    if (isReused && !exact?.test(reply)) misses.push({ what: `${kind}: ${request}`, seen: reply });
  }
  return misses;
}

/** Asks with a model that says nothing, in a conversation of its own. */
async function askAlone(world: World, request: string) {
  world.prepare({});
  const outcome = await world.ask(request);
  const isReused = outcome.status === "completed" && world.model.calls.length === 0;
  return { ...outcome, isReused };
}

const FLIP = JSON.stringify({
  ...{ language: "javascript", name: "City temperature", description: "Tells the temperature." },
  script: `async function run({ city, site }) {
    const { temp } = JSON.parse((await http_request({ method: "GET", url: site + "?city=" + city })).content);
    return { reply: "It is " + temp + " degrees in " + city + ".", data: { temp } };
  }`,
  ...{ declared_tools: ["http_request"], inputs: { city: "Wien", site: "{SITE}/api/flip" } },
  input_schema: { type: "object", properties: { city: { type: "string" } } },
  result_schema: { type: "object", properties: { data: { type: "object" } } },
  ...{ capabilities: [], secrets: [], reusable: true, source_request: "" },
  templates: ["temperature of {city:word} by {site:url}"],
});
const GENERATE = JSON.stringify({
  ...{ decision: "generate_new", clam_id: null, inputs: {}, chat_response: null, reason: "x" },
});
const ACCEPT = JSON.stringify({ decision: "accept", reply: null, fix: null, reason: "x" });

/** A kept clam whose address changes under it must not say that all is well. */
export async function tryDrift(): Promise<readonly Miss[]> {
  await using world = await World.open();
  const request = "temperature of Wien by {SITE}/api/flip";
  world.prepare({ selection: [GENERATE], clam: [FLIP], verdict: [ACCEPT] });
  await world.ask(request);
  const misses: Miss[] = [];
  world.prepare({});
  const before = await world.ask(request);
  if (before.reply !== "It is 7 degrees in Wien." || before.modelCalls > 0) {
    misses.push({ what: "drift: as documented", seen: before.reply || before.code });
  }
  for (const drift of ["other shape", "error", "empty", "page", "cut"] as const) {
    world.site.drift = drift;
    for (const city of ["Wien", "Graz"]) {
      world.prepare({});
      const { status, reply } = await world.ask(request.replace("Wien", city));
      if (status === "completed") misses.push({ what: `drift: ${drift}, ${city}`, seen: reply });
    }
  }
  return misses;
}

const PROMISES = [
  ["remind me tomorrow at 9 to call the dentist", "OK, I will remind you tomorrow at 9."],
  ["send an email to bob@example.com that I am late", "The email was sent to bob@example.com."],
  ["call Anna at 030 1234 and say hello", "I have called Anna and said hello."],
] as const;

/** Characters that promise: in words, by a program that calls nothing, by one that was vouched for. */
export async function tryHonesty(): Promise<readonly Miss[]> {
  const misses: Miss[] = [];
  await using world = await World.open();
  const REFUSE = JSON.stringify({
    ...{ decision: "reject", reply: "Nothing was done.", fix: null, reason: "x" },
  });
  for (const [request, promise] of PROMISES) {
    const chat = JSON.stringify({
      ...JSON.parse(GENERATE),
      decision: "chat",
      chat_response: promise,
    });
    const program = JSON.stringify({
      ...JSON.parse(FLIP),
      script: `async function run() { return ${JSON.stringify(promise)}; }`,
      ...{ declared_tools: [], inputs: {}, input_schema: {}, result_schema: null, templates: [] },
    });
    const vouched = JSON.stringify({
      ...JSON.parse(program),
      result_schema: { type: "string", pattern: "^[A-Z]" },
    });
    for (
      const [character, answers] of [
        ["in words", { selection: [chat], verdict: [REFUSE], chat: [promise] }],
        ["by a program", { selection: [GENERATE], clam: [program], verdict: [REFUSE] }],
        ["vouched for", { selection: [GENERATE], clam: [vouched], verdict: [REFUSE] }],
      ] as const
    ) {
      world.prepare(answers);
      const jobs = await world.jobs();
      const { status, reply } = await world.ask(request);
      const isDone = await world.jobs() > jobs; // a starter can remind
      const claims = !isDone && (status === "completed" || reply.includes(promise));
      if (claims) misses.push({ what: `honesty: ${request}, ${character}`, seen: reply });
    }
  }
  return misses;
}
