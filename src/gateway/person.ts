/** What somebody may do: an owner everything, a guest may talk. */
export type Role = "owner" | "guest";

/** A role, or none. */
export type Standing = Role | "unknown";

/** Channels on which people have numbers or names of their own. */
export const PEOPLED_CHANNELS: readonly string[] = ["telegram", "loopback"];

/** Who somebody is on a channel. Names are what people call themselves; only the id counts. */
export interface PersonId {
  readonly channel: string;
  /** On Telegram a number, as text. */
  readonly id: string;
  readonly name?: string;
}

/** Somebody who was admitted. */
export interface AdmittedPerson extends PersonId {
  readonly role: Role;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Who admitted them: `cli`, `code`, or the id of an owner. */
  readonly by: string;
}

/** Whether a text can be the id of a person on that channel. */
export function isPersonId(channel: string, id: string): boolean {
  return channel === "telegram" ? /^[1-9]\d{0,19}$/.test(id) : /^[A-Za-z0-9][\w.-]{0,63}$/.test(id);
}

/** A person as sentences name them: the channel, the id, and what they call themselves. */
export function describePerson({ channel, id, name }: PersonId): string {
  return name ? `${channel} ${id} (${name})` : `${channel} ${id}`;
}

/** Characters of a name that are kept: strangers choose theirs. */
const LONGEST_NAME = 64;

/** A person with a name that fits a line. */
export function withShortName({ channel, id, name }: PersonId): PersonId {
  // deno-lint-ignore no-control-regex
  const short = name?.replace(/[\u0000-\u001f\u007f]+/g, " ").trim().slice(0, LONGEST_NAME)
    .toWellFormed();
  return { channel, id, ...(short ? { name: short } : {}) };
}
