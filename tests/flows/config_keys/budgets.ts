import type { Json, JsonObject } from "../../../src/domain/json.ts";
import { after, type Reply } from "../../fakes/scripted_model.ts";
import { chatting, type Pipeline } from "../pipeline.ts";
import { alone, type Cases } from "./cases.ts";
import { converse, exhausted } from "./house.ts";

const MODEL = "custom/test";
const KEY = "agents.budgets";

/** A home with these budgets; with a price, that is what a million tokens of the model cost. */
const within = (budgets: JsonObject, price?: number): JsonObject => ({
  sandbox: { prewarm: 0 },
  agents: {
    budgets,
    ...(price === undefined
      ? {}
      : { models: { [MODEL]: { price: { inputPerMillion: price, outputPerMillion: price } } } }),
  },
});

/** One dollar for a choice of so many tokens at most, behind a prompt of some thousands. */
const assuming = (unknownPrice: JsonObject, maxTokens: number): JsonObject => ({
  sandbox: { prewarm: 0 },
  agents: {
    budgets: { perTurn: { usd: 1, tokens: 9_000_000 }, unknownPrice },
    selector: { maxTokens },
  },
});

/** The questions that were put to the model, and the key that a person is told to raise. */
const spent = (asked: string, over: string | null = null): Json => ({ asked, over });

/** Says these things, one after the other, to a model that chooses so. */
const say = (requests: readonly string[], choice: Reply) => async (pipeline: Pipeline) => {
  const { model } = pipeline;
  model.on("selection", choice);
  model.on("chat", "Hello.");
  const answers = await converse(pipeline, requests);
  return spent(model.sequence(), exhausted(answers));
};
/** One turn of two questions to the model. */
const oneTurn = say(["greet the crabs"], chatting(null));
/** Two turns of one question each. */
const twoTurns = say(["greet the crabs", "greet the clams"], chatting("Hello."));
/** Turns of one tool call each, which need no model. */
const calling = (...cities: string[]) =>
  say(cities.map((city) => `what time is it in ${city}?`), chatting("Hello."));
/** Two turns of guests, of one question each. */
const guestTurns = (...guests: string[]) => async (pipeline: Pipeline) => {
  const { model } = pipeline;
  model.on("chat", "Hello.");
  const conversations = guests.map((guest) => `telegram:guest:${guest}`);
  const answers = await converse(pipeline, guests.map(() => "greet the crabs"), conversations);
  return spent(model.sequence(), exhausted(answers));
};
/** One turn whose only answer takes two seconds. */
const slowTurn = say(["greet the crabs"], after(5_000, chatting("Hello.")));

export const budgets: Cases = {
  ...alone(`${KEY}.perTurn.calls`, {
    given: within({}),
    values: [1, 2],
    observe: oneTurn,
    expected: [spent("selection", `${KEY}.perTurn.calls`), spent("selection chat")],
  }),
  ...alone(`${KEY}.perTurn.tokens`, {
    given: within({}),
    values: [100, 100_000],
    observe: oneTurn,
    expected: [spent("", `${KEY}.perTurn.tokens`), spent("selection chat")],
  }),
  ...alone(`${KEY}.perTurn.usd`, {
    given: within({}, 1),
    values: [0.001, 1],
    observe: oneTurn,
    expected: [spent("", `${KEY}.perTurn.usd`), spent("selection chat")],
  }),
  ...alone(`${KEY}.perTurn.seconds`, {
    given: within({}),
    values: [3, 60], // a busy machine needs a second before it asks anything
    observe: slowTurn,
    expected: [spent("selection", `${KEY}.perTurn.seconds`), spent("selection")],
  }),
  ...alone(`${KEY}.perDay.calls`, {
    given: within({}),
    values: [1, 2],
    observe: twoTurns,
    expected: [spent("selection", `${KEY}.perDay.calls`), spent("selection selection")],
  }),
  ...alone(`${KEY}.perDay.tokens`, {
    given: within({}),
    values: [100, 100_000],
    observe: twoTurns,
    expected: [spent("", `${KEY}.perDay.tokens`), spent("selection selection")],
  }),
  ...alone(`${KEY}.perDay.usd`, {
    given: within({}, 1),
    values: [0.001, 1],
    observe: twoTurns,
    expected: [spent("", `${KEY}.perDay.usd`), spent("selection selection")],
  }),
  ...alone(`${KEY}.perTurn.toolCalls`, {
    given: within({}),
    values: [0, 1],
    observe: calling("Tokyo"),
    expected: [spent("", `${KEY}.perTurn.toolCalls`), spent("")],
  }),
  ...alone(`${KEY}.perDay.toolCalls`, {
    given: within({}),
    values: [1, 2],
    observe: calling("Tokyo", "Berlin"),
    expected: [spent("", `${KEY}.perDay.toolCalls`), spent("")],
  }),
  ...alone(`${KEY}.perOrigin.<name>.calls`, {
    given: within({}),
    name: "cli",
    values: [1, 2],
    observe: twoTurns,
    expected: [spent("selection", `${KEY}.perOrigin.cli.calls`), spent("selection selection")],
  }),
  ...alone(`${KEY}.perOrigin.<name>.tokens`, {
    given: within({}),
    name: "cli",
    values: [100, 100_000],
    observe: oneTurn,
    expected: [spent("", `${KEY}.perOrigin.cli.tokens`), spent("selection chat")],
  }),
  ...alone(`${KEY}.perOrigin.<name>.usd`, {
    given: within({}, 1),
    name: "cli",
    values: [0.001, 1],
    observe: oneTurn,
    expected: [spent("", `${KEY}.perOrigin.cli.usd`), spent("selection chat")],
  }),
  ...alone(`${KEY}.perOrigin.<name>.toolCalls`, {
    given: within({}),
    name: "cli",
    values: [1, 2],
    observe: calling("Tokyo", "Berlin"),
    expected: [spent("", `${KEY}.perOrigin.cli.toolCalls`), spent("")],
  }),
  ...alone(`${KEY}.perGuest.calls`, {
    given: within({}),
    values: [1, 2],
    observe: guestTurns("7", "7"),
    expected: [spent("chat", `${KEY}.perGuest.calls`), spent("chat chat")],
  }),
  ...alone(`${KEY}.perGuest.tokens`, {
    given: within({}),
    values: [100, 100_000],
    observe: guestTurns("7"),
    expected: [spent("", `${KEY}.perGuest.tokens`), spent("chat")],
  }),
  ...alone(`${KEY}.guests.calls`, {
    given: within({}),
    values: [1, 2],
    observe: guestTurns("7", "8"),
    expected: [spent("chat", `${KEY}.guests.calls`), spent("chat chat")],
  }),
  ...alone(`${KEY}.guests.tokens`, {
    given: within({}),
    values: [100, 100_000],
    observe: guestTurns("7"),
    expected: [spent("", `${KEY}.guests.tokens`), spent("chat")],
  }),
  ...alone(`${KEY}.unknownPrice.inputPerMillion`, {
    given: assuming({ outputPerMillion: 0 }, 1),
    values: [1_000, 1],
    observe: oneTurn,
    expected: [spent("", `${KEY}.perTurn.usd`), spent("selection chat")],
  }),
  ...alone(`${KEY}.unknownPrice.outputPerMillion`, {
    given: assuming({ inputPerMillion: 0 }, 1_000_000),
    values: [100, 0.1],
    observe: oneTurn,
    expected: [spent("", `${KEY}.perTurn.usd`), spent("selection chat")],
  }),
};

/** What the answer cost: 100 tokens of prompt, 7 of answer. */
const costOfAnswer = async (pipeline: Pipeline) => {
  pipeline.model.on("selection", chatting("Hello."));
  const [answer] = await converse(pipeline, ["greet the crabs"]);
  return answer?.usage?.costUsd ?? null;
};

/** A price counts only when both halves of it are known. */
const free = (half: string): JsonObject => ({
  sandbox: { prewarm: 0 },
  agents: { models: { [MODEL]: { price: { [half]: 0 } } } },
});

export const prices: Cases = {
  ...alone("agents.models.<name>.price.inputPerMillion", {
    name: MODEL,
    given: free("outputPerMillion"),
    values: [1_000, 2_000],
    observe: costOfAnswer,
    expected: [0.1, 0.2],
  }),
  ...alone("agents.models.<name>.price.outputPerMillion", {
    name: MODEL,
    given: free("inputPerMillion"),
    values: [1_000, 2_000],
    observe: costOfAnswer,
    expected: [0.007, 0.014],
  }),
};
