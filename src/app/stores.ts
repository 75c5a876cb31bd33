import type { Approver } from "../approvals/approver.ts";
import {
  type Grants,
  openGrants,
  parseGrant,
  parseSpan,
  type StandingGrant,
} from "../approvals/grants.ts";
import { parseScope, type PathBase } from "../approvals/scopes.ts";
import { type Artefacts, openArtefacts } from "../artefacts/artefacts.ts";
import { type Audit, openAudit } from "../audit/audit.ts";
import { type Library, openLibrary } from "../clams/library.ts";
import { STARTERS } from "../clams/starters.ts";
import type { HomeLayout } from "../config/home.ts";
import type { Config } from "../config/schema.ts";
import { CodedError } from "../domain/failure.ts";
import { type History, openHistory } from "../memory/history.ts";
import { type Memory, openMemory } from "../memory/memory.ts";
import { createClock, createRandom } from "../platform/deno.ts";
import { openFiles, realPathOf } from "../platform/files.ts";
import type { Clock, Files, Random, Terminal } from "../platform/platform.ts";
import { createRedactor, type Redactor } from "../secrets/redactor.ts";
import { complainOfScope, complainOfUnknown } from "../tools/names.ts";
import { type Ledger, openLedger } from "../usage/ledger.ts";
import { openSessions, type Sessions } from "../sessions/sessions.ts";

// The half of the composition root that is on disk.

/** What the program was started with. */
export interface Setting {
  readonly layout: HomeLayout;
  readonly configPath: string;
  readonly config: Config;
  readonly environment: Readonly<Record<string, string>>;
  readonly terminal: Terminal;
}

/** What one command wants otherwise than the configuration. */
export interface AppOptions {
  /** Grants of the command line, `TOOL:SCOPE`. */
  readonly grants?: readonly string[] | undefined;
  /** How long these count, such as `7d`; as long as the command when left out. */
  readonly expires?: string | undefined;
  /** The command answers once and ends. */
  readonly once?: boolean;
  /** Computing time of a program in seconds. */
  readonly timeout?: number | undefined;
  /** Asks in place of the terminal. */
  readonly approver?: Approver;
  /** Wraps a question at the terminal, so that a progress line can go out of its way. */
  readonly around?: <T>(question: () => Promise<T>) => Promise<T>;
  readonly onProgress?: (phase: string) => void;
  /** Pieces of a chat answer as they arrive. */
  readonly onText?: (piece: string) => void;
}

/** Everything that is kept, and what it is kept with. Opening reads nothing. */
export interface Stores {
  readonly clock: Clock;
  readonly random: Random;
  readonly redactor: Redactor;
  readonly state: Files;
  readonly base: PathBase;
  readonly grants: Grants;
  readonly audit: Audit;
  readonly library: Library;
  readonly sessions: Sessions;
  readonly artefacts: Artefacts;
  readonly memory: Memory;
  readonly history: History;
  readonly ledger: Ledger;
}

/** Opens every store of a home. */
export function openStores(setting: Setting, options: AppOptions = {}): Stores {
  const { layout, config } = setting;
  const clock = clockFor(setting);
  const random = createRandom();
  const state = openFiles(layout.state);
  const memoryFiles = openFiles(layout.memory);
  const base: PathBase = {
    root: layout.files,
    beside: [layout.upload],
    userHome: userHome(setting),
  };
  const fixed = [...writtenGrants(config, base), ...typedGrants(options, base, clock)];
  const workspace = openFiles(layout.workspace);
  return {
    ledger: openLedger(openFiles(layout.usage), clock),
    clock,
    random,
    redactor: createRedactor(secretsOf(config)),
    state,
    base,
    grants: openGrants(openFiles(layout.approvals), fixed, clock, random),
    audit: openAudit(openFiles(layout.audit), clock),
    library: openLibrary({ workspace, state, clock, random, starters: STARTERS }),
    sessions: openSessions(openFiles(layout.sessions), clock),
    artefacts: openArtefacts(state.under("artefacts"), clock, random),
    memory: openMemory(memoryFiles, clock, random),
    history: openHistory(memoryFiles, { files: state, name: "history-index.sqlite" }, clock),
  };
}

function clockFor({ config, environment }: Setting): Clock {
  const clock = createClock(environment.TZ);
  const { timezone } = config.agents.defaults;
  return timezone === undefined ? clock : { ...clock, zone: () => timezone };
}

function userHome({ environment }: Setting): string | undefined {
  return environment.HOME ?? environment.USERPROFILE;
}

/** Grants of the configuration, read before anything starts. */
function writtenGrants(config: Config, base: PathBase): StandingGrant[] {
  return config.agents.approvals.alwaysGrants.map(({ tool, scope, effect, expiresAt }) => ({
    ...readGrant(`${tool}:${scope}`, base, "config_invalid"),
    ...(effect === undefined ? {} : { effect }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    source: "config",
  }));
}

/** Grants of the command line. */
function typedGrants({ grants = [], expires }: AppOptions, base: PathBase, clock: Clock) {
  const span = expires === undefined ? undefined : readExpires(expires, grants);
  return grants.map((text): StandingGrant => ({
    ...readTypedGrant(text, base),
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
function readTypedGrant(text: string, base: PathBase) {
  const grant = readGrant(text, base, "usage");
  const problem = complainOfUnknown([grant.tool])[0] ?? complainOfScope(grant.tool, grant.scope);
  if (problem !== undefined) throw new CodedError("usage", `--grant ${text}: ${problem}`);
  return grant;
}

/** Every value of the configuration that must never be shown. */
function secretsOf(config: Config): string[] {
  const keys = Object.values(config.providers).flatMap((provider) =>
    "apiKey" in provider ? [provider.apiKey, ...Object.values(provider.extraHeaders ?? {})] : []
  );
  return [...keys, config.channels.telegram.token];
}
