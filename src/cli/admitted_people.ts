import { CodedError } from "../domain/failure.ts";
import { allowFromOf, describeAllowFrom, listAdmitted } from "../gateway/allow_from.ts";
import { type AdmittedPerson, isPersonId, PEOPLED_CHANNELS } from "../gateway/person.ts";
import type { Config } from "../config/schema.ts";

/** Who is let in, and what to know about it. */
export interface AdmittedPeople {
  readonly admitted: readonly AdmittedPerson[];
  readonly notes: readonly string[];
}

interface Configured {
  readonly config: Config;
}

/** Everybody who is let in, channel by channel. */
export function listEverybody(
  people: readonly AdmittedPerson[],
  context: Configured,
): AdmittedPeople {
  const all = PEOPLED_CHANNELS.map((channel) => listChannel(channel, people, context));
  return {
    admitted: all.flatMap(({ admitted }) => admitted),
    notes: all.flatMap(({ notes }) => notes),
  };
}

/** Everybody who is let in on one channel. */
export function listChannel(
  channel: string,
  people: readonly AdmittedPerson[],
  { config }: Configured,
): AdmittedPeople {
  const allowed = allowFromOf(channel, config);
  return {
    admitted: listAdmitted(channel, people, allowed),
    notes: describeAllowFrom(channel, people, allowed),
  };
}

/** @throws {CodedError} `usage` */
export function readChannel(name: string): string {
  if (PEOPLED_CHANNELS.includes(name)) return name;
  throw new CodedError(
    "usage",
    `There is no channel "${name}".`,
    `Write ${PEOPLED_CHANNELS.join(" or ")}.`,
  );
}

/** @throws {CodedError} `usage` */
export function readPerson(channel: string, id: string): string {
  if (isPersonId(channel, id)) return id;
  const what = channel === "telegram"
    ? "a number; a name is none, for it can be given to somebody else"
    : "up to 64 letters, digits and . _ -";
  throw new CodedError("usage", `"${id}" is no id of ${channel}: that is ${what}.`);
}
