import type { Command } from "@commander-js/extra-typings";
import { CodedError } from "../../../domain/failure.ts";
import type { CliContext, End } from "../../context.ts";
import { formatTable } from "../../print.ts";
import type { UnitFile, UnitName } from "../../service_unit.ts";
import { formatJson } from "../../stores.ts";
import { adviseLinger, control, needSystemd } from "./control.ts";
import { formatStatus, readStatus } from "./service_status.ts";

interface UnitOptions {
  readonly user?: true | undefined;
  readonly system?: true | undefined;
  readonly name: string;
}

interface InstallOptions extends UnitOptions {
  readonly print?: true | undefined;
  readonly credential?: string | undefined;
}

/** `clambot service`: the gateway as a service of systemd, or of launchd. */
export function registerService(program: Command, context: CliContext, end: End): void {
  const service = program.command("service")
    .description("Have systemd (on macOS launchd) run the gateway");
  registerInstalling(service as unknown as Command, context, end);
  registerLooking(service as unknown as Command, context, end);
}

/** Options that say which unit is meant. */
function withUnit(command: Command) {
  return command
    .option("--user", "a unit of your own (the default)")
    .option("--system", "a unit of the system, which runs as the owner of the home")
    .option("--name <name>", "of the unit; NAME@INSTANCE makes a template", "clambot");
}

function registerInstalling(service: Command, context: CliContext, end: End): void {
  withUnit(service.command("install").description("Write the unit, enable it and start it"))
    .option("--print", "print the unit and do nothing")
    .option("--credential <file>", "a file with the vault's key, handed over by systemd")
    .action(async (options) => {
      await install(options, context);
      end(0);
    });
  withUnit(service.command("uninstall").description("Stop it, disable it and remove the unit"))
    .action(async (options) => {
      await uninstall(unitOf(options), context);
      end(0);
    });
}

function registerLooking(service: Command, context: CliContext, end: End): void {
  withUnit(
    service.command("status").description("Show how the service stands; exit code 1: not up"),
  )
    .option("--json", "print one JSON object")
    .action(async ({ json, ...options }) => {
      const status = await readStatus(unitOf(options), context);
      context.terminal.out(json ? formatJson(status) : formatTable(formatStatus(status)));
      end(status.runs ? 0 : 1);
    });
  withUnit(service.command("logs").description("Show what it wrote into the journal"))
    .option("-f, --follow", "go on with what is written from now on")
    .option("-n, --lines <count>", "so many of the last lines", "50")
    .option("--since <time>", 'as journalctl reads it, such as "1 hour ago"')
    .action(async ({ follow, lines, since, ...options }) => {
      const { code } = await context.launcher.startProgram({
        ...unitOf(options),
        deed: "logs",
        lines: readLines(lines),
        ...(follow ? { follow } : {}),
        ...(since === undefined ? {} : { since }),
      });
      end(code === 0 ? 0 : 1);
    });
}

function unitOf({ user, system, name }: UnitOptions): UnitName {
  if (user && system) {
    throw new CodedError("usage", "A unit is either yours or the system's.", "Leave one out.");
  }
  return { scope: system ? "system" : "user", name };
}

function readLines(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new CodedError("usage", `--lines must be a number from 1 on, not "${text}".`);
}

async function install(options: InstallOptions, context: CliContext): Promise<void> {
  const { launcher, terminal } = context;
  const { print, credential } = options;
  const unit = unitOf(options);
  const order = { ...unit, ...(credential === undefined ? {} : { credential }) };
  const file = await launcher.unitFile({ ...order, deed: "show" });
  if (print) return terminal.out(file.text);
  if (file.manager === "launchd") return await installJob(file, order, context);
  await needSystemd(unit, context);
  await launcher.unitFile({ ...order, deed: "write" });
  terminal.out(`Wrote ${file.path}.\n`);
  await control("reload", unit, context);
  if (unit.name.endsWith("@")) {
    return terminal.out(`Enable an instance with --name ${unit.name}INSTANCE.\n`);
  }
  await control("enable", unit, context);
  await control("restart", unit, context);
  terminal.out(`${unit.name}.service is enabled and runs.\n`);
  terminal.out(await adviseLinger(unit, context));
}

async function installJob(
  { path }: UnitFile,
  order: UnitName,
  { launcher, terminal }: CliContext,
): Promise<void> {
  await launcher.unitFile({ ...order, deed: "write" });
  terminal.out(`Wrote ${path}.\nStart it with: launchctl bootstrap gui/$(id -u) "${path}"\n`);
}

async function uninstall(unit: UnitName, context: CliContext): Promise<void> {
  const { launcher, terminal } = context;
  const { path, state, manager } = await launcher.unitFile({ ...unit, deed: "show" });
  if (state === "missing") throw new CodedError("service_failed", `There is no unit "${path}".`);
  if (manager === "launchd") {
    await launcher.unitFile({ ...unit, deed: "remove" });
    return terminal.out(
      `Removed ${path}.\nStop it with: launchctl bootout gui/$(id -u)/${unit.name}\n`,
    );
  }
  await needSystemd(unit, context);
  const isTemplate = unit.name.endsWith("@");
  if (!isTemplate) await control("disable", unit, context);
  if (!isTemplate && unit.name.includes("@")) {
    return terminal.out(`${unit.name}.service has ended; its template ${path} stays.\n`);
  }
  await launcher.unitFile({ ...unit, deed: "remove" });
  await control("reload", unit, context);
  terminal.out(`Removed ${path}. The home stays as it is.\n`);
}
