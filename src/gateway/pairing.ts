import { CodedError } from "../domain/failure.ts";
import type { JsonObject } from "../domain/json.ts";
import type { Clock, Random } from "../platform/platform.ts";
import { isSameText } from "../text/same_text.ts";
import { isClosed, makeCode, ownerOf, spelled, withoutExpired, withWrong } from "./_codes.ts";
import { type KeptCode, type PeopleFile, type PeopleRecord, withPerson } from "./_people_file.ts";
import { type AdmittedPerson, type PersonId, withShortName } from "./person.ts";

/** Somebody who asked to be admitted, and the code by which they are. */
export type PendingCode = Omit<KeptCode, "wrong">;

/** Codes by which people are admitted: each for one channel, ten minutes and one use. */
export interface Pairing {
  /** Codes that can still be used, oldest first. */
  pending(): Promise<readonly PendingCode[]>;
  /**
   * The code of somebody unknown who writes, by which an owner can admit them as a guest; the same
   * while it is open. `undefined` when so many are open that no other is given.
   */
  askFor(person: PersonId): Promise<PendingCode | undefined>;
  /** A code that makes whoever sends it an owner; one that was open before counts no more. */
  inviteOwner(channel: string): Promise<PendingCode>;
  /**
   * Admits the person of a code that `askFor` gave.
   * @throws {CodedError} `pairing_refused`
   */
  approve(channel: string, code: string, by: string): Promise<AdmittedPerson>;
  /**
   * Takes a code that somebody sent; `undefined` when it is none that makes them an owner. Wrong
   * ones of one sender count against them alone, so that nobody can use up the code of another.
   */
  redeem(person: PersonId, code: string): Promise<AdmittedPerson | undefined>;
}

/** What pairing needs. */
interface PairingPorts {
  readonly file: PeopleFile;
  readonly clock: Clock;
  readonly random: Random;
  /** Writes a line of the audit log. */
  readonly note: (kind: string, told: JsonObject) => Promise<void>;
}

/** Open codes of one channel: strangers make the file grow. */
const MOST_OPEN = 20;

/** Whoever sits at the command line, as one of those who try codes. */
const AT_COMMAND_LINE = "cli";

/** A code that was sent, and the open ones that it may be. */
interface SentCode {
  readonly sent: string;
  readonly by: string;
  readonly isMeant: (code: KeptCode) => boolean;
}

/** What came of a code that was sent. */
interface Used {
  readonly person: AdmittedPerson | undefined;
  /** Codes that it was held against. */
  readonly meant: readonly KeptCode[];
}

/** Builds it over the file of the people. */
export function createPairing({ file, clock, random, note }: PairingPorts): Pairing {
  const fresh = (record: PeopleRecord) => withoutExpired(record, clock.now());
  const make = (more: Pick<KeptCode, "channel" | "role" | "person">) =>
    makeCode(more, clock.now(), random);
  const use = (sent: SentCode, admit: (code: KeptCode) => Promise<AdmittedPerson>) =>
    file.change<Used>((before) => useCode(sent, fresh(before), admit));
  const refusal = async (channel: string) => {
    const { codes } = fresh(await file.read());
    return refusedCode(channel, codes.filter((code) => code.channel === channel && code.person));
  };
  return {
    pending: async () =>
      fresh(await file.read()).codes.filter((code) => !isClosed(code, AT_COMMAND_LINE))
        .map(({ wrong: _, ...code }) => code),
    askFor: (person) =>
      file.change(async (before) => {
        const record = fresh(before);
        const { channel, id } = person;
        const ofChannel = record.codes.filter((code) => code.channel === channel && code.person);
        const known = ofChannel.find((code) => code.person?.id === id);
        if (known || ofChannel.length >= MOST_OPEN) return { record, result: known };
        const code = make({ channel, role: "guest", person: withShortName(person) });
        await note("pairing_asked", { channel, id });
        return { record: { ...record, codes: [...record.codes, code] }, result: code };
      }),
    inviteOwner: (channel) =>
      file.change(async (before) => {
        const others = fresh(before).codes.filter((code) =>
          code.channel !== channel || code.person
        );
        const code = make({ channel, role: "owner" });
        await note("owner_invited", { channel });
        return { record: { ...before, codes: [...others, code] }, result: code };
      }),
    async approve(channel, sent, by) {
      const { person, meant } = await use(
        {
          sent,
          by: AT_COMMAND_LINE,
          isMeant: (code) => code.channel === channel && code.person !== undefined,
        },
        async ({ person = { channel, id: "" }, role }) => {
          await note("person_added", { channel, id: person.id, role, by, code: true });
          return { ...person, role, since: clock.now(), by };
        },
      );
      if (person) return person;
      if (meant.length > 0) await note("pairing_refused", { channel, by });
      throw await refusal(channel);
    },
    async redeem(sender, sent) {
      const { channel, id } = sender;
      const { person, meant } = await use(
        {
          sent,
          by: id,
          isMeant: (code) => code.channel === channel && code.person === undefined,
        },
        async ({ role }) => {
          await note("person_added", { channel, id, role, by: "code" });
          return { ...withShortName(sender), role, since: clock.now(), by: "code" };
        },
      );
      if (!person && meant.length > 0) await note("pairing_refused", { channel, id });
      return person;
    },
  };
}

/** The open code that was sent, used up; else one more wrong try of that sender. */
async function useCode(
  { sent, by, isMeant }: SentCode,
  record: PeopleRecord,
  admit: (code: KeptCode) => Promise<AdmittedPerson>,
): Promise<{ readonly record: PeopleRecord; readonly result: Used }> {
  const meant = record.codes.filter(isMeant);
  const usable = meant.filter((code) => !isClosed(code, by));
  // every one is compared, so that the time does not tell which is near
  const [found] = usable.filter(({ code }) => isSameText(spelled(sent), code));
  if (found) {
    const codes = record.codes.filter((code) => code !== found);
    const person = ownerOf(found, record) ?? await admit(found);
    return { record: withPerson({ ...record, codes }, person), result: { person, meant } };
  }
  if (usable.length === 0) return { record, result: { person: undefined, meant: [] } };
  const codes = record.codes.map((code) => meant.includes(code) ? withWrong(code, by) : code);
  return { record: { ...record, codes }, result: { person: undefined, meant } };
}

function refusedCode(channel: string, open: readonly KeptCode[]): CodedError {
  const isOver = open.length > 0 && open.every((code) => isClosed(code, AT_COMMAND_LINE));
  return new CodedError(
    "pairing_refused",
    isOver
      ? `Too many wrong codes were tried for ${channel}: those that were open count no more.`
      : `This is no open code of ${channel}: a code counts once, for ten minutes.`,
    isOver
      ? "Who wants to be admitted gets a new code in ten minutes, by writing again."
      : "See clambot channels pending; who wants to be admitted gets a new code by writing again.",
  );
}
