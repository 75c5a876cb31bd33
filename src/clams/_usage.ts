import type { ClamId } from "../domain/clam.ts";
import type { Files } from "../platform/platform.ts";
import { parseClamId } from "./id.ts";

/** How often a clam did its work, and when last. */
export interface ClamUse {
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly lastUsed: number;
}

const FILE = ".usage.json";

/**
 * Uses of all clams. The file holds seconds, as the original wrote it. What cannot be read counts
 * as none: uses only order lists.
 */
export async function loadUsage(clams: Files): Promise<ReadonlyMap<ClamId, ClamUse>> {
  const usage = new Map<ClamId, ClamUse>();
  for (const [name, entry] of Object.entries(readJson(await clams.readText(FILE)) ?? {})) {
    const id = parseClamId(name);
    const count = entry?.count ?? entry?.usage_count;
    const last = entry?.last_used;
    if (id && typeof count === "number" && typeof last === "number") {
      usage.set(id, { count, lastUsed: last * 1000 });
    }
  }
  return usage;
}

/** Counts one use, or so many `more`. The caller holds the lock of the library. */
export async function saveUse(clams: Files, id: ClamId, now: number, more = 1): Promise<void> {
  const usage = new Map(await loadUsage(clams));
  usage.set(id, { count: (usage.get(id)?.count ?? 0) + more, lastUsed: now });
  const entries = [...usage].map(([key, { count, lastUsed }]) => [
    key,
    { count, last_used: Math.floor(lastUsed / 1000) },
  ]);
  await clams.replace(FILE, JSON.stringify(Object.fromEntries(entries)));
}

function readJson(text = "{}"): Record<string, Record<string, unknown> | null> | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
