import { runProgram } from "../../src/agent/runtime.ts";
import { present } from "../../src/agent/present.ts";
import { createGate } from "../../src/approvals/gate.ts";
import { STARTERS } from "../../src/clams/starter/catalog.ts";
import { readInputs } from "../../src/clams/inputs.ts";
import type { Json, JsonObject } from "../../src/domain/json.ts";
import { createClock, createRandom } from "../../src/platform/deno.ts";
import type { Clock } from "../../src/platform/platform.ts";
import { createJournal } from "../../src/runs/journal.ts";
import { DEFAULT_LIMITS } from "../../src/sandbox/limits.ts";
import { createWorkerSandbox } from "../../src/sandbox/worker_sandbox.ts";
import { createRedactor } from "../../src/secrets/redactor.ts";
import { createDispatch } from "../../src/tools/dispatch.ts";
import type { Tool } from "../../src/tools/tool.ts";
import { createClamHome } from "./clam_home.ts";

/** How a starter answered. */
export interface StarterAnswer {
  readonly clam: string;
  readonly by: "request" | "template" | "id";
  readonly inputs: JsonObject;
  /** What the person reads, or the sentence of the failure. */
  readonly text: string;
  readonly value: Json | undefined;
  readonly ok: boolean;
  /** `tool:operation or method` of each call that was let pass. */
  readonly calls: readonly string[];
}

/** Starters as they really run: matcher, sandbox, dispatch, capabilities, gate. All is allowed. */
export interface StarterHome extends AsyncDisposable {
  /** Says something; `undefined` when no clam answers. */
  say(request: string): Promise<StarterAnswer | undefined>;
  /** Runs a starter by its id with these inputs. */
  run(id: string, inputs: JsonObject): Promise<StarterAnswer>;
}

/** The clock stands at 10:05 of Tuesday, 24 November 2026 in Berlin. */
export const STARTER_CLOCK: Clock = {
  ...createClock(),
  now: () => Date.UTC(2026, 10, 24, 9, 5),
  zone: () => "Europe/Berlin",
};

export async function openStarterHome(tools: readonly Tool[]): Promise<StarterHome> {
  const home = await createClamHome();
  const { library, matcher } = home.open(STARTERS);
  const sandbox = createWorkerSandbox();
  sandbox.warm();
  const gate = createGate({
    grants: { list: () => Promise.resolve([]) } as never,
    approver: { ask: () => Promise.resolve({ kind: "once" }) },
    policy: { enabled: true, interactive: true, allowAlways: false },
    base: { root: "/", userHome: undefined },
    clock: STARTER_CLOCK,
  });
  const dispatch = createDispatch({
    tools,
    gate,
    audit: { record: () => Promise.resolve() } as never,
    redactor: createRedactor([]),
    clock: STARTER_CLOCK,
    callMs: 10_000,
  });
  const ports = {
    sandbox,
    dispatch,
    clock: STARTER_CLOCK,
    random: createRandom(),
    limits: DEFAULT_LIMITS,
  };
  const start = async (
    id: string,
    inputs: JsonObject,
    by: StarterAnswer["by"],
  ): Promise<StarterAnswer> => {
    const { manifest, script } = await library.get(id);
    const ran = await runProgram(
      { ...manifest, source: script, inputs },
      { id: "t", message: { origin: "cli", conversation: "cli:t", text: "", at: 0 } },
      createJournal().beginAttempt(),
      ports,
      new AbortController().signal,
    );
    const calls = ran.calls.filter((call) => call.outcome === "ok")
      .map(({ tool, args }) => `${tool}:${args.operation ?? args.method ?? ""}`);
    const common = { clam: id, by, inputs, calls };
    if (ran.outcome.kind === "completed") {
      const { reply, value } = present(ran.outcome.value);
      return { ...common, text: reply, value, ok: true };
    }
    const text = "failure" in ran.outcome ? ran.outcome.failure.message : ran.outcome.kind;
    return { ...common, text, value: undefined, ok: false };
  };
  return {
    async say(request) {
      const match = await matcher.find(request);
      return match && await start(match.clam, match.inputs, match.by);
    },
    async run(id, inputs) {
      const read = await readInputs((await library.get(id)).manifest, inputs);
      if (read.ok) return await start(id, read.inputs, "id");
      const { message } = read.failure;
      return { clam: id, by: "id", inputs, calls: [], text: message, value: undefined, ok: false };
    },
    async [Symbol.asyncDispose]() {
      sandbox.close();
      await home[Symbol.asyncDispose]();
    },
  };
}
