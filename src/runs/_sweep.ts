import { runFileOf } from "./_files.ts";
import { ancestorsOf, listRuns } from "./_listing.ts";
import type { RunPorts } from "./run.ts";

/** Takes away runs that ended longer ago than they are kept; once a day. @returns how many */
export async function sweepRuns(ports: RunPorts): Promise<number> {
  const { files, clock, keepDays, artefacts } = ports;
  if (!await isDue("swept", DAY_MS, ports)) return 0;
  const before = clock.now() - keepDays * DAY_MS;
  const all = await listRuns(ports);
  let removed = 0;
  for (const { run, record } of all) {
    // a part is needed as long as what it is a part of can go on
    const root = record && (ancestorsOf(record, all).at(-1)?.record ?? record);
    if (!record || root?.ended === undefined || root.ended.at >= before) continue;
    for (const { reply } of record.attempts.flatMap(({ told }) => told)) {
      if ("artefact" in reply) await artefacts.remove(reply.artefact);
    }
    await files.remove(runFileOf(run, record.at).name);
    removed++;
  }
  return removed;
}

const DAY_MS = 86_400_000;

/** Whether something was done last longer ago than this; if so, it counts as done now. */
export async function isDue(
  name: string,
  everyMs: number,
  { files, clock }: Pick<RunPorts, "files" | "clock">,
): Promise<boolean> {
  const now = clock.now();
  const last = Number(await files.readText(name) ?? 0);
  if (last <= now && now < last + everyMs) return false;
  await files.replace(name, String(now));
  return true;
}
