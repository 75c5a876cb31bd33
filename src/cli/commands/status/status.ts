import type { Command } from "@commander-js/extra-typings";
import type { Json, JsonObject } from "../../../domain/json.ts";
import { escapeLine } from "../../../text/escape.ts";
import type { CliContext, End, ExitCode } from "../../context.ts";
import { listDoubts } from "../../doubts.ts";
import { type OpenRuns, readOpenRuns } from "../../open_runs.ts";
import { formatTable } from "../../print.ts";
import { type CheckRow, checkRows, readinessRows } from "../../readiness.ts";
import { findStanding, standingJson, standingRows } from "../../standing.ts";
import { findStopped } from "../../stop.ts";

interface StatusOptions {
  readonly check?: true | undefined;
  readonly permissions?: true | undefined;
  readonly try?: true | undefined;
  readonly json?: true | undefined;
}

/** `clambot status`: what is ready, and what each wall lets through. */
export function registerStatus(program: Command, context: CliContext, end: End): void {
  program.command("status")
    .description("Show what is ready and what each wall lets through")
    .option("--check", "ask each ready provider one small question")
    .option("--permissions", "print the exact grants of each wall")
    .option("--try", "with --permissions: try to get out of each wall")
    .option("--json", "print one JSON object")
    .action(async (options) => {
      if (!options.permissions) return end(await showStatus(options, context));
      await showPermissions(options, context);
      end(0);
    });
}

async function showPermissions(options: StatusOptions, context: CliContext): Promise<void> {
  const trials = options.try ? await context.tryWalls() : undefined;
  if (options.json) {
    const report = { walls: context.walls, ...(trials ? { trials } : {}) };
    return context.terminal.out(`${JSON.stringify(report)}\n`);
  }
  for (const wall of context.walls) context.terminal.out(formatWall(wall));
  for (const trial of trials ?? []) {
    context.terminal.out(`${trial.wall}: ${trial.tried}: ${trial.outcome} (${trial.detail})\n`);
  }
}

function formatWall(wall: JsonObject): string {
  const grants = Object.entries(wall.grants as JsonObject)
    .map(([name, value]) => [`  ${name}`, formatGrant(value)]);
  return `${wall.wall}: ${wall.holds}\n${formatTable(grants)}\n`;
}

function formatGrant(value: Json): string {
  if (value === true) return "everything";
  if (value === false || (Array.isArray(value) && value.length === 0)) return "nothing";
  return (value as string[]).join("\n          ");
}

/** The exit code is 1 when the gateway, or a provider that should be ready, does not answer. */
async function showStatus(options: StatusOptions, context: CliContext): Promise<ExitCode> {
  const providers = await readinessRows(context);
  const checks = options.check ? await checkRows(context) : [];
  const { config, layout, configPath } = context;
  const { openStores } = await import("../../../app/stores.ts");
  const stores = openStores(context);
  const stopped = await findStopped(stores);
  const runs = await readOpenRuns(stores);
  const gateway = await findStanding(context);
  const report = {
    version: context.version,
    home: layout.home,
    config: configPath,
    model: config.agents.defaults.model || null,
    selectorModel: config.agents.selector.model || null,
    providers,
    ...(options.check ? { checks } : {}),
    stopped: stopped ?? null,
    runs,
    gateway: standingJson(gateway),
    approvals: config.agents.approvals.enabled ? "on" : "off",
    restrictToWorkspace: config.tools.filesystem.restrictToWorkspace,
    warnings: listDoubts(context),
  };
  const answers = gateway.kind !== "silent" && checks.every(({ ms }) => ms !== null);
  const code = answers ? 0 : 1;
  if (options.json) {
    context.terminal.out(`${JSON.stringify(report)}\n`);
    return code;
  }
  context.terminal.out(formatTable([
    ["ClamBot", report.version],
    ["Home", report.home],
    ["Configuration", report.config],
    ["Model", report.model ?? "none (starter clams only)"],
    ["Selector", report.selectorModel ?? "the same"],
    ["Approvals", report.approvals],
    ...(stopped === undefined ? [] : [["Stopped", `${stopped}; clambot resume lets it go on`]]),
    ...formatOpenRuns(runs),
    ...standingRows(gateway, stores.clock.zone()),
    ["Files", report.restrictToWorkspace ? "workspace only" : "everything outside the home too"],
  ]));
  context.terminal.out("\nProviders\n");
  context.terminal.out(formatTable(providers.map(({ name, ready, note }) => [
    `  ${name}`,
    ready ? "ready" : "not ready",
    note,
  ])));
  for (const row of checks) context.terminal.out(`  ${row.name}: ${formatCheck(row)}\n`);
  return code;
}

function formatOpenRuns({ questions, interrupted, damaged }: OpenRuns): string[][] {
  const count = (many: readonly string[], what: string) => `${many.length} ${what}`;
  const parts = [
    ...(questions.length > 0
      ? [`${count(questions, questions.length === 1 ? "question waits" : "questions wait")}`]
      : []),
    ...(interrupted.length > 0 ? [count(interrupted, "interrupted")] : []),
    ...(damaged.length > 0 ? [count(damaged, "damaged")] : []),
  ];
  return parts.length === 0 ? [] : [["Runs", `${parts.join(", ")}; see clambot runs list --open`]];
}

function formatCheck({ ms, outcome, message = outcome, hint }: CheckRow): string {
  if (ms !== null) return `answered in ${ms} ms`;
  return escapeLine(hint === undefined ? message : `${message} ${hint}`);
}
