import { dirname } from "node:path";
import { atBorder } from "./_file_errors.ts";
import { abortable } from "./abortable.ts";
import { createKeyedQueue } from "./keyed_queue.ts";

/** Callers of this process that want the same lock file. */
const callers = createKeyedQueue();

/** Lock files that callers of this process hold or wait for. */
export function locksInUse(): number {
  return callers.size;
}

/**
 * Runs `action` while holding a lock file against other processes and other callers of this one.
 * The system frees it when the process dies. Rejects with the signal's reason when that is aborted
 * while it waits; once the action runs, the signal is the action's own matter.
 */
export function locked<T>(
  path: string,
  action: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  return callers.run(path, () => withSystemLock(path, action, signal), signal);
}

async function withSystemLock<T>(
  path: string,
  action: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const file = await atBorder("lock", path, async () => {
    await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
    return await Deno.open(path, { write: true, create: true, mode: 0o600 });
  });
  const held = file.lock(true);
  try {
    await atBorder("lock", path, () => abortable(held, signal));
  } catch (error) {
    // the system goes on waiting for it; whatever it gets is given back at once
    held.catch(() => {}).finally(() => file.close());
    throw error;
  }
  try {
    return await action();
  } finally {
    file.close();
  }
}
