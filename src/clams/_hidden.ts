import type { Files } from "../platform/platform.ts";

const FILE = ".hidden.json";

/** Ids of the starters that the person does not want to see. */
export async function loadHidden(clams: Files): Promise<ReadonlySet<string>> {
  try {
    const ids: unknown = JSON.parse(await clams.readText(FILE) ?? "[]");
    return new Set(Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : []);
  } catch {
    return new Set(); // showing a starter too many harms nobody
  }
}

/** The caller holds the lock of the library. */
export async function saveHidden(clams: Files, id: string, isHidden: boolean): Promise<void> {
  const ids = new Set(await loadHidden(clams));
  if (isHidden) ids.add(id);
  else ids.delete(id);
  await clams.replace(FILE, JSON.stringify([...ids].sort()));
}
