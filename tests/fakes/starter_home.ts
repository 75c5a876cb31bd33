import { runProgram } from "../../src/agent/runtime.ts";
import { present } from "../../src/agent/present.ts";
import { createGate } from "../../src/approvals/gate.ts";
import { STARTERS } from "../../src/clams/starter/catalog.ts";
import { readInputs } from "../../src/clams/inputs.ts";
import type { Json, JsonObject } from "../../src/domain/json.ts";
import { createClock, createRandom } from "../../src/platform/deno.ts";
import type { Clock } from "../../src/platform/platform.ts";
import { DEFAULT_LIMITS } from "../../src/sandbox/limits.ts";
import { createRedactor } from "../../src/secrets/redactor.ts";
import { createDispatch } from "../../src/tools/dispatch.ts";
import { openWorkspace } from "../../src/platform/workspace.ts";
import { createFsTool } from "../../src/tools/fs/fs.ts";
import { openUndoLog } from "../../src/tools/fs/undo.ts";
import { createTimeTool } from "../../src/tools/time/time.ts";
import type { Tool } from "../../src/tools/tool.ts";
import { type ClamHome, createClamHome } from "./clam_home.ts";
import { alone, CALLER, SOME_CLAM, SOME_PROGRAM, SOME_TURN } from "./alone.ts";
import { createTestSandbox, createWorkersHere } from "./workers.ts";
import { openTestRuns } from "./runs.ts";

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
  /** The folder that programs work in: makes it hold these files and nothing else. */
  setFiles(files: Readonly<Record<string, string>>): Promise<void>;
  /** Text of one of its files. */
  read(name: string): Promise<string>;
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

const MESSAGE = { origin: "cli", conversation: "cli:t", text: "", at: 0 } as const;

/** Opens a home with the tools `time` and `fs`, and these besides. */
export async function openStarterHome(more: readonly Tool[] = []): Promise<StarterHome> {
  const home = await createClamHome();
  const root = await Deno.realPath(home.path) + "/files";
  const tools = [createTimeTool(STARTER_CLOCK), await openFs(home, root), ...more];
  const { library, matcher } = home.open(STARTERS);
  const sandbox = createTestSandbox({ workers: createWorkersHere() });
  sandbox.warm();
  const base = { root, userHome: undefined };
  /** The road of one turn, with a person who says yes. */
  const openRoad = () => {
    const gate = createGate({
      ...alone(),
      grants: { list: () => Promise.resolve([]) } as never,
      approver: { ask: () => Promise.resolve({ kind: "once" }) },
      policy: { enabled: true, interactive: true, allowAlways: false, askAlso: [] },
      base,
      clock: STARTER_CLOCK,
    });
    return createDispatch({
      ...alone(),
      tools,
      gate,
      audit: { record: () => Promise.resolve() } as never,
      redactor: createRedactor([]),
      clock: STARTER_CLOCK,
      base,
      callMs: 60_000,
    });
  };
  const ports = {
    sandbox,
    clock: STARTER_CLOCK,
    random: createRandom(),
    limits: DEFAULT_LIMITS,
    tell: () => {},
    mainModel: CALLER.mainModel,
    ...SOME_CLAM,
  };
  const start = async (
    id: string,
    inputs: JsonObject,
    by: StarterAnswer["by"],
  ): Promise<StarterAnswer> => {
    const { manifest, script } = await library.get(id);
    const run = openTestRuns().open(SOME_TURN);
    const ran = await runProgram(
      { ...manifest, source: script, inputs },
      { id: ports.random.id(), message: MESSAGE },
      { attempt: await run.beginAttempt(SOME_PROGRAM, null), account: [] },
      { ...ports, run, dispatch: openRoad() },
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
    async setFiles(files) {
      await Deno.remove(root, { recursive: true });
      await Deno.mkdir(root);
      for (const [name, text] of Object.entries(files)) {
        await Deno.mkdir(`${root}/${name}`.replace(/[^/]*$/, ""), { recursive: true });
        await Deno.writeTextFile(`${root}/${name}`, text);
      }
    },
    read: (name) => Deno.readTextFile(`${root}/${name}`),
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

async function openFs(home: ClamHome, root: string): Promise<Tool> {
  await Deno.mkdir(root);
  const workspace = openWorkspace(root);
  const means = { workspace, clock: STARTER_CLOCK, random: createRandom() };
  return createFsTool({
    workspace,
    undo: openUndoLog({ ...means, files: home.state.under("undo") }),
    limits: { maxReadBytes: 1_000_000, maxWriteBytes: 1_000_000, restrictToWorkspace: true },
    around: { kept: [], userHome: undefined },
  });
}
