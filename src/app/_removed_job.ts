import type { Gateway } from "../gateway/gateway.ts";
import type { Log } from "../platform/platform.ts";
import type { HomeJobs } from "./home_jobs.ts";
import type { Stores } from "./stores.ts";

/** What the end of a removed job needs. */
export interface RemovedJobMeans {
  readonly home: Pick<HomeJobs, "store" | "ended">;
  readonly gateway: Pick<Gateway, "cancel" | "tellEnded">;
  readonly stores: Pick<Stores, "runs" | "clock">;
  readonly log: Log;
}

/** Ends what runs of a job that was removed, also where it waits for a person. */
export async function endRemovedJob(
  id: string,
  { home: { store, ended }, gateway, stores, log }: RemovedJobMeans,
): Promise<void> {
  const run = store.open(id);
  if (!run) return;
  if (gateway.cancel(`cron:${id}`) || gateway.cancel(`cron:group:${id}`)) return; // it tells its end
  if (run.turn !== undefined && run.state === "waiting") {
    try {
      const why = { code: "cancelled", message: "The job was removed." } as const;
      gateway.tellEnded(await stores.runs.endWhole(run.turn, "cancelled", why), why.message);
    } catch {
      log.warn("job_not_ended", { job: id, turn: run.turn });
    }
  }
  if (store.open(id)) {
    const reason = "The job was removed.";
    store.end(run, { state: "skipped", reason }, stores.clock.now());
    ended.ring({ run: { ...run, state: "skipped", reason }, text: "" });
  }
}
