import { createJobBook } from "../../src/cron/job_book.ts";
import { openJobStore } from "../../src/cron/job_store.ts";
import { openDatabase } from "../../src/platform/database.ts";
import type { Clock } from "../../src/platform/platform.ts";
import { createCronTool } from "../../src/tools/cron/cron.ts";
import type { Tool } from "../../src/tools/tool.ts";
import { NO_SECRETS } from "./plainly.ts";

/** The tool of jobs over a store of its own, as if a gateway ran. */
export async function openCronTool(
  clock: Clock,
): Promise<{ readonly tool: Tool } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  const database = openDatabase(`${path}/jobs.sqlite`, { what: "store", loss: "All is." });
  let ids = 0;
  const random = { id: () => `${++ids}`.padStart(16, "0") };
  const book = createJobBook({ store: openJobStore(database), clock, random, changed: () => {} });
  const jobs = {
    book,
    isRunning: () => Promise.resolve(true),
    whyNotLeased: () => Promise.resolve("none"),
  };
  return {
    tool: createCronTool({ jobs, clock, redactor: NO_SECRETS }),
    async [Symbol.asyncDispose]() {
      database.close();
      await Deno.remove(path, { recursive: true });
    },
  };
}
