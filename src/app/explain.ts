import { findViolation, resolveRules, type RuledCall } from "../approvals/capabilities.ts";
import { explainGate, type Explanation } from "../approvals/explain.ts";
import { findLease } from "../approvals/lease.ts";
import { findOutside } from "../approvals/lease_bounds.ts";
import type { Clam } from "../domain/clam.ts";
import { CodedError } from "../domain/failure.ts";
import type { JsonObject } from "../domain/json.ts";
import type { Effect, Resource } from "../domain/tool_call.ts";
import { complainOfUnknown, sinksOf } from "../tools/names.ts";
import type { Prepared } from "../tools/tool.ts";
import { buildTools } from "./app.ts";
import { pinOfTools } from "./turn_leases.ts";
import type { Setting, Stores } from "./stores.ts";

/** A call that is looked at and not done. */
export interface SupposedCall {
  readonly tool: string;
  readonly args: JsonObject;
  /** The program that would make it; else a script of the person's own. */
  readonly clam?: Clam;
}

/** What would become of a call, and the call as it would run. */
export interface ExplainedCall extends Explanation {
  readonly tool: string;
  readonly args: JsonObject;
  readonly effect: Effect;
  readonly resources: readonly Resource[];
}

/**
 * Says which rule a call would pass by and why, or which grants would do. The call is read as a
 * program's would be; nothing is done, and nobody is asked.
 * @throws {CodedError} `unknown_tool`, or as the tool reads its arguments
 */
export async function explainCall(
  { tool: name, args, clam }: SupposedCall,
  stores: Stores,
  setting: Setting,
): Promise<ExplainedCall> {
  const prepared = await prepare(name, args, clam, stores, setting);
  const resources = [prepared.resource, ...prepared.also ?? []] as const;
  const call = { tool: name, effect: prepared.effect, resources };
  const { approvals: policy } = setting.config.agents;
  const standing = await stores.grants.list();
  const rules = { policy, standing, base: stores.base, now: stores.clock.now() };
  const ruled = { tool: name, args: prepared.args, resources };
  const forbidden = clam && ownRulesAgainst(clam, ruled, stores);
  const explained = forbidden ?? explainGate(call, rules);
  const whole = { ...call, args: prepared.args, ...explained };
  const isOpen = !forbidden && explained.decision !== "not_required" && policy.enabled;
  if (!clam || !isOpen) return whole;
  const leased = await explainLease(clam, ruled, stores, setting);
  return "unleased" in leased ? { ...whole, ...leased } : behindLease(whole, leased);
}

/** The grant that would have done decides nothing where a lease does. */
function behindLease(
  { rule, ...explained }: ExplainedCall,
  leased: Omit<Explanation, "passedOver">,
): ExplainedCall {
  const why = "the lease comes first";
  const passedOver = [...rule ? [{ rule, why }] : [], ...explained.passedOver];
  return { ...explained, ...leased, passedOver };
}

/** A lease is looked at before any grant. */
async function explainLease(
  { id, manifest }: Clam,
  call: RuledCall,
  { leases, clock, base }: Stores,
  setting: Setting,
): Promise<{ readonly unleased: string } | Omit<Explanation, "passedOver">> {
  const program = { id, name: manifest.name, sha256: manifest.sha256, manifest };
  const means = { pinOf: pinOfTools(setting), now: clock.now() };
  const lease = await findLease(program, await leases.list(), means);
  if (typeof lease === "string") return { unleased: lease };
  const outside = findOutside(lease, call, { sinksOf, base, before: [] });
  if (outside !== undefined) return { unleased: outside };
  const reason = `It passes: it lies inside the lease ${lease.id} of the clam ${id}.`;
  return { decision: "lease", reason, lease: lease.id, grants: [] };
}

async function prepare(
  name: string,
  args: JsonObject,
  clam: Clam | undefined,
  stores: Stores,
  setting: Setting,
): Promise<Prepared> {
  const [unknown] = complainOfUnknown([name]);
  const tool = (await buildTools(stores, setting)).tools.find((one) => one.name === name);
  if (!tool) {
    throw new CodedError("unknown_tool", unknown ?? `The tool ${name} is switched off.`);
  }
  const program = clam && { id: clam.id, name: clam.manifest.name, secrets: clam.manifest.secrets };
  const context = {
    turnId: "",
    conversation: "",
    mainModel: () => {
      throw new CodedError("no_model", "Nothing is asked while a call is explained.");
    },
    ...(program ? { program } : {}),
  };
  return await tool.prepare(args, context, new AbortController().signal);
}

function ownRulesAgainst(
  { id, manifest: { declaredTools, capabilities, inputs } }: Clam,
  call: RuledCall,
  { base }: Stores,
): Explanation | undefined {
  const refused = (reason: string) =>
    ({ decision: "refused", reason, passedOver: [], grants: [] }) as const;
  if (!declaredTools.includes(call.tool)) {
    return refused(`The clam ${id} does not declare the tool ${call.tool}.`);
  }
  const violation = findViolation(resolveRules(capabilities, inputs), call, { base, before: [] });
  return violation === undefined
    ? undefined
    : refused(`It is outside what the clam ${id} may do: ${violation}.`);
}
