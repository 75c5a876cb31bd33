import assert from "node:assert/strict";
import type { JsonObject } from "../../../src/domain/json.ts";
import type { ModelCall } from "../../fakes/scripted_model.ts";
import { chatting, clam, type Pipeline } from "../pipeline.ts";
import { alone, type Cases, together } from "./cases.ts";

// What questions to models hold, and how often they are put.

/** The configuration of a program that runs no clam. */
const given = (defaults: JsonObject = {}, more: JsonObject = {}): JsonObject => ({
  sandbox: { prewarm: 0 },
  agents: { defaults },
  ...more,
});

/** The questions that an answer in words takes. */
async function chat(pipeline: Pipeline): Promise<{ selection: ModelCall; chat: ModelCall }> {
  const { model } = pipeline;
  model.on("selection", chatting(null));
  model.on("chat", "Hello.");
  await pipeline.ask("greet the crabs");
  const [selection, chat] = model.calls;
  assert.ok(selection && chat, model.sequence());
  return { selection, chat };
}

/** What the body of a question holds. */
const field = ({ body }: ModelCall, name: string) => body[name] ?? null;
/** What stands behind this title in the rules of a question. */
const line = ({ system }: ModelCall, title: string) =>
  new RegExp(`^${title}: (.*)$`, "m").exec(system)?.[1] ?? null;
/** Names of the tools that a question knows. */
const tools = ({ system }: ModelCall) =>
  [
    ...system.slice(system.indexOf("## Tools"), system.indexOf("## Kept clams"))
      .matchAll(/^- (\w+): /gm),
  ].map(([, name = ""]) => name);

const asked: Cases = together({ given: given({ disabledTools: ["time"] }), observe: chat }, {
  "agents.defaults.model": {
    values: ["custom/one", "custom/two"],
    mark: ({ chat }) => field(chat, "model"),
    expected: ["one", "two"],
  },
  "agents.defaults.maxTokens": {
    values: [1_000, 2_000],
    mark: ({ chat }) => field(chat, "max_tokens"),
    expected: [1_000, 2_000],
  },
  "agents.defaults.temperature": {
    values: [0.1, 1.9],
    mark: ({ chat }) => field(chat, "temperature"),
    expected: [0.1, 1.9],
  },
  "agents.defaults.availableTools": {
    values: [["time"], ["time", "echo"]],
    mark: ({ selection }) => tools(selection),
    expected: [["time"], ["echo", "time"]],
  },
  "agents.defaults.timezone": {
    values: ["Asia/Tokyo", "Asia/Kathmandu"],
    mark: ({ chat }) => line(chat, "Time zone"),
    expected: ["Asia/Tokyo", "Asia/Kathmandu"],
  },
  "agents.defaults.userName": {
    values: ["Ada", "Grace"],
    mark: ({ chat }) => line(chat, "Name of the person"),
    expected: ["Ada", "Grace"],
  },
  "agents.selector.model": {
    values: ["", "custom/cheap"],
    mark: ({ selection }) => field(selection, "model"),
    expected: ["one", "cheap"],
  },
  "agents.selector.maxTokens": {
    values: [300, 400],
    mark: ({ selection }) => field(selection, "max_tokens"),
    expected: [300, 400],
  },
  "agents.selector.temperature": {
    values: [0.2, 0.3],
    mark: ({ selection }) => field(selection, "temperature"),
    expected: [0.2, 0.3],
  },
});

/** What is asked when neither the choice nor the program can be read. */
const askedInVain = async (pipeline: Pipeline) => {
  const { model } = pipeline;
  model.on("selection", "I would rather not.");
  model.on("clam", clam("return 1 +;"));
  await pipeline.ask("count the crabs");
  return model.sequence();
};

export const models: Cases = {
  ...asked,
  ...alone("agents.defaults.disabledTools", {
    given: given(),
    values: [["time"], ["time", "fs", "sleep"]],
    observe: async (pipeline) => {
      const there = tools((await chat(pipeline)).selection);
      return ["time", "fs", "sleep"].filter((name) => !there.includes(name));
    },
    expected: [["time"], ["time", "fs", "sleep"]],
  }),
  ...alone("agents.defaults.maxSelfFixAttempts", {
    given: { sandbox: { prewarm: 0 }, agents: { selector: { retries: 0 } } },
    values: [0, 2],
    observe: askedInVain,
    expected: ["selection clam", "selection clam clam clam"],
  }),
  ...alone("agents.selector.retries", {
    given: given({ maxSelfFixAttempts: 0 }),
    values: [0, 2],
    observe: askedInVain,
    expected: ["selection clam", "selection selection selection clam"],
  }),
  ...alone("agents.fallbackModel", {
    given: given(
      { model: "openai/gone" },
      { providers: { openai: { apiKey: "sk-test", apiBase: "http://127.0.0.1:1" } } },
    ),
    values: ["", "custom/spare"],
    observe: async (pipeline) => {
      pipeline.model.on("selection", chatting("Hello."));
      const { object } = await pipeline.ask("greet the crabs");
      const models = pipeline.model.calls.map((call) => field(call, "model"));
      return { models, said: object.error?.code ?? object.reply };
    },
    expected: [
      { models: [], said: "provider_unreachable" },
      { models: ["spare"], said: "Hello." },
    ],
  }),
};
