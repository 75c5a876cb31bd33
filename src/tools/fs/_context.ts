import { isWithin } from "../../approvals/scopes.ts";
import type { Json } from "../../domain/json.ts";
import type { Effect, Resource } from "../../domain/tool_call.ts";
import type { Place, Workspace } from "../../platform/workspace.ts";
import { CodedError } from "../../domain/failure.ts";
import type { Prepared } from "../tool.ts";
import type { Paths } from "./_paths.ts";
import type { UndoLog } from "./undo.ts";

/** How much one call may take in and give out. Names as in the configuration. */
export interface FsLimits {
  readonly maxReadBytes: number;
  readonly maxWriteBytes: number;
}

/** What every operation works with. */
export interface FsContext {
  readonly workspace: Workspace;
  readonly paths: Paths;
  readonly undo: UndoLog;
  readonly limits: FsLimits;
}

/** The arguments of a call, read. */
export interface FsRequest {
  readonly operation: string;
  readonly path: string;
  readonly content?: string | undefined;
  readonly old_text?: string | undefined;
  readonly new_text?: string | undefined;
  readonly to?: string | undefined;
  readonly query?: string | undefined;
  readonly recursive?: boolean | undefined;
}

/** Reads one operation's arguments and looks at its place. */
export type Preparer = (
  request: FsRequest,
  context: FsContext,
  signal: AbortSignal,
) => Promise<Prepared>;

type Field = Prepared["preview"]["fields"][number];

/** A call at one place, ready to be shown and done. */
export function prepared(
  request: FsRequest,
  place: Place,
  context: FsContext,
  call: {
    readonly effect: Effect;
    readonly idempotent?: true;
    readonly title: string;
    readonly fields?: readonly Field[];
    readonly diff?: string;
    /** It touches everything in this directory. */
    readonly whole?: boolean;
    readonly run: (signal: AbortSignal) => Promise<Json>;
  },
): Prepared {
  const given = Object.entries(request).filter(([, value]) => value !== undefined);
  const { title, fields = [], diff } = call;
  return {
    args: { ...Object.fromEntries(given), path: place.path },
    effect: call.effect,
    ...(call.idempotent ? { idempotent: true } : {}),
    resource: resourceAt(request.operation, place, context, call.whole),
    preview: {
      title: `${title} ${legible(place.path)}`,
      fields: [{ name: "path", value: place.path }, ...fields],
      ...(diff === undefined ? {} : { diff }),
    },
    run: (_approved, signal) => call.run(signal),
  };
}

/** What a call touches. A directory that may only be read counts as part of the workspace. */
export function resourceAt(
  operation: string,
  { path }: Place,
  context: FsContext,
  whole = false,
): Resource {
  const { root, readable } = context.workspace;
  const within = readable.find((directory) => isWithin(path, directory)) ?? root;
  return { kind: "file", operation, path, root: within, ...(whole ? { whole } : {}) };
}

/** @throws {CodedError} `file_not_found` */
export function expectFound({ found, path }: Place): void {
  if (!found) throw new CodedError("file_not_found", `There is nothing at "${path}".`);
}

/**
 * Makes sure that something of this kind stands there.
 * @throws {CodedError} `file_not_found` or `file_type_mismatch`
 */
export function expectKind(place: Place, kind: "file" | "directory"): void {
  expectFound(place);
  const { found, path } = place;
  if (!found || found.kind === kind) return;
  const is = found.kind === "other" ? "neither a file nor a directory" : `a ${found.kind}`;
  throw new CodedError("file_type_mismatch", `"${path}" is ${is}, not a ${kind}.`);
}

/** In quotes where its end, or a character in it, could not be seen. */
function legible(path: string): string {
  return /\p{C}|\s$/u.test(path) ? JSON.stringify(path) : path;
}

/** A number of bytes for people. */
export function inBytes(count: number): string {
  return `${count.toLocaleString("en")} bytes`;
}
