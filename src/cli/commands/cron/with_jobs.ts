import type { ReachedJobs } from "../../../app/reached_jobs.ts";
import type { Stores } from "../../../app/stores.ts";
import type { CliContext, End } from "../../context.ts";
import { cancellable } from "../../options.ts";
import { originalsOf } from "../../original_jobs.ts";
import { withStores } from "../../stores.ts";

/** Does something with the jobs of the home, in the gateway or here. */
export async function withJobs(
  context: CliContext,
  end: End,
  action: (jobs: ReachedJobs, stores: Stores) => Promise<void>,
): Promise<void> {
  const { withReachedJobs } = await import("../../../app/reached_jobs.ts");
  await withStores(context, end, async (stores) => {
    const ports = { ...stores, socket: context.socket, originals: originalsOf(context) };
    await cancellable(
      context,
      (signal) => withReachedJobs(ports, signal, (jobs) => action(jobs, stores)),
    );
  });
}
