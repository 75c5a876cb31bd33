import { listRunFiles, readRun } from "./_files.ts";
import type { RunPorts } from "./run.ts";

/** Takes away runs that ended longer ago than they are kept; once a day. @returns how many */
export async function sweepRuns(ports: RunPorts): Promise<number> {
  const { files, clock, keepDays } = ports;
  if (!await isDue("swept", DAY_MS, ports)) return 0;
  const before = clock.now() - keepDays * DAY_MS;
  let removed = 0;
  for (const file of await listRunFiles(files)) {
    const { record, damagedAt } = await readRun(file, ports);
    const at = damagedAt === undefined ? record?.ended?.at : undefined;
    if (at === undefined || at >= before) continue;
    await files.remove(file.name);
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
