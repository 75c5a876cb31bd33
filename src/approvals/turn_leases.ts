import { resolveRules, type RuledCall } from "./capabilities.ts";
import type { Clock } from "../platform/platform.ts";
import { type CallingProgram, findLease, type Lease, type PinOf } from "./lease.ts";
import { type BoundPorts, findLeaseProblems, findOutside } from "./lease_bounds.ts";
import type { Leases } from "./leases.ts";

/** Milliseconds that a lease counts where nothing else is said. */
export const LEASE_MS = 90 * 86_400_000;

/** Leases as the gate of one turn asks for them. */
export interface TurnLeases {
  /**
   * The lease inside of which the call lies, and which it uses up by one; else why there is none.
   * `isFurther`: it is a further place of a call that was counted already.
   */
  take(program: CallingProgram, call: RuledCall, isFurther: boolean): Promise<Lease | string>;
  /** A call of the same run that was allowed before, in another process. */
  count(program: CallingProgram, call: RuledCall): void;
  /** What would be allowed as a whole; `undefined` when this program or this call cannot be. */
  offer(program: CallingProgram, call: RuledCall): LeaseOffer | undefined;
  /** Keeps what was offered, and counts the call for it. */
  give(offer: LeaseOffer, call: RuledCall, conversation: string): Promise<Lease>;
  /** Takes one away again. */
  revoke(id: string): Promise<boolean>;
}

/** A program that may be allowed as a whole. */
export interface LeaseOffer {
  readonly program: CallingProgram;
  readonly callsPerRun: number;
  readonly forMs: number;
}

/** Means of asking for leases. */
export interface TurnLeasePorts extends BoundPorts {
  readonly leases: Leases;
  readonly pinOf: PinOf;
  readonly clock: Clock;
  /** Tool calls that any run may make. */
  readonly maxCalls: number;
  /** Who is asked in this turn, as the lease will name them. */
  readonly person: string;
}

/** Opens the leases of one turn. Each run's calls are counted by its program, one object per run. */
export function openTurnLeases(ports: TurnLeasePorts): TurnLeases {
  const counted = new WeakMap<CallingProgram, RuledCall[]>();
  const callsOf = (program: CallingProgram) => {
    const calls = counted.get(program) ?? [];
    counted.set(program, calls);
    return calls;
  };
  return {
    revoke: (id) => ports.leases.revoke(id),
    async take(program, call, isFurther) {
      const now = ports.clock.now();
      const lease = await findLease(program, await ports.leases.list(), { ...ports, now });
      if (typeof lease === "string") return lease;
      // nothing is awaited from here on, so that calls at once are counted one by one
      const before = callsOf(program);
      const outside = findOutside(lease, call, { ...ports, before: isFurther ? [] : before });
      if (outside !== undefined) return outside;
      if (!isFurther) before.push(call);
      return lease;
    },
    count: (program, call) => void callsOf(program).push(call),
    offer(program, call) {
      const { sinksOf, base } = ports;
      if (findLeaseProblems(program.manifest, { sinksOf, base }).length > 0) return undefined;
      if (program.manifest.declaredTools.some((tool) => ports.pinOf(tool) === undefined)) return;
      const callsPerRun = callsPerRunOf(program, ports.maxCalls);
      const supposed = supposedLease(program, callsPerRun);
      const outside = findOutside(supposed, call, { ...ports, before: callsOf(program) });
      return outside === undefined ? { program, callsPerRun, forMs: LEASE_MS } : undefined;
    },
    async give({ program, callsPerRun, forMs }, call, conversation) {
      const { person } = ports;
      const lease = await ports.leases.give(program, {
        ...{ forMs, callsPerRun, person, source: "question", conversation },
      }, ports.pinOf);
      callsOf(program).push(call);
      return lease;
    },
  };
}

/** Calls that a lease allows in one run: what the program says itself, else what any run may make. */
export function callsPerRunOf({ manifest }: CallingProgram, maxCalls: number): number {
  return Math.min(manifest.limits.maxCalls ?? maxCalls, maxCalls);
}

/** What a lease would say if it were given; only what bounds are read from. */
function supposedLease({ manifest, name, sha256 }: CallingProgram, callsPerRun: number): Lease {
  return {
    ...{ id: "", name, sha256, manifest: "", createdAt: 0, expiresAt: 0, person: "" },
    source: "question",
    pins: Object.fromEntries(manifest.declaredTools.map((tool) => [tool, ""])),
    rules: resolveRules(manifest.capabilities, manifest.inputs),
    secrets: manifest.secrets,
    callsPerRun,
  };
}
