import assert from "node:assert/strict";
import type { Approved } from "../../src/approvals/gate.ts";
import { CodedError, type FailureCode } from "../../src/domain/failure.ts";
import type { Json, JsonObject } from "../../src/domain/json.ts";
import { createClock, createRandom } from "../../src/platform/deno.ts";
import { openFiles } from "../../src/platform/files.ts";
import { openWorkspace, type Workspace } from "../../src/platform/workspace.ts";
import { createFsTool } from "../../src/tools/fs/fs.ts";
import { openUndoLog, type UndoLog } from "../../src/tools/fs/undo.ts";
import type { Prepared, Tool } from "../../src/tools/tool.ts";
import { CALLER, NOBODY_TO_ASK } from "./alone.ts";

/** A home with the file tool over it, on a real disk. */
export interface FsDesk {
  /** Absolute path of the home; its workspace is `workspace/files`. */
  readonly home: string;
  /** Absolute path of what the tool works in. */
  readonly root: string;
  /** A directory beside the home, for what must not be reached. */
  readonly outside: string;
  readonly tool: Tool;
  readonly workspace: Workspace;
  readonly undo: UndoLog;
  /** Reads the arguments as the one road does. */
  prepare(args: JsonObject, signal?: AbortSignal): Promise<Prepared>;
  /** Prepares and runs, as if it had been allowed. */
  call(args: JsonObject, signal?: AbortSignal): Promise<Json>;
}

export interface FsDeskOptions {
  readonly restrictToWorkspace?: boolean;
  readonly maxReadBytes?: number;
  readonly maxWriteBytes?: number;
  readonly undoLimits?: { readonly bytes: number; readonly changes: number };
}

const MIB = 1024 * 1024;
const NEVER = new AbortController().signal;

/** Proof of nothing: tests of one tool run it without a gate. */
export const APPROVED = {} as Approved;

/** Makes such a home, works with it, and removes it. */
export async function withFsDesk(
  work: (desk: FsDesk) => Promise<void>,
  options: FsDeskOptions = {},
): Promise<void> {
  const base = await Deno.realPath(await Deno.makeTempDir());
  try {
    await work(await layOut(base, options));
  } finally {
    await Deno.remove(base, { recursive: true });
  }
}

async function layOut(base: string, options: FsDeskOptions): Promise<FsDesk> {
  const home = `${base}/home`;
  const [root, upload] = [`${home}/workspace/files`, `${home}/workspace/upload`];
  for (const path of [root, upload, `${home}/secrets`, `${base}/outside`]) {
    await Deno.mkdir(path, { recursive: true });
  }
  const workspace = openWorkspace(root, [upload]);
  const undo = openUndoLog({
    files: openFiles(`${home}/state/undo`),
    workspace,
    clock: createClock(),
    random: createRandom(),
    ...(options.undoLimits ? { limits: options.undoLimits } : {}),
  });
  const { restrictToWorkspace = true, maxReadBytes = MIB, maxWriteBytes = MIB } = options;
  const tool = createFsTool({
    workspace,
    undo,
    limits: { restrictToWorkspace, maxReadBytes, maxWriteBytes },
    around: { kept: [home], userHome: `${base}` },
  });
  const context = { ...CALLER, turnId: "t1", conversation: "cli:test" };
  const prepare = (args: JsonObject, signal = NEVER) => tool.prepare(args, context, signal);
  return {
    home,
    root,
    outside: `${base}/outside`,
    tool,
    workspace,
    undo,
    prepare,
    call: async (args, signal = NEVER) =>
      await (await prepare(args, signal)).run(APPROVED, signal, NOBODY_TO_ASK),
  };
}

/** Makes sure that a call fails with this code, and says this. */
export async function assertFails(work: Promise<unknown>, code: FailureCode, text?: RegExp) {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof CodedError, String(error));
    assert.equal(error.code, code, error.message);
    if (text) assert.match(error.message, text);
    return true;
  });
}
