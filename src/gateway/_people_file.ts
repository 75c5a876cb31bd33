import { CodedError } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { Files } from "../platform/platform.ts";
import type { AdmittedPerson, PersonId, Role } from "./person.ts";

/** A code by which somebody is admitted, once. */
export interface KeptCode {
  readonly channel: string;
  readonly code: string;
  readonly role: Role;
  /** Whom it admits; whoever sends it, where it is left out. */
  readonly person?: PersonId;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly expiresAt: number;
  /** Wrong codes that were tried while it was open, by who tried them. */
  readonly wrong: Readonly<Record<string, number>>;
}

/** A chat that goes on under another id. */
export interface MovedChat {
  readonly channel: string;
  readonly from: string;
  readonly to: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** All that `state/people.json` holds. */
export interface PeopleRecord {
  readonly people: readonly AdmittedPerson[];
  readonly codes: readonly KeptCode[];
  readonly moved: readonly MovedChat[];
}

/** The file, changed under its lock and replaced whole. */
export interface PeopleFile {
  /** @throws {CodedError} `people_damaged`; the file is left as it is */
  read(): Promise<PeopleRecord>;
  /** Replaces what stands there by what `decide` makes of it; the same record changes nothing. */
  change<T>(
    decide: (
      record: PeopleRecord,
    ) => Promise<{ readonly record: PeopleRecord; readonly result: T }>,
  ): Promise<T>;
}

const NAME = "people.json";
const NOBODY: PeopleRecord = { people: [], codes: [], moved: [] };

/** Opens `people.json` in the state directory. */
export function openPeopleFile(files: Files): PeopleFile {
  const read = async (): Promise<PeopleRecord> => {
    const text = await files.readText(NAME);
    if (text === undefined) return NOBODY;
    return parsePeople(text) ?? await refuse(`${files.path}/${NAME}`);
  };
  return {
    read,
    change: (decide) =>
      files.locked("people", async () => {
        const before = await read();
        const { record, result } = await decide(before);
        if (record !== before) {
          await files.replace(NAME, `${JSON.stringify(record, undefined, 2)}\n`);
        }
        return result;
      }),
  };
}

/** The record with a person in place of what it said of them before. */
export function withPerson(record: PeopleRecord, person: AdmittedPerson): PeopleRecord {
  return { ...record, people: [...withoutPerson(record, person).people, person] };
}

/** The record without a person. */
export function withoutPerson(record: PeopleRecord, { channel, id }: PersonId): PeopleRecord {
  const people = record.people.filter((one) => one.channel !== channel || one.id !== id);
  return { ...record, people };
}

function refuse(path: string): never {
  throw new CodedError(
    "people_damaged",
    `The list of people in ${path} is damaged, so nobody is admitted.`,
    "Mend it, or remove it and admit everybody anew with clambot channels.",
  );
}

/** The record; `undefined` unless every part of it is understood. */
function parsePeople(text: string): PeopleRecord | undefined {
  try {
    const { people, codes, moved, ...rest } = JSON.parse(text) as JsonObject;
    const isWhole = Object.keys(rest).length === 0 && isListOf(people, isPerson) &&
      isListOf(codes, isCode) && isListOf(moved, isMoved);
    return isWhole ? { people, codes, moved } as unknown as PeopleRecord : undefined;
  } catch {
    return undefined; // no JSON, or no object
  }
}

function isListOf(value: Json | undefined, is: (one: JsonObject) => boolean): boolean {
  return Array.isArray(value) && value.every((one) => isObject(one) && is(one));
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const isText = (value: Json | undefined) => typeof value === "string" && value !== "";
const isRole = (value: Json | undefined) => value === "owner" || value === "guest";
const isTime = (value: Json | undefined) => typeof value === "number" && Number.isFinite(value);

function isId({ channel, id, name }: JsonObject): boolean {
  return isText(channel) && isText(id) && (name === undefined || typeof name === "string");
}

function isPerson(one: JsonObject): boolean {
  return isId(one) && isRole(one.role) && isTime(one.since) && isText(one.by);
}

function isCode({ channel, code, role, person, at, expiresAt, wrong }: JsonObject): boolean {
  return isText(channel) && isText(code) && isRole(role) && isTime(at) && isTime(expiresAt) &&
    (person === undefined || isObject(person) && isId(person)) &&
    isObject(wrong) && Object.values(wrong).every(isTime);
}

function isMoved({ channel, from, to, at }: JsonObject): boolean {
  return isText(channel) && isText(from) && isText(to) && isTime(at);
}
