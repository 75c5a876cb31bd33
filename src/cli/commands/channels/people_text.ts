import type { JsonObject } from "../../../domain/json.ts";
import { BY_ALLOW_FROM } from "../../../gateway/allow_from.ts";
import type { PendingCode } from "../../../gateway/pairing.ts";
import { type AdmittedPerson, describePerson, type PersonId } from "../../../gateway/person.ts";
import { escapeLine } from "../../../text/escape.ts";
import { formatTime } from "../../../text/local_time.ts";
import { formatTable } from "../../print.ts";

/** A person as sentences name them. */
export function nameOf(person: PersonId): string {
  return escapeLine(describePerson(person));
}

/** People as a table. */
export function formatPeople(people: readonly AdmittedPerson[], zone: string): string {
  if (people.length === 0) return "Nobody was let in yet.\n";
  const rows = people.map(({ channel, id, name = "", role, since, by }) => [
    ...[channel, id, role, escapeLine(name)],
    by === BY_ALLOW_FROM ? "by allowFrom of config.json" : `since ${formatTime(since, zone)}`,
  ]);
  return formatTable([["CHANNEL", "ID", "ROLE", "NAME", ""], ...rows]);
}

/** Open codes as a table; the code stands there as `channels approve` takes it. */
export function formatCodes(codes: readonly PendingCode[], zone: string): string {
  if (codes.length === 0) return "Nobody waits.\n";
  const rows = codes.map(({ channel, code, person, expiresAt }) => [
    ...[channel, code],
    person ? nameOf(person) : "makes whoever sends it an owner",
    `until ${formatTime(expiresAt, zone)}`,
  ]);
  return formatTable([["CHANNEL", "CODE", "WHO", ""], ...rows]);
}

/** A person for programs. */
export function personJson({ channel, id, name, role, since, by }: AdmittedPerson): JsonObject {
  const at = by === BY_ALLOW_FROM ? null : new Date(since).toISOString();
  return { channel, id, name: name ?? null, role, since: at, by };
}

/** An open code for programs. */
export function codeJson({ channel, code, role, person, expiresAt }: PendingCode): JsonObject {
  return {
    ...{ channel, code, role },
    id: person?.id ?? null,
    name: person?.name ?? null,
    expiresAt: new Date(expiresAt).toISOString(),
  };
}
