import * as z from "zod";
import { CodedError, type FailureCode } from "../../domain/failure.ts";
import { once } from "../../domain/once.ts";
import type { Workspace } from "../../platform/workspace.ts";
import { expectWholeCharacters, readArguments, toParameters } from "../_arguments.ts";
import type { Prepared, Tool } from "../tool.ts";
import { prepareDelete, prepareMkdir, prepareMove } from "./_arranging.ts";
import {
  type FsContext,
  type FsLimits,
  type FsRequest,
  prepared,
  type Preparer,
} from "./_context.ts";
import { createPaths, type PathSurroundings } from "./_paths.ts";
import { prepareList, prepareRead } from "./_reading.ts";
import type { UndoLog } from "./undo.ts";
import { prepareDiskUsage, prepareSearch } from "./_walking.ts";
import { prepareAppend, prepareEdit, prepareWrite } from "./_writing.ts";

const NAME = "fs";

const PREPARERS = {
  read: prepareRead,
  list: prepareList,
  search: prepareSearch,
  disk_usage: prepareDiskUsage,
  write: prepareWrite,
  append: prepareAppend,
  edit: prepareEdit,
  mkdir: prepareMkdir,
  move: prepareMove,
  delete: prepareDelete,
} satisfies Readonly<Record<string, Preparer>>;

type Operation = keyof typeof PREPARERS;

const argumentsSchema = once(() =>
  z.strictObject({
    operation: z.enum(Object.keys(PREPARERS) as [Operation, ...Operation[]]),
    path: z.string().min(1).max(4096).default(".")
      .describe('Relative to the workspace; "." is the workspace itself'),
    content: z.string().optional().describe("write, append: the text"),
    old_text: z.string().optional().describe("edit: the exact text to replace, once"),
    new_text: z.string().optional().describe("edit: what comes in its place"),
    to: z.string().min(1).max(4096).optional().describe("move: the new path, where nothing stands"),
    query: z.string().max(200).optional().describe("search: text to find, in either case"),
    recursive: z.boolean().optional().describe("delete: a directory with everything in it"),
  })
);

const resultSchema = once(() =>
  z.object({
    path: z.string().describe("Absolute path that the operation worked on"),
    content: z.string().optional().describe("read"),
    truncated: z.boolean().optional().describe("read, list, search, disk_usage: there is more"),
    bytes: z.int().optional().describe("read, write, append, edit, delete, disk_usage"),
    created: z.boolean().optional().describe("write, append, mkdir: it was not there before"),
    occurrences: z.int().optional().describe("edit: how often old_text occurred"),
    warning: z.string().optional().describe("edit: it occurred several times"),
    to: z.string().optional().describe("move"),
    entries: z.array(z.object({
      name: z.string(),
      kind: z.enum(["file", "directory", "link", "other"]),
      size: z.int(),
      modified: z.string(),
    })).optional().describe("list"),
    matches: z.array(z.object({ path: z.string(), line: z.int(), text: z.string() })).optional()
      .describe("search"),
    files: z.int().optional().describe("disk_usage"),
    directories: z.array(z.object({ name: z.string(), bytes: z.int() })).optional()
      .describe("disk_usage: the largest ones"),
  })
);

/** Means of the file tool. */
export interface FsPorts {
  readonly workspace: Workspace;
  readonly undo: UndoLog;
  /** Names as in the configuration. */
  readonly limits: FsLimits & { readonly restrictToWorkspace: boolean };
  /** What may never be touched, and the person's home; matters only without the restriction. */
  readonly around: Omit<PathSurroundings, "restricted">;
}

/** The tool that works on the files of the workspace. */
export function createFsTool(ports: FsPorts): Tool {
  const { workspace, undo, limits, around } = ports;
  const paths = createPaths(workspace, { ...around, restricted: limits.restrictToWorkspace });
  const context: FsContext = { workspace, paths, undo, limits };
  return {
    name: NAME,
    description: "Reads and changes text files of the workspace.",
    get parameters() {
      return toParameters(argumentsSchema);
    },
    get returns() {
      return toParameters(resultSchema);
    },
    foreign: true,
    guidance: GUIDANCE,
    async prepare(args, _context, signal) {
      const request = readArguments(NAME, argumentsSchema, args);
      expectFields(request);
      expectWholeCharacters(NAME, request);
      try {
        return await PREPARERS[request.operation](request, context, signal);
      } catch (error) {
        if (!(error instanceof CodedError) || !OF_THE_DISK.includes(error.code)) throw error;
        return await preparedToFail(request, error, context, signal);
      }
    },
  };
}

/** Failures that come from how the disk looks now, and not from what the program wants. */
const OF_THE_DISK: readonly FailureCode[] = [
  "file_not_found",
  "file_exists",
  "file_too_large",
  "file_not_text",
  "file_type_mismatch",
  "text_not_found",
];

/**
 * A call that can only fail. It is still read to the end, because the run may know it: when a
 * program starts again, what it deleted or moved the first time is gone, and the answer of that
 * time stands in the journal under the same arguments.
 */
async function preparedToFail(
  request: FsRequest,
  error: CodedError,
  context: FsContext,
  signal: AbortSignal,
): Promise<Prepared> {
  const purpose = ["move", "delete"].includes(request.operation) ? "entry" : "read";
  const place = await context.paths.find(request.path, purpose, signal);
  const target = request.to === undefined
    ? undefined
    : await context.paths.find(request.to, "entry", signal);
  return prepared(target ? { ...request, to: target.path } : request, place, context, {
    effect: "read", // whoever is told why learns how the disk looks
    title: `Find that there is nothing to ${request.operation} at`,
    run: () => Promise.reject(error),
  });
}

/** What each operation reads beside the path; anything else is a mistake of the program. */
const FIELDS: Readonly<Record<Operation, readonly (keyof FsRequest)[]>> = {
  read: [],
  list: [],
  search: ["query"],
  disk_usage: [],
  write: ["content"],
  append: ["content"],
  edit: ["old_text", "new_text"],
  mkdir: [],
  move: ["to"],
  delete: ["recursive"],
};

function expectFields(request: z.infer<ReturnType<typeof argumentsSchema>>): void {
  const { operation, path: _, ...given } = request;
  const stray = (Object.keys(given) as (keyof typeof given)[])
    .find((field) => !FIELDS[operation].includes(field));
  if (stray === undefined) return;
  throw new CodedError(
    "tool_arguments_invalid",
    `fs: the operation "${operation}" takes no argument "${stray}"; ` +
      `it takes ${["path", ...FIELDS[operation]].join(", ")}.`,
  );
}

const GUIDANCE = `Paths are relative to the workspace. Each operation has its own arguments: ` +
  `read {path} · list {path} · search {path, query} · disk_usage {path} · write {path, content} (whole ` +
  `file, makes folders) · append {path, content} · edit {path, old_text, new_text} (first occurrence, ` +
  `exact) · move {path, to} (to: where nothing stands) · delete {path, recursive?} · mkdir {path}. ` +
  `Failures are thrown with a code (file_not_found, file_exists …). UTF-8 text only; a long file ` +
  `comes with truncated: true.`;
