import type { Clock, Files } from "../platform/platform.ts";
import type { JobRun } from "./ledger.ts";

/** What is noted about jobs; the names are those of the original. */
export type JobEventName =
  | "cron_executor_started"
  | "cron_orchestrator_completed"
  | "cron_executor_error";

/** The log of jobs, a JSON object a line. */
export interface JobEvents {
  /** Resolves when it is on disk. What cannot be written is left out: the ledger has it too. */
  note(event: JobEventName, run: JobRun, error?: string): Promise<void>;
}

/** The file, in the directory of logs. */
export const JOB_EVENTS = "gateway_cron_events.jsonl";

/** Opens it. */
export function openJobEvents(logs: Files, clock: Clock): JobEvents {
  return {
    async note(event, { job, name, due, turn }, error) {
      const line = {
        ts: new Date(clock.now()).toISOString(),
        event,
        job_id: job,
        job_name: name,
        due: new Date(due).toISOString(),
        ...(turn === undefined ? {} : { run_id: turn }),
        ...(error === undefined ? {} : { error }),
      };
      const append = () => logs.append(JOB_EVENTS, `${JSON.stringify(line)}\n`);
      // the cleanup cuts it under the same lock
      await logs.locked(JOB_EVENTS, append).catch(() => {});
    },
  };
}
