import type { Clock, Files } from "../platform/platform.ts";

/** When each secret was last used. A memory that may be lost; no value is in it. */
export interface Uses {
  /** Notes that a secret is used now; where that fails the use goes on. */
  note(name: string): Promise<void>;
  /** Notes that a secret has another name now, or none. */
  rename(from: string, to: string | undefined): Promise<void>;
  /** Milliseconds since 1970, by name. */
  all(): Promise<ReadonlyMap<string, number>>;
}

const FILE = "secret-uses.json";

/** Opens it in the directory `state`. */
export function openUses(state: Files, clock: Pick<Clock, "now">): Uses {
  async function all(): Promise<Map<string, number>> {
    try {
      const written = JSON.parse(await state.readText(FILE) ?? "{}") as Record<string, unknown>;
      return new Map(
        Object.entries(written).filter((use): use is [string, number] =>
          typeof use[1] === "number"
        ),
      );
    } catch {
      return new Map(); // this memory may be lost
    }
  }
  return {
    all,
    note: (name) => change((uses) => void uses.set(name, clock.now())),
    rename: (from, to) =>
      change((uses) => {
        const at = uses.get(from);
        uses.delete(from);
        if (to !== undefined && at !== undefined) uses.set(to, at);
      }),
  };

  async function change(alter: (uses: Map<string, number>) => void): Promise<void> {
    try {
      await state.locked(FILE, async () => {
        const uses = await all();
        alter(uses);
        await state.replace(FILE, `${JSON.stringify(Object.fromEntries(uses))}\n`);
      });
    } catch {
      // the use itself matters more than its date
    }
  }
}
