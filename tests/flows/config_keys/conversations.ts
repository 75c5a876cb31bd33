import type { JsonObject } from "../../../src/domain/json.ts";
import { chatting, type Pipeline } from "../pipeline.ts";
import { alone, type Cases } from "./cases.ts";
import { converse } from "./house.ts";

// What of the memory and of a long conversation stands in prompts. A model about which nothing is
// known has a window of 100,000 tokens.

const MODEL = "custom/test";
const NOTES = 60;
/** About 700 tokens. */
const MEMORY = `# Memory\n\n${
  Array.from({ length: NOTES }, (_, index) => `- Crab ${index} lives in tide pool ${index}\n`)
    .join("")
}`;

/** How much of the memory a prompt holds: all of it, a part, or nothing. */
const remembered = async (pipeline: Pipeline) => {
  await pipeline.put("workspace/memory/MEMORY.md", MEMORY);
  pipeline.model.on("selection", chatting("Hello."));
  await converse(pipeline, ["greet the crabs"]);
  const notes = pipeline.model.calls[0]?.system.match(/^- Crab \d+ lives/gm)?.length ?? 0;
  return notes === NOTES ? "all" : notes === 0 ? "nothing" : "a part";
};

const withBudget = (memoryPromptBudget: JsonObject): JsonObject => ({
  sandbox: { prewarm: 0 },
  agents: { memoryPromptBudget },
});

export const memory: Cases = {
  ...alone("agents.memoryPromptBudget.maxTokens", {
    given: withBudget({ reserveTokens: 0 }),
    values: [100, 2_000],
    observe: remembered,
    expected: ["a part", "all"],
  }),
  ...alone("agents.memoryPromptBudget.minTokens", {
    given: withBudget({ maxTokens: 100, reserveTokens: 0 }),
    values: [100, 101],
    observe: remembered,
    expected: ["a part", "nothing"],
  }),
  ...alone("agents.memoryPromptBudget.reserveTokens", {
    given: withBudget({ maxTokens: 2_000 }),
    values: [0, 1_900],
    observe: remembered,
    expected: ["all", "a part"],
  }),
  ...alone("agents.memoryPromptBudget.maxContextRatio", {
    given: withBudget({ reserveTokens: 0 }),
    values: [0.001, 0.02],
    observe: remembered,
    expected: ["a part", "all"],
  }),
  ...alone("agents.models.<name>.maxContextSize", {
    name: MODEL,
    given: withBudget({ maxContextRatio: 0.1, reserveTokens: 0 }),
    values: [1_000, 20_000],
    observe: remembered,
    expected: ["a part", "all"],
  }),
};

const REQUESTS = ["greet the crabs", "greet the clams", "greet the whelks"];
/** An answer of about 900 tokens. */
const answer = (number: number) =>
  chatting(`Answer ${number}: ${"the crabs walk sideways ".repeat(150)}`);

/** Answers so many requests at length, and gives what was asked of the model. */
const talked = (turns: number) => async (pipeline: Pipeline) => {
  const { model } = pipeline;
  model.on("selection", answer(1), answer(2), answer(3));
  model.on("summary", { summary: "They talked about crabs.", history_entry: "Crabs." });
  await converse(pipeline, REQUESTS.slice(0, turns));
  return model;
};
const sequence = async (pipeline: Pipeline) => (await talked(2)(pipeline)).sequence();
const UNTOUCHED = "selection selection";
const SHORTENED = "selection summary selection";

/** A window of 20,000 tokens: 4,000 of them for rules and tools, 2,000 kept free, no memory. */
const compacting = (compaction: JsonObject): JsonObject => ({
  sandbox: { prewarm: 0 },
  agents: {
    models: { [MODEL]: { maxContextSize: 20_000 } },
    memoryPromptBudget: { maxTokens: 0 },
    compaction,
  },
});
/** A conversation may have 700 tokens of it. */
const SHORT = { targetRatio: 0.05, keepRecentTurns: 1 };

export const compaction: Cases = {
  ...alone("agents.compaction.enabled", {
    given: compacting(SHORT),
    values: [true, false],
    observe: sequence,
    expected: [SHORTENED, UNTOUCHED],
  }),
  ...alone("agents.compaction.targetRatio", {
    given: compacting({ keepRecentTurns: 1 }),
    values: [0.05, 1],
    observe: sequence,
    expected: [SHORTENED, UNTOUCHED],
  }),
  ...alone("agents.compaction.reserveTokens", {
    given: compacting({ keepRecentTurns: 1 }),
    values: [2_000, 15_000],
    observe: sequence,
    expected: [UNTOUCHED, SHORTENED],
  }),
  ...alone("agents.compaction.summaryMaxTokens", {
    given: compacting(SHORT),
    values: [200, 300],
    observe: async (pipeline) => {
      const [summary] = (await talked(2)(pipeline)).named("summary");
      return summary?.system.match(/summary: \d+ tokens at most\./)?.[0] ?? null;
    },
    expected: ["summary: 200 tokens at most.", "summary: 300 tokens at most."],
  }),
  ...alone("agents.compaction.keepRecentTurns", {
    given: compacting(SHORT),
    values: [1, 2],
    observe: async (pipeline) => {
      const last = (await talked(3)(pipeline)).named("selection").at(-1);
      return last?.messages.slice(1).map(({ content }) => content.slice(0, 24)) ?? [];
    },
    expected: [
      ["They talked about crabs.", "greet the whelks"],
      [
        "They talked about crabs.",
        "greet the clams",
        "Answer 2: the crabs walk",
        "greet the whelks",
      ],
    ],
  }),
};
