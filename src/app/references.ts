import type { References } from "../cleanup/references.ts";
import { isNamed } from "../cleanup/references.ts";
import { createMatcher } from "../clams/match.ts";
import type { Clam } from "../domain/clam.ts";
import { CodedError } from "../domain/failure.ts";
import { conversationOfJob } from "../cron/conversation.ts";
import type { Job } from "../cron/job.ts";
import type { JobBook } from "../cron/job_book.ts";
import { HEARTBEAT_FILE } from "../heartbeat/heartbeat_file.ts";
import { openTasks } from "../heartbeat/tasks.ts";
import type { RunRecord } from "../runs/record.ts";
import type { Setting, Stores } from "./stores.ts";

/** Looks what is still needed: by jobs, leases, runs that stand open, standing tasks, and clams. */
export async function findReferences(
  stores: Stores,
  setting: Pick<Setting, "config" | "layout" | "openFiles">,
  book: Pick<JobBook, "list">,
): Promise<References> {
  const jobs = (await book.list()).map(({ job }) => job);
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
      ...jobs.flatMap(({ work }) => work.kind === "clam" ? [work.clam] : []),
      ...await clamsFor([...jobs.flatMap(saidBy), ...await standingTasks(setting)], stores),
    ]),
    conversations: new Set([
      ...runs.map(({ opening }) => opening.conversation),
      ...jobs.flatMap((job) => [job.conversation, conversationOfJob(job)]),
    ]),
    scripts: new Set(programs.map(({ sha256 }) => sha256)),
    texts: [...runs, ...leases, ...clams, ...jobs].map(textOf),
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

/** Clams to which these words lead. */
async function clamsFor(requests: readonly string[], stores: Stores): Promise<readonly string[]> {
  const matcher = createMatcher(stores);
  const found = await Promise.all(requests.map((text) => matcher.find(text)));
  return found.flatMap((match) => match ? [match.clam] : []);
}

function saidBy({ work }: Job): readonly string[] {
  return work.kind === "message" ? [work.text] : [];
}

async function standingTasks(
  { layout, openFiles }: Pick<Setting, "layout" | "openFiles">,
): Promise<readonly string[]> {
  const file = await openFiles(layout.memory).readText(HEARTBEAT_FILE) ?? "";
  return openTasks(file).map(({ text }) => text);
}

/** Everything in it as one text. */
function textOf(value: RunRecord | object): string {
  return JSON.stringify(value, (_, inner) => inner instanceof Map ? [...inner.values()] : inner);
}
