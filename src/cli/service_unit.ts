// What `service` asks of the launcher, which alone may write units and start programs.

/** Which unit is meant. */
export interface UnitName {
  /** Whose systemd runs it. */
  readonly scope: "user" | "system";
  /** Without `.service`; `clambot@ann` is an instance of a template, `clambot@` the template. */
  readonly name: string;
}

/** What is to become of the file of a unit. */
export interface UnitFileOrder extends UnitName {
  readonly deed: "show" | "write" | "remove";
  /** A file with the vault's key, which systemd is to hand over. */
  readonly credential?: string;
}

/** The file of a unit. */
export interface UnitFile {
  readonly manager: "systemd" | "launchd";
  readonly path: string;
  /** What `write` writes. */
  readonly text: string;
  /** What stood there before, if it was made by this program. */
  readonly state: "missing" | "same" | "other";
}

/** What a program is to be started for; which one, and how, the launcher knows. */
export type ProgramDeed =
  | "is-running"
  | "reload"
  | "enable"
  | "restart"
  | "disable"
  | "show"
  | "linger"
  | "logs";

export interface ProgramOrder extends UnitName {
  readonly deed: ProgramDeed;
  /** For `logs`. */
  readonly follow?: boolean;
  readonly lines?: number;
  readonly since?: string;
}

/** How a program ended. What `logs` tells goes to the terminal itself. */
export interface ProgramEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}
