// The units by which systemd runs the gateway: systemd.service(5), systemd.exec(5).

/** Whose systemd runs a unit. */
export type UnitScope = "user" | "system";

/** What a unit is made from. */
export interface UnitOrder {
  readonly scope: UnitScope;
  /** Without `.service`. With `@` it is a template, and has a home for each instance. */
  readonly name: string;
  /** The program, and what it needs before the arguments of its own. */
  readonly program: readonly string[];
  /** The command that goes on until it is told to stop. */
  readonly command: string;
  readonly home: string;
  /** Where the control socket stands, if not in the home. */
  readonly socketDirectory: string | undefined;
  /** A configuration that stands elsewhere. */
  readonly config: string | undefined;
  /** The user who owns the home, by number. */
  readonly owner: number | undefined;
  /** A file with the vault's key. */
  readonly credential: string | undefined;
  readonly shutdownSeconds: number;
  /** The program can tell systemd how it stands. */
  readonly notifies: boolean;
}

/** How a file begins that was made here. */
export const MADE_BY = '# Made by "clambot service install"';

/** Where a template has the home of an instance, below the directory for states. */
const STATE = "clambot/%i";

/** Seconds beyond those that what runs has: closing the stores, and ending what does not end. */
export const SPARE_SECONDS = 15;

/**
 * Nothing of the system can be written, and nothing asked of it that the program does not need.
 * V8 makes its code while it runs, so `MemoryDenyWriteExecute=` would end the program at once, and
 * it keeps that code from being written by protection keys (`@pkey`).
 */
const HARDENING = `
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp=yes
PrivateDevices=yes
PrivateUsers=yes
PrivateMounts=yes
ProtectProc=invisible
ProcSubset=pid
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service @pkey
SystemCallErrorNumber=EPERM
KeyringMode=private
RemoveIPC=yes
UMask=0077`;

const NOTIFYING = `
Type=notify
NotifyAccess=main
WatchdogSec=60`;

const SILENT = `
# This runtime cannot tell systemd how it stands: there is neither a sign of readiness nor a watchdog.
Type=exec`;

/** The file of a unit, or of the template that an instance is of. */
export function unitFileName(name: string): string {
  return `${name.replace(/@.*$/, "@")}.service`;
}

/** What stands in that file. */
export function formatUnit(order: UnitOrder): string {
  const { scope, notifies, shutdownSeconds, credential } = order;
  const network = "\nWants=network-online.target\nAfter=network-online.target";
  return `${MADE_BY}, which writes it anew; what you change belongs in a drop-in.
[Unit]
Description=${isTemplate(order) ? "ClamBot (%i)" : "ClamBot"}${scope === "system" ? network : ""}
StartLimitIntervalSec=0

[Service]${notifies ? NOTIFYING : SILENT}
ExecStart=${commandOf(order).join(" ")}
ExecReload=/bin/kill -HUP $MAINPID
Restart=always
RestartSec=5
RestartPreventExitStatus=2 3
TimeoutStartSec=120
TimeoutStopSec=${shutdownSeconds + SPARE_SECONDS}
LimitNOFILE=524288
${[...userOf(order), ...placeOf(order)].join("\n")}${
    credential === undefined ? "" : `\nLoadCredential=clambot.key:${specified(credential)}`
  }
${HARDENING}

[Install]
WantedBy=${scope === "system" ? "multi-user.target" : "default.target"}
`;
}

/** The file with the vault's key that a unit names which was made here. */
export function credentialIn(unit: string): string | undefined {
  return /^LoadCredential=clambot\.key:(.+)$/m.exec(unit)?.[1]?.replaceAll("%%", "%");
}

function isTemplate({ name }: UnitOrder): boolean {
  return name.includes("@");
}

function commandOf(order: UnitOrder): readonly string[] {
  const { program, command, home, config } = order;
  const told = config === undefined ? [] : ["--config", quoted(config)];
  return [
    ...program.map((part) => quoted(part)),
    command,
    "--home",
    isTemplate(order) ? `%S/${STATE}` : quoted(home),
    ...told,
  ];
}

/** In a system unit the user that owns the home; an instance bears the name of its user. */
function userOf({ scope, owner, ...order }: UnitOrder): readonly string[] {
  if (scope === "user") return [];
  if (isTemplate({ scope, owner, ...order })) return ["User=%i"];
  return owner === undefined ? [] : [`User=${owner}`];
}

/** What can be written: the home, and where its socket is. */
function placeOf(order: UnitOrder): readonly string[] {
  if (isTemplate(order)) return [`StateDirectory=${STATE}`, "StateDirectoryMode=0700"];
  const { home, socketDirectory } = order;
  const paths = socketDirectory === undefined ? [home] : [home, socketDirectory];
  return [`ReadWritePaths=${paths.map((path) => quoted(path, "path")).join(" ")}`];
}

/** A word of a command line, or a path of a list, in which systemd replaces nothing. */
function quoted(text: string, as: "word" | "path" = "word"): string {
  const kept = specified(text).replaceAll("\\", "\\\\").replaceAll('"', '\\"');
  return /^[\w@%+=:,./-]+$/.test(text)
    ? kept
    : `"${as === "word" ? kept.replaceAll("$", "$$$$") : kept}"`;
}

function specified(text: string): string {
  return text.replaceAll("%", "%%");
}
