import { AtTerminal, KEYS, testAtTerminal } from "../at_terminal.ts";
import type { Pipeline } from "../pipeline.ts";
import { alone, type Cases } from "./cases.ts";
import { run } from "./run.ts";

// What becomes of a call that wants to list the files of the workspace.

const LIST = `return (await fs({operation: "list", path: "."})).entries.length;`;

/** What the gate said with nobody there to be asked. */
const decided = async (pipeline: Pipeline) => {
  const { calls } = await run(pipeline, LIST, "fs");
  return calls.map(({ decision, outcome }) => `${decision}: ${outcome}`);
};
const REFUSED = ["unasked: approval_needed"];
const GRANTED = ["granted: ok"];

/** What a person at the terminal could choose from, until they had pressed Enter alone. */
const offered = async ({ clambot }: Pipeline) => {
  const file = await clambot.write("program.js", LIST);
  const terminal = new AtTerminal(clambot, ["run", file, "--tools", "fs"]);
  let isOver = false;
  const ending = terminal.ended().finally(() => isOver = true);
  // whether a question comes is not known here; what is typed before it answers nothing
  while (!isOver) await terminal.type(KEYS.enter).catch(() => {});
  const { stdout } = await ending;
  return ALL.filter((answer) => stdout.includes(answer));
};
const ALL = ["Allow once", "Allow for this request", "Allow always", "Reject"];

export const approvals: Cases = {
  ...alone("agents.approvals.enabled", {
    values: [true, false],
    observe: decided,
    expected: [REFUSED, GRANTED],
  }),
  ...alone("agents.approvals.expireHours", {
    values: [1, 48],
    observe: async (pipeline) => {
      const { waits } = await run(pipeline, LIST, "fs");
      return Math.round((Date.parse(waits?.expiresAt ?? "") - Date.now()) / 3_600_000);
    },
    expected: [1, 48],
  }),
  ...alone("agents.approvals.alwaysGrants", {
    values: [[], ["fs:workspace"]],
    observe: decided,
    expected: [REFUSED, GRANTED],
  }),
  ...alone("agents.approvals.askAlso", {
    values: [[], ["time"]],
    observe: async (pipeline) => {
      const { calls } = await run(pipeline, `return (await time({operation: "now"})).iso;`, "time");
      return calls.map(({ decision, outcome }) => `${decision}: ${outcome}`);
    },
    expected: [["not_required: ok"], REFUSED],
  }),
  ...alone("agents.approvals.interactive", {
    values: [true, false],
    observe: offered,
    test: testAtTerminal,
    expected: [ALL, []],
  }),
  ...alone("agents.approvals.allowAlways", {
    values: [true, false],
    observe: offered,
    test: testAtTerminal,
    expected: [ALL, ["Allow once", "Allow for this request", "Reject"]],
  }),
};
