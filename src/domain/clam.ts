import type { Json, JsonObject } from "./json.ts";

declare const clamId: unique symbol;

/** A clam's id: lower-case letters, digits, `-` and `_`; never made from text. */
export type ClamId = string & { readonly [clamId]: true };

/** One rule about one argument. All operators present must hold; unknown ones fail closed. */
export interface Constraint {
  /** Name of the argument; `a.b` reaches into objects. */
  readonly param: string;
  readonly is_in?: readonly Json[];
  readonly starts_with?: string;
  readonly "<="?: number;
  readonly ">="?: number;
}

/** What a clam may do with one tool. Field names are those of the file and of the model contract. */
export interface Capability {
  /** The tool's name. */
  readonly method: string;
  readonly constraints: readonly Constraint[];
  /** Calls per run that fit this rule; absent = only the run's own limit. */
  readonly max_calls?: number;
}

/** Whether every rule is for a declared tool: one that is misnamed would bound nothing. */
export function areOfDeclaredTools(
  capabilities: readonly Pick<Capability, "method">[],
  declaredTools: readonly string[],
): boolean {
  return capabilities.every(({ method }) => declaredTools.includes(method));
}

/** Limits that a clam sets for itself; they can only be tighter than the configuration's. */
export interface ClamLimits {
  /** CPU time of the script in milliseconds. */
  readonly timeoutMs?: number;
  /** Tool calls per run. */
  readonly maxCalls?: number;
}

/** Where a clam came from. */
export type ClamOrigin = "starter" | "generated" | "imported" | "person";

/** Everything about a clam but its script. On disk: `CLAM.md`, YAML front matter + text. */
export interface ClamManifest {
  /** Short name for people, in any script. */
  readonly name: string;
  readonly description: string;
  readonly language: string;
  /** Counts up from 1 with each promotion. */
  readonly version: number;
  /** Lower-case hex SHA-256 of the bytes of `run.js`. */
  readonly sha256: string;
  readonly declaredTools: readonly string[];
  /** Default inputs. */
  readonly inputs: JsonObject;
  /** JSON Schema of the inputs. */
  readonly inputSchema: JsonObject;
  /** JSON Schema that every result satisfies; without it nothing is promised. */
  readonly resultSchema?: JsonObject;
  readonly capabilities: readonly Capability[];
  readonly secrets: readonly string[];
  readonly limits: ClamLimits;
  /** Requests that this clam answers with its default inputs, as they were said. */
  readonly requests: readonly string[];
  /** Requests with typed slots: `price of {symbol:word}`. */
  readonly templates: readonly string[];
  readonly reusable: boolean;
  /**
   * The conversation from which its request got its meaning: no other leads to it. Absent: its
   * request says all by itself.
   */
  readonly conversation?: string;
  readonly origin: ClamOrigin;
  /** ISO 8601 time of the promotion. */
  readonly createdAt: string;
}

/** A kept clam: script and manifest belong together through the hash. */
export interface Clam {
  readonly id: ClamId;
  readonly manifest: ClamManifest;
  readonly script: string;
}

/** A clam that a model wrote and nobody has run yet. */
export interface Draft {
  readonly script: string;
  readonly manifest: Omit<ClamManifest, "version" | "sha256" | "createdAt" | "origin">;
}
