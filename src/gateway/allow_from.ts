import type { Config } from "../config/schema.ts";
import { type AdmittedPerson, type PersonId, type Role, type Standing } from "./person.ts";

/** Whom the configuration of a channel lets in, as `allowFrom` says it. */
export type AllowFrom =
  /** Whoever reaches the channel sits at this machine: everybody is an owner. */
  | { readonly kind: "here" }
  /** It is not written: nobody, until a code admits them. */
  | { readonly kind: "nobody" }
  /** An empty list: everybody, as a guest. */
  | { readonly kind: "everybody" }
  /** `names`: in small letters; whoever writes under one may ask for a code. */
  | {
    readonly kind: "listed";
    readonly ids: readonly string[];
    readonly names: readonly string[];
  };

/** What stands in `by` of people whom the list lets in. */
export const BY_ALLOW_FROM = "allowFrom";

/**
 * Reads the list. An entry is an id, a user name, or the original's `id|name`, of which the id
 * counts: names can be given away, and taken by others.
 */
export function readAllowFrom(list: readonly string[] | undefined): AllowFrom {
  if (list === undefined) return { kind: "nobody" };
  const entries = list.map((entry) => entry.split("|")[0]?.trim() ?? "").filter(Boolean);
  if (list.length === 0) return { kind: "everybody" };
  const isId = (entry: string) => /^\d+$/.test(entry);
  return {
    kind: "listed",
    ids: [...new Set(entries.filter(isId))],
    names: entries.filter((entry) => !isId(entry)).map(nameIn),
  };
}

/** Whom the configuration lets in on a channel; whoever uses the loopback channel sits here. */
export function allowFromOf(channel: string, { channels }: Pick<Config, "channels">): AllowFrom {
  return channel === "telegram" ? readAllowFrom(channels.telegram.allowFrom) : { kind: "here" };
}

/** What somebody is: by the list of people, else by what the configuration lets in. */
export function standingOf(
  person: PersonId,
  people: readonly AdmittedPerson[],
  allowed: AllowFrom,
): Standing {
  const { channel, id } = person;
  const known = people.find((one) => one.channel === channel && one.id === id);
  if (known) return known.role;
  switch (allowed.kind) {
    case "nobody":
      return "unknown";
    case "here":
      return "owner";
    case "everybody":
      return "guest";
    case "listed":
      return allowed.ids.includes(id) ? roleOfListed(channel, people) : "unknown";
  }
}

/** Whether somebody unknown may have a code by which an owner admits them. */
export function mayAskForCode({ name = "" }: PersonId, allowed: AllowFrom): boolean {
  if (allowed.kind === "nobody") return true;
  return allowed.kind === "listed" && name !== "" && allowed.names.includes(nameIn(name));
}

/** Everybody whom the list of people or the configuration lets in by their id, owners first. */
export function listAdmitted(
  channel: string,
  people: readonly AdmittedPerson[],
  allowed: AllowFrom,
): readonly AdmittedPerson[] {
  const known = people.filter((one) => one.channel === channel);
  const role = roleOfListed(channel, people);
  const listed = allowed.kind === "listed"
    ? allowed.ids.filter((id) => known.every((one) => one.id !== id))
    : [];
  const all = [
    ...known,
    ...listed.map((id) => ({ channel, id, role, since: 0, by: BY_ALLOW_FROM })),
  ];
  return all.toSorted((a, b) => Number(b.role === "owner") - Number(a.role === "owner"));
}

/** What the start of the gateway, `doctor` and `channels list` say about it; often nothing. */
export function describeAllowFrom(
  channel: string,
  people: readonly AdmittedPerson[],
  allowed: AllowFrom,
): readonly string[] {
  const key = `channels.${channel}.allowFrom`;
  const owners = people.filter((one) => one.channel === channel && one.role === "owner");
  switch (allowed.kind) {
    case "everybody":
      return [
        `${key} is an empty list: everybody may talk to it, as a guest, on your account. Take the ` +
        "key out, and people need a code of yours.",
      ];
    case "here":
    case "nobody":
      return [];
    case "listed":
      return owners.length > 0 || allowed.ids.length === 0 ? [] : [
        `No owner of ${channel} is named yet, so the ids of ${key} are owners: ` +
        `${allowed.ids.join(", ")}. Once clambot channels owner names one, they are guests.`,
      ];
  }
}

/** Those who are listed are owners until somebody else is named as one. */
function roleOfListed(channel: string, people: readonly AdmittedPerson[]): Role {
  const isNamed = people.some((one) => one.channel === channel && one.role === "owner");
  return isNamed ? "guest" : "owner";
}

function nameIn(text: string): string {
  return text.replace(/^@/, "").toLowerCase();
}
