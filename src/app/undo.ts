import { openWorkspace, type Workspace } from "../platform/workspace.ts";
import { openUndoLog, type UndoLog } from "../tools/catalog.ts";
import type { Setting, Stores } from "./stores.ts";

/** The workspace of the file tool, and the log of what was changed in it. */
export interface UndoableWorkspace {
  readonly workspace: Workspace;
  readonly undo: UndoLog;
}

/** Opens both the same way for the file tool and for the person's `clambot undo`. */
export function openUndoable(
  stores: Stores,
  { layout }: Pick<Setting, "layout">,
): UndoableWorkspace {
  const workspace = openWorkspace(layout.files, [layout.upload]);
  const files = stores.state.under("undo");
  return { workspace, undo: openUndoLog({ ...stores, workspace, files }) };
}
