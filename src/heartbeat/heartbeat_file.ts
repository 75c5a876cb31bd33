import type { Files } from "../platform/platform.ts";
import { sha256Hex } from "../text/canonical_json.ts";
import { openTasks, type Task, tickOff } from "./tasks.ts";

/** The name of the person's file, in the directory of the memory. */
export const HEARTBEAT_FILE = "HEARTBEAT.md";

/** A task with its id. */
export interface NamedTask extends Task {
  /** Letters and digits; it follows from the task's words. */
  readonly id: string;
}

/** The person's file of standing tasks. */
export interface HeartbeatFile {
  tasks(): Promise<readonly NamedTask[]>;
  /** Ticks a task off. Nothing happens when the person changed or took it away meanwhile. */
  tickOff(task: Pick<Task, "key">): Promise<void>;
}

/** Opens it in the directory of the memory. */
export function openHeartbeatFile(memory: Files): HeartbeatFile {
  const read = async () => await memory.readText(HEARTBEAT_FILE) ?? "";
  return {
    async tasks() {
      return await Promise.all(
        openTasks(await read()).map(async (task) => ({
          ...task,
          id: (await sha256Hex(task.key)).slice(0, 12),
        })),
      );
    },
    tickOff: ({ key }) =>
      memory.locked("HEARTBEAT", async () => {
        for (;;) {
          const before = await read();
          const after = tickOff(before, key);
          if (after === undefined) return;
          if (await read() !== before) continue; // the person wrote just now
          return await memory.replace(HEARTBEAT_FILE, after);
        }
      }),
  };
}
