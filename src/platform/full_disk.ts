import type { Failure } from "../domain/failure.ts";

/**
 * The failure of a disk that takes nothing more; `undefined` when the error is another one. `place`
 * is what was being written.
 */
export function findFullDisk(error: unknown, place: string): Failure | undefined {
  const message = error instanceof Error ? error.message : String(error);
  if (!/No space left on device|disk is full|Disk quota exceeded/i.test(message)) return undefined;
  return {
    code: "disk_full",
    message: `The disk is full: nothing more can be written to ${place}.`,
    hint: "Make room on it and try again; what was there before is as it was.",
  };
}
