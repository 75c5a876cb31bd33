import type { WallSettings } from "../config/wall_settings.ts";
import type { HomeLayout } from "../config/home.ts";
import { providerHosts } from "../providers/catalog.ts";
import type { SocketGrant } from "./socket_grant.ts";
import { selectTools } from "../tools/names.ts";

/** What one wall lets through. `true` = everything, a list = only this, `false` = nothing. */
export interface WallGrants {
  readonly read: true | readonly string[];
  readonly write: true | readonly string[];
  /** `host` or `host:port`; `unix:PATH` for a socket of this machine. */
  readonly net: true | readonly string[];
  /** Names of environment variables. */
  readonly env: true | readonly string[];
  readonly run: false;
  readonly ffi: false;
  readonly sys: false;
  readonly import: false;
}

/**
 * Variables by which the runtime and the terminal libraries find out what a terminal can do (Node's
 * `getColorDepth`). None of them is a secret.
 */
const TERMINAL_VARIABLES = [
  ...["TERM", "COLORTERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "TMUX"],
  ...["NO_COLOR", "FORCE_COLOR", "NODE_DISABLE_COLORS", "CLICOLOR_FORCE", "CLICOLOR"],
  ...["CI", "CI_NAME", "TF_BUILD", "AGENT_NAME", "TEAMCITY_VERSION", "APPVEYOR", "BUILDKITE"],
  ...["CIRCLECI", "DRONE", "GITEA_ACTIONS", "GITHUB_ACTIONS", "GITLAB_CI", "TRAVIS"],
];

/**
 * The permissions of the core worker, from the configuration alone. `elsewhere` is what stands
 * outside the home (never the configuration file): writable only when the file tool may leave the
 * workspace. `socket` is what a command that talks to the gateway, or is it, needs for that.
 */
export function coreGrants(
  settings: WallSettings,
  layout: HomeLayout,
  elsewhere: readonly string[],
  socket: SocketGrant = { files: [], net: [] },
): WallGrants {
  const confined = settings.restrictToWorkspace;
  return {
    read: confined ? [layout.home, ...socket.files] : true,
    write: [...layout.writable, ...(confined ? [] : elsewhere), ...socket.files],
    net: coreNet(settings, socket),
    env: TERMINAL_VARIABLES,
    run: false,
    ffi: false,
    sys: false,
    import: false,
  };
}

function coreNet(
  { tools, providers, listensAt, listener, callsServers, telegram }: WallSettings,
  socket: SocketGrant,
): true | string[] {
  if (callsServers || selectTools(tools).some(({ outward }) => outward)) return true;
  const listening = listensAt === undefined ? [] : [listensAt];
  const hearing = URL.parse(listener ?? "")?.host; // voice notes go there, tools or none
  const channels = [...(telegram.enabled ? telegram.hosts : []), ...(hearing ? [hearing] : [])];
  return [...providerHosts(providers), ...socket.net, ...listening, ...channels];
}

/** A worker that runs a clam, or reads a foreign format, gets nothing at all. */
export const CLAM_GRANTS: WallGrants = {
  read: [],
  write: [],
  net: [],
  env: [],
  run: false,
  ffi: false,
  sys: false,
  import: false,
};

/**
 * What the launcher itself was started with, the flags of the program, without the right to start
 * programs: it gives that up first of all, unless the command starts some.
 */
export const LAUNCHER_GRANTS: WallGrants = {
  read: true,
  write: true,
  net: true,
  env: true,
  run: false,
  ffi: false,
  sys: false,
  import: false,
};

/** What is left of it once the core of a command that answers once runs. */
export const LAUNCHER_GRANTS_LATER: WallGrants = { ...LAUNCHER_GRANTS, net: [], env: [] };
