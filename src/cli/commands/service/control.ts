import { CodedError } from "../../../domain/failure.ts";
import { escapeLine } from "../../../text/escape.ts";
import type { CliContext } from "../../context.ts";
import type { ProgramDeed, UnitName } from "../../service_unit.ts";

/** What `systemctl is-system-running` says where systemd runs: systemctl(1). */
const UP = ["initializing", "starting", "running", "degraded", "maintenance", "stopping"];

/** @throws {CodedError} `service_failed` where no systemd of this kind runs */
export async function needSystemd(unit: UnitName, { launcher }: CliContext): Promise<void> {
  const { stdout } = await launcher.startProgram({ ...unit, deed: "is-running" });
  if (UP.includes(stdout.trim())) return;
  throw new CodedError(
    "service_failed",
    unit.scope === "user"
      ? "No systemd of yours runs here, so there is none that could run ClamBot."
      : "systemd does not run here, so there is none that could run ClamBot.",
    unit.scope === "user"
      ? "Log in as yourself (not by su or sudo), use --system, or see the unit with --print."
      : "See the unit with clambot service install --system --print.",
  );
}

/** Has systemd do it. @throws {CodedError} `service_failed` with its own words */
export async function control(
  deed: ProgramDeed,
  unit: UnitName,
  { launcher }: CliContext,
): Promise<string> {
  const { code, stdout, stderr } = await launcher.startProgram({ ...unit, deed });
  if (code === 0) return stdout;
  const [words = ""] = stderr.trim().split("\n");
  throw new CodedError(
    "service_failed",
    `systemd did not ${deed} "${unit.name}": ${escapeLine(words) || `exit code ${code}`}`,
    `See clambot service logs${unit.scope === "system" ? " --system" : ""}.`,
  );
}

/** What to do so that a unit of one's own goes on after the log-out; nothing where it does. */
export async function adviseLinger(unit: UnitName, context: CliContext): Promise<string> {
  return await lingers(unit, context)
    ? ""
    : "It ends when you log out; so that it goes on: loginctl enable-linger\n";
}

/** Whether the service goes on after the log-out. */
export async function lingers(unit: UnitName, { launcher }: CliContext): Promise<boolean> {
  if (unit.scope === "system") return true;
  const { code, stdout } = await launcher.startProgram({ ...unit, deed: "linger" });
  return code === 0 && stdout.trim() === "yes";
}
