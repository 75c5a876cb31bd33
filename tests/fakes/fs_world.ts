import { homeLayout } from "../../src/config/home.ts";
import { CodedError, type FailureCode } from "../../src/domain/failure.ts";
import type { JsonObject } from "../../src/domain/json.ts";
import { createRandom } from "../../src/platform/deno.ts";
import { openFiles } from "../../src/platform/files.ts";
import { openWorkspace, type Workspace } from "../../src/platform/workspace.ts";
import { createFsTool, type FsPorts } from "../../src/tools/fs/fs.ts";
import { openUndoLog, type UndoLog } from "../../src/tools/fs/undo.ts";
import type { Prepared, Tool } from "../../src/tools/tool.ts";
import { createFakeClock } from "./clock.ts";
import { createTestGate } from "./test_gate.ts";
import { CALLER, NOBODY_TO_ASK } from "./alone.ts";

/** What a call came to: a result, or the code of its failure. */
export type Ending =
  | { readonly kind: "result"; readonly value: JsonObject }
  | { readonly kind: "failure"; readonly code: FailureCode; readonly message: string };

export interface FsWorldParts {
  readonly restricted?: boolean;
  readonly maxReadBytes?: number;
  readonly maxWriteBytes?: number;
  /** The home is reached by a link to a directory elsewhere. */
  readonly linked?: boolean;
  readonly undoLimits?: { readonly bytes: number; readonly changes: number };
}

/** A home on disk with the real file tool, and a directory outside of it. */
export interface FsWorld extends AsyncDisposable {
  /** Absolute path as the program knows it. */
  readonly home: string;
  /** The same without links. */
  readonly realHome: string;
  /** Root of the file tool. */
  readonly root: string;
  readonly upload: string;
  /** A directory beside the home. */
  readonly outside: string;
  readonly tool: Tool;
  /** What the tool is made from. */
  readonly ports: FsPorts;
  readonly workspace: Workspace;
  readonly undo: UndoLog;
  prepare(args: JsonObject): Promise<Prepared>;
  run(prepared: Prepared, signal?: AbortSignal): Promise<Ending>;
  /** Prepares and runs, with the person saying yes. */
  call(args: JsonObject): Promise<Ending>;
}

export async function openFsWorld(parts: FsWorldParts = {}): Promise<FsWorld> {
  const base = await Deno.realPath(await Deno.makeTempDir({ prefix: "fs-" }));
  const home = `${base}/home`;
  const layout = homeLayout(home);
  const realHome = parts.linked ? `${base}/disk/home` : home;
  if (parts.linked) {
    await Deno.mkdir(realHome, { recursive: true });
    await Deno.symlink(realHome, home);
  }
  const outside = `${base}/outside`;
  for (const path of [outside, layout.files, layout.upload, layout.secrets, layout.state]) {
    await Deno.mkdir(path, { recursive: true });
  }
  const workspace = openWorkspace(layout.files);
  const undo = openUndoLog({
    files: openFiles(`${layout.state}/undo`),
    workspace,
    clock: createFakeClock(),
    random: createRandom(),
    ...(parts.undoLimits ? { limits: parts.undoLimits } : {}),
  });
  const ports: FsPorts = {
    workspace,
    undo,
    limits: {
      restrictToWorkspace: parts.restricted ?? true,
      maxReadBytes: parts.maxReadBytes ?? 1024 * 1024,
      maxWriteBytes: parts.maxWriteBytes ?? 1024 * 1024,
    },
    around: { kept: [home], userHome: base },
  };
  const tool = createFsTool(ports);
  const signal = new AbortController().signal;
  const prepare = (args: JsonObject) => tool.prepare(args, CALLER, signal);
  return {
    home,
    realHome,
    root: layout.files,
    upload: layout.upload,
    outside,
    tool,
    ports,
    workspace,
    undo,
    prepare,
    run: (prepared, given = signal) => ending(async () => await runApproved(tool, prepared, given)),
    call: (args) => ending(async () => await runApproved(tool, await prepare(args), signal)),
    [Symbol.asyncDispose]: () => Deno.remove(base, { recursive: true }),
  };
}

/** Runs a call after a real gate has let it pass, with a person who says yes to everything. */
export async function runApproved(
  tool: Tool,
  prepared: Prepared,
  signal: AbortSignal,
): Promise<JsonObject> {
  const gate = createTestGate({
    grants: { list: () => Promise.resolve([]), add: () => Promise.resolve() } as never,
    approver: { ask: () => Promise.resolve({ kind: "once" }) },
    policy: { enabled: true, interactive: true, allowAlways: false, askAlso: [] },
    base: { root: "/", userHome: undefined },
    clock: createFakeClock(),
  });
  const approved = await gate.check({
    turnId: "t",
    conversation: "c",
    call: { id: 1, tool: tool.name, args: prepared.args },
    effect: prepared.effect,
    resources: [prepared.resource, ...prepared.also ?? []],
    preview: prepared.preview,
  }, new AbortController().signal);
  if (approved.kind !== "approved") throw new Error("the gate refused the call");
  return await prepared.run(approved, signal, NOBODY_TO_ASK) as JsonObject;
}

async function ending(work: () => Promise<JsonObject>): Promise<Ending> {
  try {
    return { kind: "result", value: await work() };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return { kind: "failure", code: error.code, message: error.message };
  }
}
