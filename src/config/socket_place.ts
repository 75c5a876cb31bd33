import { join } from "node:path";
import { sha256Hex } from "../text/canonical_json.ts";
import type { HomeLayout } from "./home.ts";

// Needed before anything else starts: this file imports no third-party code.

/** Where the gateway of a home listens for commands, or why it cannot. */
export type SocketPlace =
  | { readonly kind: "at"; readonly path: string }
  | { readonly kind: "none"; readonly sentence: string };

/** Bytes of a socket's path that every system takes; Linux has 108, macOS 104, each with an end. */
const LONGEST_PATH = 100;

/**
 * The place of a home's control socket: `gateway.sock` in its state, else in the directory that the
 * system gives the person for as long as they are logged in (`XDG_RUNTIME_DIR`), named by the home.
 */
export async function findSocketPlace(
  { home, state }: Pick<HomeLayout, "home" | "state">,
  { system, runtimeDirectory }: {
    readonly system: string;
    readonly runtimeDirectory: string | undefined;
  },
): Promise<SocketPlace> {
  if (system === "windows") {
    return { kind: "none", sentence: "Windows has no Unix sockets that ClamBot could use." };
  }
  const own = join(state, "gateway.sock");
  if (isShort(own)) return { kind: "at", path: own };
  const name = `clambot-${(await sha256Hex(home)).slice(0, 16)}.sock`;
  const other = runtimeDirectory?.startsWith("/") ? join(runtimeDirectory, name) : undefined;
  if (other !== undefined && isShort(other)) return { kind: "at", path: other };
  const sentence = `"${own}" is too long for a socket (${LONGEST_PATH} bytes at most), and ` +
    "XDG_RUNTIME_DIR names no shorter place.";
  return { kind: "none", sentence };
}

function isShort(path: string): boolean {
  return new TextEncoder().encode(path).length <= LONGEST_PATH;
}
