import type { Capability, ClamManifest } from "../domain/clam.ts";
import type { Json } from "../domain/json.ts";
import { canonicalJson, sha256Hex } from "../text/canonical_json.ts";

/** What of a manifest a lease binds: change any of it and the lease counts no more. */
export type LeasedManifest = Pick<
  ClamManifest,
  "declaredTools" | "capabilities" | "inputs" | "templates" | "secrets" | "limits"
>;

/** A program that makes calls, as a lease looks at it. One object per run. */
export interface CallingProgram {
  /** Of a kept clam. */
  readonly id?: string;
  readonly name: string;
  /** Lower-case hex SHA-256 of its script. */
  readonly sha256: string;
  readonly manifest: LeasedManifest;
}

/** A program's manifest, allowed as a whole: inside of it nothing is asked. */
export interface Lease {
  readonly id: string;
  /** The id of a kept clam; a draft has none yet, and is known by its script. */
  readonly clam?: string;
  readonly name: string;
  /** Lower-case hex SHA-256 of the script. */
  readonly sha256: string;
  /** Lower-case hex SHA-256 over the canonical JSON of the {@linkcode LeasedManifest}. */
  readonly manifest: string;
  /** What each declared tool was: `built-in`, or what identifies a tool that comes from elsewhere. */
  readonly pins: Readonly<Record<string, string>>;
  readonly rules: readonly Capability[];
  readonly secrets: readonly string[];
  readonly callsPerRun: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly expiresAt: number;
  /** Who gave it: the channel and the name by which they are known there. */
  readonly person: string;
  readonly source: "command" | "question";
  /** The conversation of the question. */
  readonly conversation?: string;
}

/** Finds what a tool is now; `undefined` when it does not exist any more. */
export type PinOf = (tool: string) => string | undefined;

/** The hash of what a lease binds of a manifest. */
export function hashManifest(manifest: LeasedManifest): Promise<string> {
  const { declaredTools, capabilities, inputs, templates, secrets, limits } = manifest;
  const bound = { declaredTools, capabilities, inputs, templates, secrets, limits };
  return sha256Hex(canonicalJson(JSON.parse(JSON.stringify(bound)) as Json));
}

/** The lease that counts for a program now, or why none does. */
export async function findLease(
  program: CallingProgram,
  leases: readonly Lease[],
  { pinOf, now }: { readonly pinOf: PinOf; readonly now: number },
): Promise<Lease | string> {
  const own = leases.filter(({ clam, sha256 }) =>
    sha256 === program.sha256 || (clam !== undefined && clam === program.id)
  );
  const manifest = await hashManifest(program.manifest);
  const problems = own.map((lease) => leaseProblem(lease, program, manifest, { pinOf, now }));
  const counting = own.find((_, index) => problems[index] === undefined);
  return counting ?? problems.at(-1) ?? "the program has no lease";
}

function leaseProblem(
  { id, sha256, manifest, pins, expiresAt }: Lease,
  program: CallingProgram,
  hash: string,
  { pinOf, now }: { readonly pinOf: PinOf; readonly now: number },
): string | undefined {
  if (expiresAt <= now) return `the lease ${id} has expired`;
  if (sha256 !== program.sha256) return `the script has changed since the lease ${id} was given`;
  if (manifest !== hash) return `the manifest has changed since the lease ${id} was given`;
  const changed = program.manifest.declaredTools.find((tool) => {
    const pin = Object.hasOwn(pins, tool) ? pins[tool] : undefined;
    return pin === undefined || pin !== pinOf(tool);
  });
  return changed === undefined
    ? undefined
    : `the tool ${changed} has changed since the lease ${id} was given`;
}
