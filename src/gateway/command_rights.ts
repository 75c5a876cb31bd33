import type { ChatCommandName } from "./chat_commands.ts";
import type { Standing } from "./person.ts";

/** Who writes where, as far as it decides what they may. */
export type Writer =
  | "owner_private"
  | "owner_group"
  | "guest_private"
  | "guest_group"
  | "unknown";

/** What becomes of a command. */
export type CommandRight =
  | "done"
  /** It tells or takes what others in the group must not see. */
  | "in_private"
  | "for_owners"
  /** Whoever is unknown gets the same answer to whatever they write. */
  | "not_heard";

/** Who writes where. */
export function writerOf(standing: Standing, place: "private" | "group"): Writer {
  return standing === "unknown" ? "unknown" : `${standing}_${place}`;
}

const EVERYBODY = {
  owner_private: "done",
  owner_group: "done",
  guest_private: "done",
  guest_group: "done",
  unknown: "not_heard",
} as const;
const OWNERS = {
  ...EVERYBODY,
  guest_private: "for_owners",
  guest_group: "for_owners",
} as const;
const OWNERS_IN_PRIVATE = { ...OWNERS, owner_group: "in_private" } as const;

/** Every command, for everybody who may write it. */
export const COMMAND_RIGHTS: Readonly<
  Record<ChatCommandName, Readonly<Record<Writer, CommandRight>>>
> = {
  // a code makes an owner of somebody unknown, so it is read
  start: { ...EVERYBODY, unknown: "done" },
  help: EVERYBODY,
  new: EVERYBODY,
  yes: OWNERS,
  // what is under way in a group may be an owner's
  cancel: { ...EVERYBODY, guest_group: "for_owners" },
  stop: OWNERS,
  resume: OWNERS,
  status: OWNERS_IN_PRIVATE,
  approve: OWNERS_IN_PRIVATE,
  secret: OWNERS_IN_PRIVATE,
  clams: OWNERS_IN_PRIVATE,
  memory: OWNERS_IN_PRIVATE,
  undo: OWNERS_IN_PRIVATE,
  runs: OWNERS_IN_PRIVATE,
  cron: OWNERS_IN_PRIVATE,
};
