import { createQuestionQueues } from "../../src/approvals/question_queue.ts";
import { CodedError } from "../../src/domain/failure.ts";
import type { LanguageModel } from "../../src/providers/provider.ts";
import { NO_SECRETS } from "./plainly.ts";

/** A turn that nobody listens to, in a conversation of its own. */
export function alone() {
  return {
    questions: createQuestionQueues()("cli:alone"),
    tell: () => {},
    countCall: () => Promise.resolve(undefined),
    findStop: () => Promise.resolve(undefined),
    askSecret: NOBODY_TO_ASK.askSecret,
    redactor: NO_SECRETS,
  };
}

/** Nobody who could give a secret. */
export const NOBODY_TO_ASK = {
  askSecret: (): Promise<never> =>
    Promise.reject(new CodedError("secret_not_available", "Nobody can be asked.")),
  useClam: () => Promise.resolve("what the clam returned"),
};

/** A clam that returns a text, however it is used. */
export const SOME_CLAM = {
  useClam: () =>
    Promise.resolve({
      result: { kind: "result" as const, value: "what the clam returned" },
      ...{ calls: [], foreign: false, waits: false },
    }),
};

/** What a run is opened for, where nobody asks. */
export const SOME_TURN = {
  turn: "t",
  conversation: "cli:alone",
  origin: "cli",
  purpose: "turn",
  message: { text: "", at: 0 },
} as const;

/** A program of a run whose source nobody looks at. */
export const SOME_PROGRAM = {
  source: "",
  sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", // of nothing
  inputs: {},
  declaredTools: [],
  capabilities: [],
  limits: {},
} as const;

/** Who calls a tool, where no model is set up. */
export const CALLER = {
  turnId: "t",
  conversation: "c",
  mainModel(): LanguageModel {
    throw new CodedError("no_model", "No model is set up.");
  },
};
