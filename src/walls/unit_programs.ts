import type { ProgramDeed, ProgramEnd, UnitName } from "../cli/service_unit.ts";
import { CodedError } from "../domain/failure.ts";

// The programs that look after services: systemctl(1), journalctl(1), loginctl(1).

/** A program that is started, and nothing else. */
export interface ProgramLine {
  readonly program: "systemctl" | "journalctl" | "loginctl";
  readonly args: readonly string[];
  /** What it tells goes to where the output of this program goes. */
  readonly tells: boolean;
}

/** What `systemctl show` is asked. */
const PROPERTIES = [
  ...["LoadState", "ActiveState", "SubState", "UnitFileState", "Result", "StatusText"],
  ...["MainPID", "NRestarts"],
];

/** The one command line for a deed. @throws {CodedError} `usage` when it is none */
export function programLine(unit: UnitName, order: Record<string, unknown>): ProgramLine {
  const service = `${unit.name}.service`;
  const control = (...args: readonly string[]): ProgramLine => ({
    program: "systemctl",
    args: [...(unit.scope === "user" ? ["--user"] : []), ...args],
    tells: false,
  });
  switch (order.deed as ProgramDeed) {
    case "is-running":
      return control("is-system-running");
    case "reload":
      return control("daemon-reload");
    case "enable":
      return control("enable", service);
    case "restart":
      return control("restart", service);
    case "disable":
      return control("disable", "--now", service);
    case "show":
      return control("show", `--property=${PROPERTIES.join(",")}`, service);
    case "linger":
      return lingerLine();
    case "logs":
      return logLine(unit, service, order);
  }
  throw new CodedError("usage", "No program is started for this.");
}

function lingerLine(): ProgramLine {
  const user = Deno.env.get("USER") ?? Deno.env.get("LOGNAME") ?? "";
  const args = ["show-user", "--property=Linger", "--value", "--", user];
  return { program: "loginctl", args, tells: false };
}

function logLine(
  { scope }: UnitName,
  service: string,
  { follow, lines, since }: Record<string, unknown>,
): ProgramLine {
  const args = ["--no-pager", scope === "user" ? `--user-unit=${service}` : `--unit=${service}`];
  if (Number.isSafeInteger(lines)) args.push(`--lines=${lines}`);
  if (typeof since === "string") args.push(`--since=${since}`);
  if (follow === true) args.push("--follow");
  return { program: "journalctl", args, tells: true };
}

/** @throws {CodedError} `service_failed` when there is no such program */
export async function startProgram({ program, args, tells }: ProgramLine): Promise<ProgramEnd> {
  try {
    const { code, stdout, stderr } = await started(program, args, tells);
    return { code, stdout, stderr };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new CodedError(
      "service_failed",
      `There is no ${program} here, so no systemd that could run ClamBot.`,
      "See the unit with clambot service install --print.",
    );
  }
}

async function started(
  program: string,
  args: readonly string[],
  tells: boolean,
): Promise<ProgramEnd> {
  const command: Deno.CommandOptions = { args: [...args], stdin: "null" };
  if (tells) {
    const { code } = await new Deno.Command(program, {
      ...command,
      stdout: "inherit",
      stderr: "inherit",
    }).spawn().status;
    return { code, stdout: "", stderr: "" };
  }
  const { code, stdout, stderr } = await new Deno.Command(program, command).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}
