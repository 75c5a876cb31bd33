import type { Capability, Constraint } from "../domain/clam.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { Resource } from "../domain/tool_call.ts";
import { canonicalJson } from "../text/canonical_json.ts";
import { absolutePath, covers, isWithin, parseScope, type PathBase } from "./scopes.ts";

/** A call as the rules see it: the arguments that will run, and what they point at. */
export interface RuledCall {
  readonly tool: string;
  readonly args: JsonObject;
  readonly resources: readonly Resource[];
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
  { base, before }: RuleSurroundings,
): string | undefined {
  const rules = capabilities.filter((capability) => capability.method === call.tool);
  const problems = rules.map((rule) => {
    const unfit = constraintsProblem(rule, call, base);
    return unfit ?? countProblem(rule, call.tool, before, base);
  });
  if (problems.includes(undefined)) return undefined;
  const tired = rules.findIndex((rule) => constraintsProblem(rule, call, base) === undefined);
  return problems[Math.max(0, tired)];
}

/**
 * Rules with the inputs that they name: `{path}` alone as a value of `is_in`, or as `starts_with`,
 * means the input `path`; of a list of texts, each of them. A name that is no input is text as it is.
 */
export function resolveRules(
  capabilities: readonly Capability[],
  inputs: JsonObject,
): readonly Capability[] {
  return capabilities.map((rule) => ({
    ...rule,
    constraints: rule.constraints.map((constraint) => ({
      ...constraint,
      ...(Array.isArray(constraint.is_in)
        ? { is_in: constraint.is_in.flatMap((value) => resolveValue(value, inputs)) }
        : {}),
      ...(typeof constraint.starts_with === "string"
        ? { starts_with: firstText(resolveValue(constraint.starts_with, inputs)) }
        : {}),
    })),
  }));
}

function resolveValue(value: Json, inputs: JsonObject): readonly Json[] {
  const [, name] = typeof value === "string" ? /^\{(\w+)\}$/.exec(value) ?? [] : [];
  if (name === undefined || !Object.hasOwn(inputs, name)) return [value];
  const input = inputs[name] as Json;
  return Array.isArray(input) ? input : [input];
}

/** A beginning must be one text; a list of them begins nothing. */
function firstText(values: readonly Json[]): string {
  const [only] = values;
  return values.length === 1 && typeof only === "string" ? only : "\0";
}

/** What a call is held against besides the rules themselves. */
export interface RuleSurroundings {
  /** Where relative paths of the rules start. */
  readonly base: PathBase;
  /** Earlier calls of this run that passed their rules. */
  readonly before: readonly RuledCall[];
}

function countProblem(
  rule: Capability,
  tool: string,
  before: readonly RuledCall[],
  base: PathBase,
): string | undefined {
  if (rule.max_calls === undefined) return undefined;
  const made = before.filter((call) =>
    call.tool === tool && constraintsProblem(rule, call, base) === undefined
  );
  const times = rule.max_calls === 1 ? "once" : `${rule.max_calls} times`;
  return made.length < rule.max_calls ? undefined : `${tool} may be called so ${times} at most`;
}

function constraintsProblem(
  rule: Capability,
  call: RuledCall,
  base: PathBase,
): string | undefined {
  for (const constraint of rule.constraints) {
    const problem = constraintProblem(constraint, call, base);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function constraintProblem(
  constraint: Constraint,
  call: RuledCall,
  base: PathBase,
): string | undefined {
  const { param } = constraint;
  const value = valueAt(call.args, param);
  if (value === undefined) return `the argument "${param}" is missing`;
  const rules = Object.entries(constraint).filter(([key]) => key !== "param");
  if (rules.length === 0) return `the rule for "${param}" has no operator`;
  for (const [operator, limit] of rules) {
    if (!OPERATORS.includes(operator)) return `the operator "${operator}" is unknown`;
    const place = { resource: resourceOf(param, value, call, base), base };
    if (!holds(operator, value, limit as Json, place)) {
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
function resourceOf(
  param: string,
  value: Json,
  call: RuledCall,
  base: PathBase,
): Resource | undefined {
  if (typeof value !== "string") return undefined;
  if (param === "url") return call.resources.find((resource) => resource.kind === "url");
  if (!PATHS.includes(param)) return undefined;
  const path = absolutePath(value, base);
  return call.resources.find((resource) => resource.kind === "file" && resource.path === path);
}

/** Arguments that are paths. */
export const PATHS = ["path", "to"];

/** What an argument points at, if anything, and where relative paths start. */
interface Pointed {
  readonly resource: Resource | undefined;
  readonly base: PathBase;
}

function holds(operator: string, value: Json, limit: Json, pointed: Pointed): boolean {
  switch (operator) {
    case "is_in":
      return Array.isArray(limit) && limit.some((one) => isSame(one, value, pointed));
    case "starts_with":
      return typeof limit === "string" && typeof value === "string" &&
        startsWith(value, limit, pointed);
    case "<=":
      return typeof value === "number" && typeof limit === "number" && value <= limit;
    case ">=":
      return typeof value === "number" && typeof limit === "number" && value >= limit;
    default:
      return false;
  }
}

function isSame(allowed: Json, value: Json, { resource, base }: Pointed): boolean {
  if (typeof allowed === "string" && resource?.kind === "url") {
    const scope = parseScope(`exact:${resource.method}:${allowed}`, base);
    return scope !== undefined && covers(scope, resource);
  }
  if (typeof allowed === "string" && resource?.kind === "file") {
    return absolutePath(allowed, base) === resource.path;
  }
  return canonicalJson(allowed) === canonicalJson(value);
}

/** Addresses by origin and whole path segments, paths by whole segments, other text by letters. */
function startsWith(value: string, prefix: string, { resource, base }: Pointed): boolean {
  if (resource?.kind === "url") {
    const scope = parseScope(`path:${prefix}`, base);
    return scope !== undefined && covers(scope, resource);
  }
  if (resource?.kind === "file") {
    return isWithin(resource.path, absolutePath(prefix, base));
  }
  return value.startsWith(prefix);
}
