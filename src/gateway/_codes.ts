import type { Random } from "../platform/platform.ts";
import type { KeptCode, PeopleRecord } from "./_people_file.ts";
import type { AdmittedPerson } from "./person.ts";

const CODE_MS = 10 * 60_000;
/** Wrong codes of one sender, after which the open ones are closed to them. */
const MOST_WRONG = 5;
/** Wrong codes of all senders together, after which a code is closed to everybody. */
const MOST_WRONG_OF_ALL = 100;
/** Without what is read for something else: 0 and O, 1 and I. */
const SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const SIGNS_OF_CODE = 8;

/** A fresh code. */
export function makeCode(
  more: Pick<KeptCode, "channel" | "role" | "person">,
  at: number,
  random: Random,
): KeptCode {
  const signs = [...random.bytes(SIGNS_OF_CODE)].map((byte) => SIGNS[byte % SIGNS.length]);
  return { ...more, code: signs.join(""), at, expiresAt: at + CODE_MS, wrong: {} };
}

/** The record without codes whose time is over; itself when there are none. */
export function withoutExpired(record: PeopleRecord, now: number): PeopleRecord {
  const codes = record.codes.filter(({ expiresAt }) => expiresAt > now);
  return codes.length === record.codes.length ? record : { ...record, codes };
}

/** Who became an owner meanwhile stays one. */
export function ownerOf(
  { person }: KeptCode,
  { people }: PeopleRecord,
): AdmittedPerson | undefined {
  return people.find(({ channel, id, role }) =>
    role === "owner" && channel === person?.channel && id === person.id
  );
}

/** Whether it can be used no more: by that sender, or by anybody. */
export function isClosed({ wrong }: KeptCode, by: string): boolean {
  const all = Object.values(wrong).reduce((sum, count) => sum + count, 0);
  return (wrong[by] ?? 0) >= MOST_WRONG || all >= MOST_WRONG_OF_ALL;
}

/** A code after one more wrong try. */
export function withWrong(code: KeptCode, by: string): KeptCode {
  if (isClosed(code, by)) return code;
  return { ...code, wrong: { ...code.wrong, [by]: (code.wrong[by] ?? 0) + 1 } };
}

/** A code as it is kept: people write it in small letters, with blanks or a dash. */
export function spelled(sent: string): string {
  return sent.slice(0, 100).replace(/[\s-]/g, "").toUpperCase();
}
