import type { Audit } from "../audit/audit.ts";
import { CodedError } from "../domain/failure.ts";
import type { JsonObject } from "../domain/json.ts";
import type { Redactor } from "../domain/redacted.ts";
import type { Clock, Files, Random } from "../platform/platform.ts";
import { openPeopleFile, type PeopleRecord, withoutPerson, withPerson } from "./_people_file.ts";
import { createPairing, type Pairing } from "./pairing.ts";
import {
  type AdmittedPerson,
  describePerson,
  type PersonId,
  type Role,
  withShortName,
} from "./person.ts";

/** The people of every channel; each change stands in the audit log before it is made. */
export interface People extends Pairing {
  /** Everybody who was admitted, owners first. */
  list(): Promise<readonly AdmittedPerson[]>;
  find(channel: string, id: string): Promise<AdmittedPerson | undefined>;
  /** Gives somebody a role, in place of the one that they had. */
  admit(person: PersonId, role: Role, by: string): Promise<AdmittedPerson>;
  /** @throws {CodedError} `person_not_found` */
  remove(channel: string, id: string, by: string): Promise<AdmittedPerson>;
  /** A chat goes on under another id, as when a group becomes a supergroup. */
  moveChat(channel: string, from: string, to: string): Promise<void>;
  /** The id under which a chat goes on now. */
  currentChat(channel: string, chat: string): Promise<string>;
  /** The id under which a chat began. */
  firstChat(channel: string, chat: string): Promise<string>;
}

/** What the list of people needs. */
export interface PeoplePorts {
  /** The state directory. */
  readonly files: Files;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: Audit;
  readonly redactor: Redactor;
}

/**
 * Opens `people.json`.
 * @throws {CodedError} from every method: `people_damaged` where the file is not understood whole
 */
export function openPeople({ files, clock, random, audit, redactor }: PeoplePorts): People {
  const file = openPeopleFile(files);
  const note = async (kind: string, told: JsonObject) =>
    void await audit.record(kind, redactor.clean(told));
  return {
    ...createPairing({ file, clock, random, note }),
    async list() {
      const { people } = await file.read();
      return people.toSorted((a, b) => Number(b.role === "owner") - Number(a.role === "owner"));
    },
    async find(channel, id) {
      return (await file.read()).people.find((one) => one.channel === channel && one.id === id);
    },
    admit: (person, role, by) =>
      file.change(async (record) => {
        const added: AdmittedPerson = { ...withShortName(person), role, since: clock.now(), by };
        await note("person_added", { ...idOf(added), role, by });
        return { record: withPerson(record, added), result: added };
      }),
    remove: (channel, id, by) =>
      file.change(async (record) => {
        const found = record.people.find((one) => one.channel === channel && one.id === id);
        if (!found) throw nobody({ channel, id });
        await note("person_removed", { ...idOf(found), role: found.role, by });
        return { record: withoutPerson(record, found), result: found };
      }),
    moveChat: (channel, from, to) =>
      file.change(async (record) => {
        if (from === to || followMoves(record, channel, from) === to) {
          return { record, result: undefined };
        }
        await note("chat_moved", { channel, from, to });
        const moved = record.moved.filter((one) => one.channel !== channel || one.from !== from);
        const added = { channel, from, to, at: clock.now() };
        return { record: { ...record, moved: [...moved, added] }, result: undefined };
      }),
    async currentChat(channel, chat) {
      return followMoves(await file.read(), channel, chat);
    },
    async firstChat(channel, chat) {
      const record = await file.read();
      const moved = record.moved.map(({ from, to, ...more }) => ({ ...more, from: to, to: from }));
      return followMoves({ ...record, moved }, channel, chat);
    },
  };
}

/** Follows a chat from move to move; a circle ends where it began. */
function followMoves({ moved }: PeopleRecord, channel: string, chat: string): string {
  const seen = new Set<string>();
  let at = chat;
  while (!seen.has(at)) {
    seen.add(at);
    at = moved.find((one) => one.channel === channel && one.from === at)?.to ?? at;
  }
  return at;
}

function idOf({ channel, id, name }: PersonId): JsonObject {
  return { channel, id, ...(name === undefined ? {} : { name }) };
}

function nobody(person: PersonId): CodedError {
  return new CodedError(
    "person_not_found",
    `${describePerson(person)} was not admitted by a code or a command.`,
    "See clambot channels list.",
  );
}
