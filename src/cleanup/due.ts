import type { Clock, Files } from "../platform/platform.ts";
import { HOUR_MS } from "./ages.ts";

const NAME = "cleaned";

/** Whether the last cleanup of a home was an hour ago or more; if so, it counts as done now. */
export async function isCleanupDue(state: Files, clock: Pick<Clock, "now">): Promise<boolean> {
  const now = clock.now();
  const last = Number(await state.readText(NAME) ?? 0);
  if (last <= now && now < last + HOUR_MS) return false;
  await state.replace(NAME, String(now));
  return true;
}
