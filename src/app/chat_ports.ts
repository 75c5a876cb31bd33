import type { Origin } from "../domain/message.ts";
import type { JobBook } from "../cron/job_book.ts";
import { describeSchedule } from "../cron/schedule.ts";
import type { ChatCommandPorts } from "../gateway/answer_command.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { People } from "../gateway/people.ts";
import { sessionOf } from "../gateway/session_of.ts";
import { formatTime } from "../text/local_time.ts";
import { undoLast } from "../tools/catalog.ts";
import { approveInChat, keepSecretInChat } from "./_chat_answers.ts";
import { describeStanding, goOnInChat, stopInChat } from "./_chat_stop.ts";
import type { App } from "./app.ts";
import type { Setting, Stores } from "./stores.ts";
import { openUndoable } from "./undo.ts";

/** What the commands of chats are carried out with. */
export interface ChatMeans {
  readonly app: App;
  readonly setting: Pick<Setting, "jobs" | "layout">;
  readonly people: People;
  readonly gateway: Gateway;
  /** Where what a channel brings comes from. */
  originOf(channel: string): Origin;
}

const NEVER = new AbortController().signal;

/** Carries out the commands of chats over the house. */
export function openChatPorts(means: ChatMeans): ChatCommandPorts {
  const { app, setting, people, gateway } = means;
  const { stores } = app;
  return {
    redeem: async (person, code) => await people.redeem(person, code) !== undefined,
    async startAnew({ person, standing, place, conversation: now }) {
      const { channel } = person;
      const chat = now.slice(now.indexOf(":") + 1);
      const conversation = `${channel}:${await people.firstChat(channel, chat)}`;
      const session = sessionOf({ channel, conversation, place, person }, standing);
      return await app.endConversation(session, means.originOf(channel), NEVER);
    },
    status: () => describeStanding(gateway, stores),
    cancel: (conversation) => gateway.cancel(conversation),
    stop: (by) => stopInChat(by, stores),
    resume: (by) => goOnInChat(by, stores),
    approve: (question, reply, by) => approveInChat(question, reply, by, means),
    keepSecret: (name, value, by) => keepSecretInChat({ name, value }, by, means),
    clams: () => listClams(stores),
    memory: async () => await stores.memory.text("chat") || "Nothing is remembered.",
    undo: (change) => undo(change, stores, setting),
    runs: () => listRuns(stores),
    jobs: () => listJobs(setting.jobs, stores),
  };
}

/** Lines of a list in a chat. */
const MOST_LINES = 20;

async function listClams({ library }: Stores): Promise<string> {
  const own = (await library.list()).filter(({ manifest }) => manifest.origin !== "starter");
  const lines = own.map(({ id, manifest }) => `${id}: ${manifest.description}`);
  return shortened(lines, "No clam was kept yet; those that came along are there.");
}

async function listJobs(jobs: JobBook | undefined, { clock }: Stores): Promise<string> {
  const lines = (await jobs?.list() ?? []).map(({ job, next: [next] }) => {
    const when = job.enabled ? formatTime(next ?? 0, clock.zone()) : "disabled";
    return `${job.id} ${job.name}: ${when} (${describeSchedule(job.schedule, clock.zone())})`;
  });
  return shortened(lines, "There are no jobs.");
}

async function listRuns({ runs, clock }: Stores): Promise<string> {
  const lines = (await runs.list()).toReversed().map(({ run, state, record }) =>
    record
      ? `${run} ${state}, ${formatTime(record.at, clock.zone())}: ${record.opening.message.text}`
      : `${run} ${state}`
  );
  return shortened(lines, "No program was run yet.");
}

function shortened(lines: readonly string[], none: string): string {
  if (lines.length === 0) return none;
  const rest = lines.length - MOST_LINES;
  return [...lines.slice(0, MOST_LINES), ...(rest > 0 ? [`… and ${rest} more`] : [])].join("\n");
}

async function undo(
  id: string | undefined,
  stores: Stores,
  setting: ChatMeans["setting"],
): Promise<string> {
  const { undo: log, workspace } = openUndoable(stores, setting);
  const change = await undoLast(log, workspace, NEVER, id);
  if (!change) return id === undefined ? "Nothing can be undone." : `There is no change "${id}".`;
  const { operation, path, to } = change;
  return `Undid the ${operation} of ${path}${to === undefined ? "" : ` to ${to}`}.`;
}
