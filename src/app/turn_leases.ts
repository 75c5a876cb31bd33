import { findLeaseProblems } from "../approvals/lease_bounds.ts";
import { type CallingProgram, findLease, type Lease, type PinOf } from "../approvals/lease.ts";
import type { GatePorts } from "../approvals/gate_ports.ts";
import { openTurnLeases } from "../approvals/turn_leases.ts";
import type { Origin } from "../domain/message.ts";
import { selectTools, sinksOf } from "../tools/names.ts";
import type { House } from "./_house.ts";
import type { Setting, Stores } from "./stores.ts";

// Leases, put together with the tools that there are.

/** What each tool is that the person chose; all of them are built in. */
export function pinOfTools({ config }: Pick<Setting, "config">): PinOf {
  const names = selectTools(config.agents.defaults).map(({ name }) => name);
  return (tool) => names.includes(tool) ? "built-in" : undefined;
}

/** Why a program cannot be allowed as a whole; empty when it can. */
export function listLeaseProblems(
  { manifest }: CallingProgram,
  { base }: Pick<Stores, "base">,
  setting: Pick<Setting, "config">,
): string[] {
  const pinOf = pinOfTools(setting);
  const absent = manifest.declaredTools.filter((tool) => pinOf(tool) === undefined);
  return [
    ...absent.map((tool) => `the tool ${tool} is not there`),
    ...findLeaseProblems(manifest, { sinksOf, base }),
  ];
}

/** The lease by which a program would run now, or why it has none. */
export async function findLeaseOf(
  program: CallingProgram,
  { leases, clock }: Pick<Stores, "leases" | "clock">,
  setting: Pick<Setting, "config">,
): Promise<Lease | string> {
  const means = { pinOf: pinOfTools(setting), now: clock.now() };
  return await findLease(program, await leases.list(), means);
}

/** What the gate of a turn needs of leases. */
export function openLeasesOfTurn(
  turn: { readonly turn: string; readonly conversation: string; readonly origin: Origin },
  { stores, setting }: Pick<House, "stores" | "setting">,
): Required<Pick<GatePorts, "leases" | "onLease">> {
  return {
    leases: openTurnLeases({
      ...stores,
      sinksOf,
      pinOf: pinOfTools(setting),
      maxCalls: setting.config.agents.defaults.maxToolIterations,
      person: turn.origin,
    }),
    async onLease({ id, clam = null, name, sha256, expiresAt }) {
      const { origin: by, ...place } = turn;
      const given = { ...place, id, clam, name, sha256, expiresAt, by };
      await stores.audit.record("lease_given", stores.redactor.clean(given));
    },
  };
}
