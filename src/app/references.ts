import type { References } from "../cleanup/references.ts";
import { isNamed } from "../cleanup/references.ts";
import { createMatcher } from "../clams/match.ts";
import type { Clam } from "../domain/clam.ts";
import { CodedError } from "../domain/failure.ts";
import { openTasks } from "../heartbeat/tasks.ts";
import type { RunRecord } from "../runs/record.ts";
import type { Setting, Stores } from "./stores.ts";

/** Looks what is still needed: by leases, by runs that stand open, by standing tasks, and by clams. */
export async function findReferences(
  stores: Stores,
  setting: Pick<Setting, "config" | "layout" | "openFiles">,
): Promise<References> {
  const now = stores.clock.now();
  const runs = (await stores.runs.listOpen()).flatMap(({ record }) => record ?? []);
  const leases = (await stores.leases.list()).filter(({ expiresAt }) => expiresAt > now);
  const clams = await ownClams(stores);
  const programs = runs.flatMap(({ attempts }) => attempts.map(({ program }) => program));
  const using = clams.filter(({ manifest }) => manifest.declaredTools.includes("clam"));
  const settings = Object.keys(setting.config.agents.clamEnv);
  const isNeeded = ({ id, manifest: { name, sha256 } }: Clam) => {
    const naming = [...settings, ...using.filter((one) => one.id !== id).map(textOf)];
    return leases.some((lease) => lease.clam === id || lease.sha256 === sha256) ||
      isNamed(id, naming) || isNamed(name, naming);
  };
  return {
    clams: new Set([
      ...programs.flatMap(({ id }) => id ?? []),
      ...clams.filter(isNeeded).map(({ id }) => id),
      ...await clamsOfTasks(stores, setting),
    ]),
    conversations: new Set(runs.map(({ opening }) => opening.conversation)),
    scripts: new Set(programs.map(({ sha256 }) => sha256)),
    texts: [...runs, ...leases, ...clams].map(textOf),
  };
}

/** Every own clam that can be read, with its script. */
async function ownClams({ library }: Stores): Promise<readonly Clam[]> {
  const clams: Clam[] = [];
  for (const { id, manifest } of await library.list()) {
    if (manifest.origin === "starter") continue;
    try {
      clams.push(await library.look(id));
    } catch (error) {
      if (!(error instanceof CodedError)) throw error; // a broken one needs nothing
    }
  }
  return clams;
}

/** Clams that a standing task leads to, by its words. */
async function clamsOfTasks(
  stores: Stores,
  { layout, openFiles }: Pick<Setting, "layout" | "openFiles">,
): Promise<readonly string[]> {
  const matcher = createMatcher(stores);
  const file = await openFiles(layout.memory).readText("HEARTBEAT.md") ?? "";
  const found = await Promise.all(openTasks(file).map(({ text }) => matcher.find(text)));
  return found.flatMap((match) => match ? [match.clam] : []);
}

/** Everything in it as one text. */
function textOf(value: RunRecord | object): string {
  return JSON.stringify(value, (_, inner) => inner instanceof Map ? [...inner.values()] : inner);
}
