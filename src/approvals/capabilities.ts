import { resolve } from "node:path";
import type { Capability, Constraint } from "../domain/clam.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { Resource } from "../domain/tool_call.ts";
import { canonicalJson } from "../text/canonical_json.ts";
import { covers, isWithin, parseScope } from "./scopes.ts";

/** A call as the rules see it: the arguments that will run, and what they point at. */
export interface RuledCall {
  readonly tool: string;
  readonly args: JsonObject;
  readonly resources: readonly Resource[];
  /** Calls of this tool that this run already made. */
  readonly before: number;
}

const OPERATORS = ["is_in", "starts_with", "<=", ">="];

/**
 * Holds a call against the capabilities of its clam. A tool without a rule is bounded by the gate
 * alone; one with rules must fit at least one of them. Missing arguments and unknown operators
 * fail closed.
 * @returns the first reason why no rule fits, or `undefined` when the call may go on
 */
export function findViolation(
  capabilities: readonly Capability[],
  call: RuledCall,
): string | undefined {
  const rules = capabilities.filter((capability) => capability.method === call.tool);
  const problems = rules.map((rule) => violation(rule, call));
  return problems.includes(undefined) ? undefined : problems[0];
}

function violation(rule: Capability, call: RuledCall): string | undefined {
  if (rule.max_calls !== undefined && call.before >= rule.max_calls) {
    return `${call.tool} may be called at most ${rule.max_calls} times`;
  }
  for (const constraint of rule.constraints) {
    const problem = constraintProblem(constraint, call);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function constraintProblem(constraint: Constraint, call: RuledCall): string | undefined {
  const { param } = constraint;
  const value = valueAt(call.args, param);
  if (value === undefined) return `the argument "${param}" is missing`;
  const rules = Object.entries(constraint).filter(([key]) => key !== "param");
  if (rules.length === 0) return `the rule for "${param}" has no operator`;
  for (const [operator, limit] of rules) {
    if (!OPERATORS.includes(operator)) return `the operator "${operator}" is unknown`;
    if (!holds(operator, value, limit as Json, resourceOf(param, value, call))) {
      return `"${param}" must be ${operator} ${JSON.stringify(limit)}`;
    }
  }
  return undefined;
}

function valueAt(args: JsonObject, param: string): Json | undefined {
  let value: Json | undefined = args;
  for (const key of param.split(".")) {
    if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
    value = Object.hasOwn(value, key) ? (value as JsonObject)[key] : undefined;
    if (value === undefined) return undefined;
  }
  return value;
}

/** The address or path that an argument means, so that it is compared parsed and resolved. */
function resourceOf(param: string, value: Json, call: RuledCall): Resource | undefined {
  if (typeof value !== "string") return undefined;
  if (param === "url") return call.resources.find((resource) => resource.kind === "url");
  return call.resources.find((resource) =>
    resource.kind === "file" && resolve(resource.root, value) === resource.path
  );
}

function holds(operator: string, value: Json, limit: Json, resource?: Resource): boolean {
  switch (operator) {
    case "is_in":
      return Array.isArray(limit) && limit.some((one) => isSame(one, value, resource));
    case "starts_with":
      return typeof limit === "string" && typeof value === "string" &&
        startsWith(value, limit, resource);
    case "<=":
      return typeof value === "number" && typeof limit === "number" && value <= limit;
    case ">=":
      return typeof value === "number" && typeof limit === "number" && value >= limit;
    default:
      return false;
  }
}

function isSame(allowed: Json, value: Json, resource: Resource | undefined): boolean {
  if (typeof allowed === "string" && resource?.kind === "url") {
    const scope = parseScope(`exact:${resource.method}:${allowed}`, NO_BASE);
    return scope !== undefined && covers(scope, resource);
  }
  if (typeof allowed === "string" && resource?.kind === "file") {
    return resolve(resource.root, allowed) === resource.path;
  }
  return canonicalJson(allowed) === canonicalJson(value);
}

/** Addresses by origin and whole path segments, paths by whole segments, other text by letters. */
function startsWith(value: string, prefix: string, resource: Resource | undefined): boolean {
  if (resource?.kind === "url") {
    const scope = parseScope(`path:${prefix}`, NO_BASE);
    return scope !== undefined && covers(scope, resource);
  }
  if (resource?.kind === "file") {
    return isWithin(resource.path, resolve(resource.root, prefix));
  }
  return value.startsWith(prefix);
}

const NO_BASE = { root: "/", userHome: undefined };
