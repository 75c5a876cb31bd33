import { isWithin } from "../../approvals/scopes.ts";
import { CodedError } from "../../domain/failure.ts";
import type { Place } from "../../platform/workspace.ts";
import {
  expectFound,
  type FsContext,
  type FsRequest,
  inBytes,
  prepared,
  type Preparer,
  resourceAt,
} from "./_context.ts";
import { checkName } from "./_paths.ts";
import { changedMeanwhile, see, type Seen } from "./_seen.ts";
import { measure } from "./_walking.ts";

/** Makes a directory and those above it. One that is there already is no error. */
export const prepareMkdir: Preparer = async (request, context, signal) => {
  checkName(request.path);
  const place = await context.paths.find(request.path, "write", signal);
  if (place.found && place.found.kind !== "directory") throw exists(place);
  return prepared(request, place, context, {
    effect: place.found ? "read" : "write",
    idempotent: true,
    title: "Make the directory",
    async run(signal) {
      const change = { operation: "mkdir", place, bytes: 0, keep: "nothing" as const };
      const act = () => context.workspace.makeDirectory(place, signal);
      if (!place.found) await context.undo.around(change, act, signal);
      return { path: place.path, created: !place.found };
    },
  });
};

/** Gives a file or directory another name, where nothing stands. */
export const prepareMove: Preparer = async (request, context, signal) => {
  if (request.to === undefined) {
    throw new CodedError(
      "tool_arguments_invalid",
      `fs: the operation "move" needs the argument "to".`,
    );
  }
  checkName(request.to);
  const place = await context.paths.find(request.path, "entry", signal);
  const target = await context.paths.find(request.to, "entry", signal);
  await refuseWhole(place, context);
  expectFound(place);
  if (target.found) throw exists(target);
  if (isWithin(target.path, place.path)) throw intoItself(place, target);
  const whole = place.found?.kind === "directory";
  const seen = await seeFile(place, context, signal);
  const call = prepared({ ...request, to: target.path }, place, context, {
    effect: "write",
    title: "Move",
    whole,
    fields: [{ name: "to", value: target.path }],
    async run(signal) {
      await seen?.again(signal);
      const change = { operation: "move", place, target, bytes: 0, keep: "nothing" as const };
      await context.undo.around(
        change,
        () => context.workspace.move(place, target, signal),
        signal,
      );
      return { path: place.path, to: target.path };
    },
  });
  return { ...call, also: [resourceAt("write", target, context, whole)] };
};

/** Deletes a file or an empty directory; with `recursive` a directory and all in it. */
export const prepareDelete: Preparer = async (request, context, signal) => {
  const place = await context.paths.find(request.path, "entry", signal);
  await refuseWhole(place, context);
  expectFound(place);
  const extent = await extentOf(request, place, context, signal);
  return prepared(request, place, context, {
    effect: "write",
    title: "Delete",
    fields: extent.fields,
    whole: request.recursive === true && place.found?.kind === "directory",
    async run(signal) {
      await extent.check(signal);
      const change = {
        operation: "delete",
        place,
        bytes: extent.bytes,
        keep: "itself" as const,
      };
      await context.undo.around(
        change,
        (kept) => context.workspace.takeOut(place, kept, signal),
        signal,
      );
      return { path: place.path, bytes: extent.bytes };
    },
  });
};

/** The beginning of a file that is to go; links and other things have no content to compare. */
async function seeFile(
  place: Place,
  context: FsContext,
  signal: AbortSignal,
): Promise<Seen | undefined> {
  if (place.found?.kind !== "file") return undefined;
  return await see(place, context.limits.maxReadBytes, context, signal);
}

/** How much goes with it, for the person and for the undo log. */
async function extentOf(request: FsRequest, place: Place, context: FsContext, signal: AbortSignal) {
  const size = place.found?.size ?? 0;
  const ofFile = { bytes: size, fields: [{ name: "size", value: inBytes(size) }] };
  if (place.found?.kind !== "directory") {
    const seen = await seeFile(place, context, signal);
    return { ...ofFile, check: async (signal: AbortSignal) => void await seen?.again(signal) };
  }
  if (request.recursive) {
    const { bytes, files, truncated } = await measure(place, context, signal);
    const more = truncated ? "more than " : "";
    const value = `${more}${files.toLocaleString("en")} files, ${inBytes(bytes)}`;
    return {
      bytes,
      fields: [{ name: "everything in it", value }],
      check: async (signal: AbortSignal) => {
        const now = await measure(place, context, signal);
        const isSame = now.bytes === bytes && now.files === files && now.truncated === truncated;
        if (!isSame) throw changedMeanwhile(place.path);
      },
    };
  }
  const check = async (signal: AbortSignal) => {
    if ((await context.workspace.list(place, 1, signal)).length === 0) return;
    throw new CodedError(
      "file_exists",
      `The directory "${place.path}" is not empty.`,
      "Delete what is in it first, or say recursive: true.",
    );
  };
  await check(signal);
  return { bytes: 0, fields: [], check };
}

/** The root stays, and so does every directory that holds something of the program. */
async function refuseWhole(place: Place, context: FsContext): Promise<void> {
  const { root } = context.workspace;
  if (place.path !== root && !await context.paths.holdsKept(place.path)) return;
  throw new CodedError(
    "path_protected",
    `"${place.path}" itself can be neither moved nor deleted.`,
  );
}

function intoItself(place: Place, target: Place): CodedError {
  return new CodedError(
    "tool_arguments_invalid",
    `fs: argument "to": "${target.path}" lies in "${place.path}" itself, which cannot move there.`,
  );
}

function exists({ path, found }: Place): CodedError {
  return new CodedError("file_exists", `There is already a ${found?.kind} at "${path}".`);
}
