import type { Failure } from "../domain/failure.ts";
import type { Json } from "../domain/json.ts";
import { canonicalJson } from "../text/canonical_json.ts";
import { removeMember, setMember } from "./_json_edit.ts";
import { readJson } from "./_json_text.ts";
import { findItemProblem } from "./_list_items.ts";
import {
  fallbackOf,
  findNearestKey,
  findPlace,
  type FoundPlace,
  MASK,
  maskPasswords,
  type Step,
} from "./keys.ts";
import { complain, parseConfig } from "./parse.ts";

/** One key and its new value; `undefined` takes the key out. */
export interface ConfigChange {
  /** Dotted path such as `agents.defaults.model`. */
  readonly key: string;
  readonly value: Json | undefined;
}

/** A file's text after a change, or why it cannot be made. */
export type ChangedConfig =
  | { readonly kind: "ok"; readonly text: string }
  | { readonly kind: "invalid"; readonly failure: Failure };

/**
 * Changes one key in the text of a configuration file; `undefined` = there is no file yet. Every
 * other character stays. A value that is the default is not written but taken out, so that a later
 * default reaches this file. `path` is the file's, for messages.
 */
export function changeConfig(
  text: string | undefined,
  change: ConfigChange,
  path: string,
): ChangedConfig {
  const before = parseConfig(text ?? EMPTY, path);
  if (before.kind === "invalid") return before;
  const way = findWay(change);
  if (way.kind === "invalid") return way;
  if (change.value !== undefined && !way.isFallback) {
    return { kind: "ok", text: setMember(text ?? EMPTY, way.steps, change.value) };
  }
  const after = removeMember(text ?? EMPTY, way.steps);
  const isNothing = change.value === undefined && after === (text ?? EMPTY);
  return isNothing && !findPlace(change.key) ? noSuchKey(change.key) : { kind: "ok", text: after };
}

/** A file that says nothing. */
const EMPTY = "{}\n";

/**
 * The value that a person means by a word on the command line: JSON where the key takes it, else
 * the text as it is; `null` is "not set", as in the file.
 */
export function parseValue(key: string, text: string): Json | undefined {
  if (text.trim() === "null") return undefined;
  const reading = readJson(text);
  const type = findPlace(key)?.type;
  if (reading.kind === "broken" || !type) return text;
  const isList = reading.node.items !== undefined && itemOf(key) !== undefined;
  return isList || type.safeParse(reading.node.value).success ? reading.node.value : text;
}

/** The type of an item, for lists that drop what they do not understand. */
function itemOf(key: string) {
  const place = findPlace(key)?.place;
  return place?.kind === "key" ? place.note.item : undefined;
}

/** A dotted path in the schema's spelling; as it is where it leads nowhere. */
export function nameOfKey(key: string): string {
  return findPlace(key)?.steps.map(([step]) => step).join(".") ?? key;
}

/** One line about a change, without any secret. */
export function describeChange({ key, value }: ConfigChange): string {
  const found = findPlace(key);
  const name = nameOfKey(key);
  if (value === undefined) return `${name} is no longer set.`;
  const secret = found?.place.kind === "key" && found.place.note.secret && value !== "";
  return `${name} = ${secret ? MASK : JSON.stringify(maskPasswords(value))}`;
}

/** The way to a key in a file, once it is sure that it may be set to the value. */
type Way =
  | { readonly kind: "ok"; readonly steps: readonly Step[]; readonly isFallback: boolean }
  | Invalid;

interface Invalid {
  readonly kind: "invalid";
  readonly failure: Failure;
}

function findWay({ key, value }: ConfigChange): Way {
  const found = findPlace(key);
  if (value === undefined) {
    // What is unknown can be taken out of a file but not put in.
    const steps = found?.steps ?? key.split(".").map((name): Step => [name]);
    return { kind: "ok", steps, isFallback: false };
  }
  if (!found) {
    return noSuchKey(key);
  }
  if (found.place.kind !== "key") {
    return refuse(
      `"${key}" is a section of the configuration.`,
      `Name a key in it, such as ${nameOfKeyIn(found)}.`,
    );
  }
  const item = itemOf(key);
  for (const one of item && Array.isArray(value) ? value : []) {
    const problem = item && findItemProblem(item, one);
    if (problem) return refuse(`${key}: ${JSON.stringify(maskPasswords(one))}: ${problem}.`);
  }
  const parsed = found.type.safeParse(value);
  if (!parsed.success) return refuse(`${key}: ${complain(found.type, value)}`);
  const isFallback = isEqual(fallbackOf(found.type), parsed.data as Json | undefined);
  return { kind: "ok", steps: found.steps, isFallback };
}

/** The first key below a section, as it could be written. */
function nameOfKeyIn({ steps, place }: FoundPlace): string {
  const way = steps.map(([step]) => step).join(".");
  const prefix = way === "" ? "" : `${way}.`;
  if (place.kind === "named") return nameOfKeyIn(findPlace(`${prefix}<name>`) as FoundPlace);
  const [first = ""] = place.kind === "section" ? Object.keys(place.shape) : [];
  const inner = findPlace(`${prefix}${first}`);
  return inner === undefined || inner.place.kind === "key"
    ? `${prefix}${first}`
    : nameOfKeyIn(inner);
}

function isEqual(one: Json | undefined, other: Json | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return canonicalJson(one) === canonicalJson(other);
}

function noSuchKey(key: string): Invalid {
  const nearest = findNearestKey(key);
  const hint = nearest && `Did you mean ${nearest}?`;
  return refuse(`There is no key "${key}" in the configuration.`, hint);
}

function refuse(message: string, hint?: string): Invalid {
  const failure = { code: "config_invalid", message } as const;
  return { kind: "invalid", failure: hint === undefined ? failure : { ...failure, hint } };
}
