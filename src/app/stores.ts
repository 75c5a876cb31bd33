import { type Grants, openGrants } from "../approvals/grants.ts";
import { type Leases, openLeases } from "../approvals/leases.ts";
import type { PathBase } from "../approvals/scopes.ts";
import { type Artefacts, openArtefacts } from "../artefacts/artefacts.ts";
import { createPictures, openUploads, type Pictures, type Uploads } from "../artefacts/uploads.ts";
import { type Audit, openAudit } from "../audit/audit.ts";
import { type Library, openLibrary } from "../clams/library.ts";
import { STARTERS } from "../clams/starters.ts";
import type { HomeLayout } from "../config/home.ts";
import type { Config } from "../config/schema.ts";
import { openPins, type Pins } from "../mcp/pins.ts";
import type { SocketPlace } from "../config/socket_place.ts";
import type { JobBook } from "../cron/job_book.ts";
import { type History, openHistory } from "../memory/history.ts";
import { type Memory, openMemory } from "../memory/memory.ts";
import { openSummedUp, type SummedUp } from "../memory/summed_up.ts";
import { createClock, createRandom } from "../platform/deno.ts";
import type { Clock, Files, Random, Terminal } from "../platform/platform.ts";
import type { Children } from "../platform/children.ts";
import type { Workers } from "../platform/workers.ts";
import type { ModelExchange } from "../domain/model_exchange.ts";
import type { Clean, Redactor } from "../domain/redacted.ts";
import { openUses, type Uses } from "../secrets/uses.ts";
import { type OfferedVariable, offeredVariables } from "../secrets/variables.ts";
import type { Vault } from "../secrets/vault.ts";
import { openRedactor } from "./redactor.ts";
import { writtenGrants } from "./given_grants.ts";
import { type Ledger, openLedger } from "../usage/ledger.ts";
import { openRuns, type Runs } from "../runs/runs.ts";
import { openPresence, type Presence } from "../sessions/presence.ts";
import { openSessions, type Sessions } from "../sessions/sessions.ts";
import { openVaultOf, type VaultSetting } from "./vault.ts";

// The half of the composition root that is on disk.

/** What the program was started with. */
export interface Setting extends VaultSetting {
  readonly layout: HomeLayout;
  readonly configPath: string;
  readonly config: Config;
  readonly environment: Readonly<Record<string, string>>;
  /** Values of the variables that `secrets.environment` lists, where they are set. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly terminal: Terminal;
  readonly workers: Workers;
  /** Starts the programs of MCP servers; none can be started where it is left out. */
  readonly children?: Children;
  /** Opens a directory of the home. */
  readonly openFiles: (path: string) => Files;
  /** Gets every question to a model with its answer. */
  readonly onExchange?: (exchange: Clean<ModelExchange>) => void;
  /** The vault, where it was opened already: what was unlocked in it stays so. */
  readonly vault?: Vault;
  /** The jobs of the home, in the process that keeps them; else they are reached when they are needed. */
  readonly jobs?: JobBook;
  /** Where a gateway of the home listens; for commands that talk to it. */
  readonly socket?: SocketPlace;
  /** The redactor over it, where there is one already. */
  readonly redactor?: Redactor;
}

/** Everything that is kept, and what it is kept with. Opening reads nothing. */
export interface Stores {
  readonly clock: Clock;
  readonly random: Random;
  readonly vault: Vault;
  readonly uses: Uses;
  /** Listed variables that are set, by name. */
  readonly variables: ReadonlyMap<string, OfferedVariable>;
  readonly redactor: Redactor;
  readonly state: Files;
  readonly base: PathBase;
  readonly grants: Grants;
  readonly leases: Leases;
  readonly audit: Audit;
  readonly library: Library;
  readonly sessions: Sessions;
  readonly artefacts: Artefacts;
  readonly uploads: Uploads;
  readonly pictures: Pictures;
  readonly memory: Memory;
  readonly history: History;
  readonly summedUp: SummedUp;
  readonly presence: Presence;
  readonly ledger: Ledger;
  readonly runs: Runs;
  /** What was approved of the tools of MCP servers. */
  readonly pins: Pins;
  /** Names of the MCP servers of the configuration. */
  readonly serverNames: readonly string[];
}

/** Opens every store of a home. */
export function openStores(setting: Setting): Stores {
  const { layout, config, openFiles } = setting;
  const clock = clockFor(setting);
  const random = createRandom();
  const state = openFiles(layout.state);
  const memoryFiles = openFiles(layout.memory);
  const index = { files: state, name: "history-index.sqlite" };
  const history = openHistory(memoryFiles, index, clock);
  const base: PathBase = {
    root: layout.files,
    beside: [layout.upload],
    userHome: userHome(setting),
  };
  const workspace = openFiles(layout.workspace);
  const artefacts = openArtefacts(state.under("artefacts"), clock, random);
  const uploads = openUploads(openFiles(layout.upload));
  const vault = setting.vault ?? openVaultOf(setting);
  const variables = offeredVariables(config.secrets.environment, setting.variables ?? {});
  const redactor = setting.redactor ?? openRedactor(config, variables, vault);
  const audit = openAudit(openFiles(layout.audit), clock);
  return {
    ledger: openLedger(openFiles(layout.usage), clock),
    clock,
    random,
    vault,
    uses: openUses(state, clock),
    variables,
    redactor,
    state,
    base,
    grants: openGrants(openFiles(layout.approvals), writtenGrants(config, base), clock, random),
    leases: openLeases(openFiles(layout.approvals), clock, random),
    audit,
    library: openLibrary({ workspace, state, clock, random, starters: STARTERS }),
    sessions: openSessions(openFiles(layout.sessions), clock),
    artefacts,
    uploads,
    pictures: createPictures({ artefacts, uploads }),
    runs: openRuns({
      ...{ clock, random, redactor, artefacts, audit },
      files: openFiles(layout.runs),
      secrets: openFiles(layout.secrets),
      keepDays: config.runs.keepDays,
      questionMs: config.agents.approvals.expireHours * 3_600_000,
    }),
    memory: openMemory(memoryFiles, clock, random),
    history,
    summedUp: openSummedUp(memoryFiles, history, clock),
    pins: openPins(openFiles(layout.approvals), clock),
    serverNames: Object.keys(config.tools.mcpServers),
    presence: openPresence(state.under("open"), clock),
  };
}

/** The clock of a home, in the person's zone. */
export function clockFor({ config, environment }: Pick<Setting, "config" | "environment">): Clock {
  const clock = createClock(environment.TZ);
  const { timezone } = config.agents.defaults;
  return timezone === undefined ? clock : { ...clock, zone: () => timezone };
}

function userHome({ environment }: Setting): string | undefined {
  return environment.HOME ?? environment.USERPROFILE;
}
