import { resolveRules } from "./capabilities.ts";
import type { JsonObject } from "../domain/json.ts";
import type { Clock, Files, Random } from "../platform/platform.ts";
import { openKeptList } from "./_kept_list.ts";
import { type CallingProgram, hashManifest, type Lease, type PinOf } from "./lease.ts";

/** What the person decides about a lease besides its program. */
export interface LeaseTerms {
  readonly forMs: number;
  readonly callsPerRun: number;
  readonly person: string;
  readonly source: Lease["source"];
  readonly conversation?: string;
}

/** All leases. */
export interface Leases {
  list(): Promise<readonly Lease[]>;
  /** A sentence for each that is not understood whole; it allows nothing. */
  dropped(): Promise<readonly string[]>;
  /**
   * Keeps a lease for a program as it is now.
   * @throws {Error} when one of its tools does not exist
   */
  give(program: CallingProgram, terms: LeaseTerms, pinOf: PinOf): Promise<Lease>;
  /** `false` when there is none with this id. */
  revoke(id: string): Promise<boolean>;
}

/**
 * Opens `leases.json` in `approvals/`.
 * @throws {Error} from its methods when the file does not parse; it is left as it is.
 */
export function openLeases(files: Files, clock: Clock, random: Random): Leases {
  const kept = openKeptList(files, "leases", readLease);
  return {
    list: kept.all,
    dropped: async () =>
      (await kept.strange()).map((one) =>
        `${files.path}/leases.json: the lease ${
          JSON.stringify(one)
        } is not understood whole, so it ` +
        "is dropped and allows nothing; give it anew."
      ),
    async give(program, { forMs, ...terms }, pinOf) {
      const createdAt = clock.now();
      const { manifest } = program;
      const lease: Lease = {
        id: random.id(),
        ...(program.id === undefined ? {} : { clam: program.id }),
        name: program.name,
        sha256: program.sha256,
        manifest: await hashManifest(manifest),
        pins: pinsOf(manifest.declaredTools, pinOf),
        rules: resolveRules(manifest.capabilities, manifest.inputs),
        secrets: manifest.secrets,
        ...terms,
        createdAt,
        expiresAt: createdAt + forMs,
      };
      await kept.add(lease);
      return lease;
    },
    revoke: kept.remove,
  };
}

function pinsOf(tools: readonly string[], pinOf: PinOf): Record<string, string> {
  return Object.fromEntries(tools.map((tool) => {
    const pin = pinOf(tool);
    if (pin === undefined) throw new Error(`There is no tool "${tool}" to be leased.`);
    return [tool, pin];
  }));
}

const TEXTS = ["id", "name", "sha256", "manifest", "person", "source"];
const NUMBERS = ["callsPerRun", "createdAt", "expiresAt"];
const KNOWN = [...TEXTS, ...NUMBERS, "clam", "conversation", "pins", "rules", "secrets"];

/** A kept lease; `undefined` when it is not understood whole. */
function readLease(one: JsonObject): Lease | undefined {
  const { clam, conversation, pins, rules, secrets, source } = one;
  const isText = (value: unknown) => typeof value === "string";
  const isUnderstood = Object.keys(one).every((name) => KNOWN.includes(name)) &&
    TEXTS.every((name) => isText(one[name])) &&
    NUMBERS.every((name) => Number.isFinite(one[name])) &&
    [clam, conversation].every((text) => text === undefined || isText(text)) &&
    (source === "command" || source === "question") &&
    typeof pins === "object" && pins !== null && Object.values(pins).every(isText) &&
    Array.isArray(secrets) && secrets.every(isText) &&
    Array.isArray(rules) && rules.every(isRule);
  return isUnderstood ? one as unknown as Lease : undefined;
}

function isRule(rule: unknown): boolean {
  const { method, constraints, max_calls } = (rule ?? {}) as Record<string, unknown>;
  return typeof method === "string" && Array.isArray(constraints) &&
    constraints.every((one) => typeof (one as { param?: unknown } | null)?.param === "string") &&
    (max_calls === undefined || Number.isInteger(max_calls));
}
