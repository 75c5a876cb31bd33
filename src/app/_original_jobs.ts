import { ORIGINAL_JOBS, readOriginalJobs } from "../cron/original_jobs.ts";
import type { Clock, Files, Random } from "../platform/platform.ts";
import type { JobStore } from "../cron/job_store.ts";
import type { Notices } from "../gateway/notices.ts";

/** Where the original's jobs are looked for. */
export interface Originals {
  /** Directories in which a `jobs.json` may stand. */
  readonly places: readonly Files[];
  /** The conversation in which they count as made. */
  readonly conversation: string;
}

/** Where the original's jobs are looked for, and what they are taken over with. */
export interface OriginalJobPorts {
  /** Nothing is taken over without it. */
  readonly originals?: Originals;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Takes over the jobs of the original, each file once; it is left unchanged. What came of it waits for
 * the owner. A file that cannot be read is looked at again the next time.
 */
export async function takeOverOriginals(
  { store, notices }: { readonly store: JobStore; readonly notices: Notices },
  { originals, clock, random }: OriginalJobPorts,
): Promise<void> {
  for (const files of originals?.places ?? []) {
    const source = `${files.path}/${ORIGINAL_JOBS}`;
    if (store.wasTakenOver(source)) continue;
    const text = await files.readText(ORIGINAL_JOBS).catch(() => undefined);
    if (text === undefined || !originals) continue;
    const { conversation } = originals;
    const found = readOriginalJobs(text, { now: clock.now(), conversation, random });
    if (!found) continue;
    store.takeOver(source, found.jobs, clock.now());
    const count = found.jobs.length === 1 ? "One job was" : `${found.jobs.length} jobs were`;
    const told = [`${count} taken over from "${source}", which stays as it is.`, ...found.left];
    notices.keep(`original:${source}`, { text: told.join("\n"), at: clock.now() });
  }
}
