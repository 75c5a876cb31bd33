import type { Capability, Constraint } from "../domain/clam.ts";
import type { JsonObject } from "../domain/json.ts";
import type { Resource } from "../domain/tool_call.ts";
import { findViolation, PATHS, type RuledCall } from "./capabilities.ts";
import type { CallingProgram, Lease } from "./lease.ts";
import { absolutePath, isWithin, parseScope, type PathBase } from "./scopes.ts";

/** Arguments of a tool that say what a call reaches; see `ToolFacts.sinks`. */
export type SinksOf = (tool: string) => readonly string[] | undefined;

/** What bounds are read with. */
export interface BoundPorts {
  readonly sinksOf: SinksOf;
  readonly base: PathBase;
}

/**
 * Why a program cannot be allowed as a whole: each sink of each tool must be bounded in every rule.
 * Empty when it can.
 */
export function findLeaseProblems(
  { declaredTools, capabilities }: CallingProgram["manifest"],
  { sinksOf, base }: BoundPorts,
): string[] {
  return declaredTools.flatMap((tool) => {
    const sinks = sinksOf(tool);
    if (!sinks) return [`${tool} does not say what its calls reach`];
    const needed = sinks.filter((sink) => !isSometimes(sink));
    if (needed.length === 0) return [];
    const rules = capabilities.filter(({ method }) => method === tool);
    if (rules.length === 0) return [`no rule bounds ${needed.join(" and ")} of ${tool}`];
    return rules.flatMap((rule) =>
      needed.filter((sink) => !isBounded(rule, sink, base)).map((sink) =>
        `a rule for ${tool} does not bound ${sink}`
      )
    );
  });
}

/** Calls of a run so far that passed by its lease. */
export type LeasedCalls = readonly RuledCall[];

/** Why a call lies outside of a lease; `undefined` when it lies inside, whole. */
export function findOutside(
  lease: Lease,
  call: RuledCall,
  { sinksOf, base, before }: BoundPorts & { readonly before: LeasedCalls },
): string | undefined {
  if (!Object.hasOwn(lease.pins, call.tool)) return `the lease does not name the tool ${call.tool}`;
  if (before.length >= lease.callsPerRun) {
    return `the lease allows ${lease.callsPerRun} calls in a run`;
  }
  const sinks = sinksOf(call.tool);
  if (!sinks) return `${call.tool} does not say what its calls reach`;
  const missing = sinks.find((sink) => !isSometimes(sink) && !Object.hasOwn(call.args, sink));
  if (missing !== undefined) return `the call does not say its ${missing}`;
  const there = sinks.map(nameOf).filter((sink) => Object.hasOwn(call.args, sink));
  const loose = call.resources.find((resource) =>
    !isNamed(resource, there, call.args, lease, base)
  );
  if (loose) return "the call reaches something that its arguments do not say";
  const whole = call.resources.some((one) => one.kind === "file" && one.whole);
  const own = lease.rules.filter(({ method }) => method === call.tool);
  if (sinks.length === 0 && own.length === 0) return undefined; // it reaches nothing
  const rules = own.filter((rule) => there.every((sink) => isBounded(rule, sink, base, whole)));
  if (rules.length === 0) return `no rule of the lease bounds such a call of ${call.tool}`;
  return findViolation(rules, call, { base, before });
}

const isSometimes = (sink: string) => sink.endsWith("?");
const nameOf = (sink: string) => sink.replace(/\?$/, "");

/** Whether a rule leaves only what the person can see listed: places, names or a highest amount. */
function isBounded(rule: Capability, sink: string, base: PathBase, whole = false): boolean {
  return rule.constraints.some((constraint) =>
    constraint.param === sink && bounds(constraint, sink, base, whole)
  );
}

function bounds(constraint: Constraint, sink: string, base: PathBase, whole: boolean): boolean {
  const { is_in, starts_with } = constraint;
  const isPath = PATHS.includes(sink);
  // one folder by its name is not all that lies in it
  if (Array.isArray(is_in) && is_in.length > 0 && !(isPath && whole)) return true;
  if (typeof constraint["<="] === "number") return true;
  if (typeof starts_with !== "string") return false;
  if (sink === "url") return parseScope(`path:${starts_with}`, base) !== undefined;
  return isPath && isFolder(starts_with, base);
}

/** A folder that holds the workspace and more bounds nothing. */
function isFolder(path: string, base: PathBase): boolean {
  const folder = absolutePath(path, base);
  return path !== "" && (folder === base.root || !isWithin(base.root, folder));
}

/** Whether a thing is one that the arguments name, so that the rules look at it. */
function isNamed(
  resource: Resource,
  sinks: readonly string[],
  args: JsonObject,
  { secrets }: Lease,
  base: PathBase,
): boolean {
  switch (resource.kind) {
    case "url":
      return sinks.includes("url") && args["url"] === resource.url;
    case "file":
      return sinks.some((sink) => {
        const path = PATHS.includes(sink) ? args[sink] : undefined;
        return typeof path === "string" && absolutePath(path, base) === resource.path;
      });
    case "secret":
      return secrets.includes(resource.name);
    case "memory":
    case "schedule":
      return sinks.length > 0;
    case "server":
    case "plain":
      return true;
  }
}
