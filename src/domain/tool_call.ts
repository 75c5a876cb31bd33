import type { FailureCode } from "./failure.ts";
import type { JsonObject } from "./json.ts";

/** What a call does to the world. Only `none` may pass the gate without a question by default. */
export type Effect = "none" | "read" | "write" | "outward";

/** The thing a call touches; scopes are written against it. */
export type Resource =
  /** `path` is absolute and resolved; `root` is the workspace root that the tool works in. */
  | {
    readonly kind: "file";
    readonly operation: string;
    readonly path: string;
    readonly root: string;
    /** The call touches everything in this directory, at every depth. */
    readonly whole?: boolean;
  }
  /** `internal`: an address of the person's own network that the configuration opened by name. */
  | {
    readonly kind: "url";
    readonly method: string;
    readonly url: string;
    readonly internal?: boolean;
  }
  /** A secret, by the name under which it is kept. */
  | { readonly kind: "secret"; readonly name: string }
  /** What is known about the person. */
  | { readonly kind: "memory"; readonly action: string }
  /** The schedule; `job` is what a call works on, where it names one. */
  | { readonly kind: "schedule"; readonly action: string; readonly job?: string }
  /** A tool of an MCP server, and the call itself as its fingerprint. */
  | {
    readonly kind: "server";
    readonly server: string;
    readonly tool: string;
    readonly call: string;
  }
  /** Anything else: only `*` can be granted. */
  | { readonly kind: "plain" };

/** A call as the program made it: the tool's name and the parsed arguments of its exact text. */
export interface ToolCall {
  /** Number of the call in its run, from 1. */
  readonly id: number;
  readonly tool: string;
  readonly args: JsonObject;
}

/** How the gate came to its answer. */
export type Decision =
  /** The call has no effect that needs a question. */
  | "not_required"
  /** A standing grant of the configuration, the grant file or the command line. */
  | "granted"
  /** A grant that holds for this turn only. */
  | "turn"
  | "once"
  | "always"
  /** It lies inside the lease of its program. */
  | "lease"
  /** The person said no. */
  | "denied"
  /** Nobody could be asked. */
  | "unasked"
  /** The call never reached the gate (undeclared, invalid, outside its capabilities). */
  | "refused"
  /** Answered from the journal: nothing was done again. */
  | "journal";

/** A further place that a call came to, such as the next hop of a redirect, and who allowed it. */
export interface FurtherPlace {
  /** `GET https://…`, or the operation and path of a file. */
  readonly to: string;
  /** `refused`: outside of the clam's capabilities. */
  readonly decision: Decision;
  readonly scope?: string;
}

/** What a call with an effect did, or began to do: none stands in the account of others. */
export interface Deed {
  readonly effect: Exclude<Effect, "none">;
  readonly kind: Resource["kind"];
  /** The method of a request, the operation on a file, the action on what is kept. */
  readonly operation: string;
  /** `POST https://…`, `write /…/notes.md`; empty for what has no place. */
  readonly to: string;
  /** ISO 8601, UTC: when it was allowed. */
  readonly allowedAt: string;
}

/** One line of a run's account: what was called, who allowed it, how it ended. */
export interface CallRecord {
  readonly tool: string;
  readonly args: JsonObject;
  readonly decision: Decision;
  readonly scope?: string;
  /** Places that it came to on its way, in order. */
  readonly also?: readonly FurtherPlace[];
  readonly deed?: Deed;
  readonly outcome: "ok" | FailureCode;
  /** What the program of a clam did that was used by the call. */
  readonly calls?: readonly CallRecord[];
}

/** Every call of an account, those too that were done by the clams that it used. */
export function allCalls(records: readonly CallRecord[]): readonly CallRecord[] {
  return records.flatMap(({ calls = [], ...own }) => [own, ...allCalls(calls)]);
}
