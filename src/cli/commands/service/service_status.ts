import { escapeLine } from "../../../text/escape.ts";
import type { CliContext } from "../../context.ts";
import type { UnitFile, UnitName } from "../../service_unit.ts";
import { control, lingers, needSystemd } from "./control.ts";

/** How a service stands. */
export interface ServiceStatus {
  readonly unit: string;
  readonly path: string;
  /** Of the file: whether it is there, and what `install` would write now. */
  readonly file: UnitFile["state"];
  readonly runs: boolean;
  /** As systemd has it, such as `active (running)`. */
  readonly state: string;
  readonly enabled: string;
  readonly result: string;
  readonly pid: number | null;
  readonly restarts: number;
  /** What the service said last. */
  readonly says: string;
  /** Goes on after the log-out. */
  readonly lingers: boolean;
}

/** @throws {CodedError} `service_failed` where systemd does not run */
export async function readStatus(unit: UnitName, context: CliContext): Promise<ServiceStatus> {
  const { path, state: file } = await context.launcher.unitFile({ ...unit, deed: "show" });
  await needSystemd(unit, context);
  const shown = parseProperties(await control("show", unit, context));
  const read = (name: string) => shown.get(name) ?? "";
  const pid = Number(read("MainPID"));
  return {
    unit: `${unit.name}.service`,
    path,
    file,
    runs: ["active", "reloading"].includes(read("ActiveState")),
    state: `${read("ActiveState")} (${read("SubState")})`,
    enabled: read("UnitFileState") || "no",
    result: read("Result"),
    pid: pid > 0 ? pid : null,
    restarts: Number(read("NRestarts")),
    says: read("StatusText"),
    lingers: await lingers(unit, context),
  };
}

/** `NAME=VALUE`, a line each. */
function parseProperties(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split("\n").flatMap((line) => {
      const at = line.indexOf("=");
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
    }),
  );
}

const FILES: Readonly<Record<UnitFile["state"], string>> = {
  missing: "not installed",
  same: "as clambot service install writes it",
  other: "another than clambot service install would write now",
};

/** The rows for a person. */
export function formatStatus(status: ServiceStatus): readonly (readonly string[])[] {
  const { pid, restarts } = status;
  return [
    ["Unit", status.unit],
    ["File", `${status.path}: ${FILES[status.file]}`],
    ["State", `${status.state}, ${status.result}`],
    ["Enabled", status.enabled],
    ...(pid === null ? [] : [["Process", `${pid}, restarted ${restarts} times`]]),
    ...(status.says === "" ? [] : [["It says", escapeLine(status.says)]]),
    ["Log-out", status.lingers ? "it goes on" : "it ends; for it to go on: loginctl enable-linger"],
  ];
}
