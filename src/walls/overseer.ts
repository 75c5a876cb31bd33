/** What a service tells about itself. */
export type ServiceState =
  /** It takes work. `remark`: what is worth saying about how it came to that. */
  | { readonly kind: "serving"; readonly remark?: string }
  | { readonly kind: "reloading" }
  | { readonly kind: "stopping" }
  /** Its core crashed and is started again later. */
  | { readonly kind: "waiting"; readonly ms: number };

/** Whoever started a service and watches it from outside, such as systemd. */
export interface Overseer {
  tell(state: ServiceState): void;
  /** Calls `ask` as often as the overseer wants to hear that the service lives. */
  watch(ask: () => void): void;
  /** The core has answered what `ask` asked of it. */
  felt(): void;
}

/** For what nobody watches. */
export const NO_OVERSEER: Overseer = { tell() {}, watch() {}, felt() {} };

/** What systemd is told with. */
export interface OverseerMeans {
  readonly variable: (name: string) => string | undefined;
  readonly pid: number;
  /** Sends one datagram to a socket. */
  readonly send: (text: string, path: string) => Promise<void>;
  /** A line for the log. */
  readonly say: (sentence: string) => void;
}

/**
 * systemd, where it waits to hear of this process (sd_notify(3), sd_watchdog_enabled(3)). What the
 * core said itself, such as why it crashed, is never passed on.
 */
export function openOverseer({ variable, pid, send, say }: OverseerMeans): Overseer {
  const socket = variable("NOTIFY_SOCKET");
  if (!socket) return NO_OVERSEER;
  let isLost = false;
  let isDue = false;
  const notify = (text: string) => {
    send(text, socket.replace(/^@/, "\0")).catch((error) => {
      if (!isLost) say(`systemd cannot be told how things stand: ${error.message}`);
      isLost = true;
    });
  };
  const everyMs = watchdogMs(variable, pid);
  return {
    tell: (state) => notify(`${linesOf(state).join("\n")}\n`),
    watch(ask) {
      if (everyMs === undefined) return;
      setInterval(() => {
        isDue = true;
        ask();
      }, everyMs);
    },
    felt() {
      if (isDue) notify("WATCHDOG=1\n");
      isDue = false;
    },
  };
}

/** Half of what systemd waits for; `undefined`: it waits for another process, or for nothing. */
function watchdogMs(
  variable: OverseerMeans["variable"],
  pid: number,
): number | undefined {
  const microseconds = Number(variable("WATCHDOG_USEC"));
  const watched = variable("WATCHDOG_PID");
  if (!(microseconds > 0) || (watched && watched !== String(pid))) return undefined;
  return microseconds / 2000;
}

function linesOf(state: ServiceState): readonly string[] {
  switch (state.kind) {
    case "serving":
      return ["READY=1", `STATUS=${["It serves.", state.remark ?? ""].join(" ").trim()}`];
    case "reloading":
      return ["RELOADING=1", "STATUS=It reads the configuration anew."];
    case "stopping":
      return ["STOPPING=1", "STATUS=It takes nothing new and lets what runs come to its end."];
    case "waiting":
      return [`STATUS=The core stopped unexpectedly and is started again in ${state.ms / 1000} s.`];
  }
}
