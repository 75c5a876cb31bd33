import { type Cleaned, type Cleaning, cleanUp } from "../cleanup/cleanup.ts";
import { finishedJobs } from "../cleanup/finished_jobs.ts";
import { isCleanupDue } from "../cleanup/due.ts";
import { longLog } from "../cleanup/long_log.ts";
import { oldConversations } from "../cleanup/old_conversations.ts";
import { oldUploads } from "../cleanup/old_uploads.ts";
import { orphanDrafts } from "../cleanup/orphan_drafts.ts";
import { staleClams } from "../cleanup/stale_clams.ts";
import type { JobBook } from "../cron/job_book.ts";
import { isOfHouse } from "../domain/conversation.ts";
import { once } from "../domain/once.ts";
import type { Log } from "../platform/platform.ts";
import { findReferences } from "./references.ts";
import type { Setting, Stores } from "./stores.ts";
import { rightsOf } from "./turn_rights.ts";

// The cleanup of a home, put together.

/** What is cleaned up, and as the configuration wants it. */
export type CleanedSetting = Pick<Setting, "config" | "layout" | "openFiles"> & {
  /** The jobs of the home, wherever they are kept just now. */
  readonly book: JobBook;
};

/** Puts away what `heartbeat.cleanup` says is not needed; in a dry run only says what that is. */
export async function cleanHome(
  stores: Stores,
  setting: CleanedSetting,
  { dryRun }: { readonly dryRun: boolean },
): Promise<Cleaned> {
  const references = once(() => findReferences(stores, setting, setting.book));
  return await cleanUp(cleaningsOf(stores, setting), references, { dryRun });
}

/** The same, once an hour at most; what came of it is logged. */
export async function cleanNowAndThen(
  stores: Stores,
  setting: CleanedSetting,
  log: Log,
): Promise<void> {
  if (!await isCleanupDue(stores.state, stores.clock)) return;
  const { putAway, failed } = await cleanHome(stores, setting, { dryRun: false });
  for (const { kind, name, lastUsed } of putAway) log.debug("put_away", { kind, name, lastUsed });
  for (const { kind, failure } of failed) log.warn("cleanup_failed", { kind, code: failure.code });
}

/** What is named is looked for where it is said: conversations go last. */
function cleaningsOf(stores: Stores, setting: CleanedSetting): readonly Cleaning[] {
  const { config, layout, openFiles } = setting;
  const { cleanup } = config.heartbeat;
  const { sessions } = stores;
  const workspace = openFiles(layout.workspace);
  const ports = { ...stores, workspace };
  return [
    staleClams(ports, cleanup.staleClamDays),
    orphanDrafts(ports, cleanup.orphanBuildHours),
    oldUploads({
      ...ports,
      async said() {
        const all = (await sessions.list()).map(({ conversation }) => sessions.read(conversation));
        return (await Promise.all(all)).flat().map((entry) => JSON.stringify(entry));
      },
    }, cleanup.uploadRetentionDays),
    finishedJobs({ ...ports, jobs: setting.book }, cleanup.pruneDisabledCron),
    longLog({ ...ports, path: "logs/gateway_cron_events.jsonl" }, cleanup.cronLogMaxLines),
    oldConversations({ ...ports, awaitsSummary }, cleanup.sessionMaxFiles),
  ];

  /** As the summing up behind later answers finds them. */
  async function awaitsSummary(conversation: string, lastAt: number): Promise<boolean> {
    if (config.agents.defaults.model === "" || !rightsOf(conversation).memory) return false;
    if (isOfHouse(conversation)) return false;
    const survey = await stores.summedUp.survey();
    return survey.upTo(conversation) * 1000 < lastAt && survey.isFree(conversation);
  }
}
