import type { Clock, Files } from "../platform/platform.ts";
import { keepInArchive } from "./archive.ts";
import type { Cleaning } from "./cleanup.ts";

/** A log of JSON lines below the workspace, written under its lock. */
export interface LongLogPorts {
  readonly workspace: Files;
  readonly clock: Pick<Clock, "now">;
  /** Such as `logs/gateway_cron_events.jsonl`. */
  readonly path: string;
}

/** The lines of a log beyond so many (0: none), the oldest. */
export function longLog({ workspace, clock, path }: LongLogPorts, most: number): Cleaning {
  const read = async () => (await workspace.readText(path) ?? "").split(/(?<=\n)/);
  return {
    kind: "log",
    async find() {
      if (most === 0 || (await read()).length <= most) return [];
      const { modified = 0 } = await workspace.stat(path) ?? {};
      return [{ kind: "log", name: path, lastUsed: modified }];
    },
    putAway: () =>
      workspace.locked(path, async () => {
        const lines = await read();
        if (lines.length <= most) return false;
        const text = lines.slice(0, -most).join("");
        // archived first: after a crash in between, lines stand twice and none is lost
        await keepInArchive(workspace, { path, text, now: clock.now() });
        await workspace.replace(path, lines.slice(-most).join(""));
        return true;
      }),
  };
}
