import { parseGrant, parseSpan, type StandingGrant } from "../approvals/grants.ts";
import { parseScope, type PathBase } from "../approvals/scopes.ts";
import type { Config } from "../config/schema.ts";
import { CodedError } from "../domain/failure.ts";
import { realPathOf } from "../platform/files.ts";
import type { Clock } from "../platform/platform.ts";
import { complainOfScope, complainOfUnknown, TOOLS } from "../tools/names.ts";

// Grants that nobody is asked for: those of the configuration, and those of one command.

/**
 * Grants of the configuration.
 * @throws {CodedError} `config_invalid`
 */
export function writtenGrants(config: Config, base: PathBase): StandingGrant[] {
  return config.agents.approvals.alwaysGrants.map(({ tool, scope, effect, expiresAt }) => ({
    ...readGrant(`${tool}:${scope}`, base, "config_invalid"),
    ...(effect === undefined ? {} : { effect }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    source: "config",
  }));
}

/** What a command says of grants. */
export interface TypedGrants {
  /** `TOOL:SCOPE`, as often as it is given. */
  readonly grant?: readonly string[] | undefined;
  /** How long they count, such as `7d`; as long as the command when left out. */
  readonly expires?: string | undefined;
}

/**
 * Grants of the command line.
 * @throws {CodedError} `usage`
 */
export function typedGrants(
  { grant = [], expires }: TypedGrants,
  { base, clock, serverNames }: {
    readonly base: PathBase;
    readonly clock: Clock;
    readonly serverNames: readonly string[];
  },
): StandingGrant[] {
  const span = expires === undefined ? undefined : readExpires(expires, grant);
  return grant.map((text): StandingGrant => ({
    ...readTypedGrant(text, base, serverNames),
    ...(span === undefined ? {} : { expiresAt: clock.now() + span }),
    source: "command line",
  }));
}

function readExpires(text: string, grants: readonly string[]): number {
  const span = parseSpan(text);
  if (span === undefined) {
    const message = `--expires ${text}: this is no span of time.`;
    throw new CodedError("usage", message, "Write 30m, 12h, 7d or 2w.");
  }
  if (grants.length > 0) return span;
  throw new CodedError("usage", "--expires goes with --grant only.");
}

function readGrant(text: string, base: PathBase, code: "config_invalid" | "usage") {
  const grant = parseGrant(text, base);
  if (typeof grant === "string") throw new CodedError(code, grant);
  const scope = parseScope(grant.scope, base);
  // the file tool compares real paths, so what the person wrote by way of a link is followed once
  return scope?.kind === "file" || scope?.kind === "dir"
    ? { ...grant, scope: `${scope.kind}:${realPathOf(scope.path)}` }
    : grant;
}

/** A grant that can allow nothing was meant for another. */
function readTypedGrant(text: string, base: PathBase, servers: readonly string[]) {
  const grant = readGrant(text, base, "usage");
  const problem = complainOfUnknown([grant.tool], TOOLS, servers)[0] ??
    complainOfScope(grant.tool, grant.scope);
  if (problem !== undefined) throw new CodedError("usage", `--grant ${text}: ${problem}`);
  return grant;
}
