import type { JobBook, JobView } from "../cron/job_book.ts";
import type { Clock, Files } from "../platform/platform.ts";
import { DAY_MS } from "./ages.ts";
import { keepInArchive } from "./archive.ts";
import type { Cleaning } from "./cleanup.ts";

/** The jobs of a home. */
export interface FinishedJobsPorts {
  readonly jobs: Pick<JobBook, "list" | "remove" | "show">;
  readonly workspace: Files;
  readonly clock: Pick<Clock, "now">;
}

/** Jobs that were to be done once, and whose time was a day ago or more. What is due again stays. */
export function finishedJobs(ports: FinishedJobsPorts, isWanted: boolean): Cleaning {
  const { jobs, workspace, clock } = ports;
  const isFinished = ({ job, next }: JobView) =>
    job.schedule.kind === "at" && next.length === 0 && lastOf(job) < clock.now() - DAY_MS;
  const lastOf = ({ schedule, createdAt }: JobView["job"]) =>
    schedule.kind === "at" ? schedule.at : createdAt;
  return {
    kind: "job",
    async find() {
      if (!isWanted) return [];
      return (await jobs.list()).filter(isFinished)
        .map(({ job }) => ({ kind: "job", name: job.id, lastUsed: lastOf(job) }));
    },
    async putAway({ name }) {
      const view = await jobs.show(name);
      if (!isFinished(view)) return false;
      const text = `${JSON.stringify(view)}\n`;
      await keepInArchive(workspace, { path: `cron/${name}.json`, text, now: clock.now() });
      await jobs.remove(name);
      return true;
    },
  };
}
