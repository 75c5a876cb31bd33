import type { HomeLayout } from "../config/home.ts";
import type { SocketPlace } from "../config/socket_place.ts";

/** What lets a core use the control socket. */
export interface SocketGrant {
  /** Paths outside the home that it reads and writes. */
  readonly files: readonly string[];
  /** Entries of its list of the network. */
  readonly net: readonly string[];
}

/**
 * Deno counts a Unix socket as network from 2.9 on; before, it cannot read `unix:PATH` in a list, and
 * the rights to its file suffice (tried with 2.7.11, 2.8.3 and 2.9.6).
 */
export function socketGrant(
  place: SocketPlace | undefined,
  { state }: Pick<HomeLayout, "state">,
  denoVersion: string,
): SocketGrant {
  if (place?.kind !== "at") return { files: [], net: [] };
  const [major = 0, minor = 0] = denoVersion.split(".").map(Number);
  const isNetwork = major > 2 || (major === 2 && minor >= 9);
  return {
    files: place.path.startsWith(`${state}/`) ? [] : [place.path],
    net: isNetwork ? [`unix:${place.path}`] : [],
  };
}
