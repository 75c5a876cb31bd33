import type { Json } from "../domain/json.ts";
import { findNearest } from "../text/nearest.ts";
import { type KeyNote, type KeyPlace, placeOf } from "./_kinds.ts";
import { type Config, configSchema } from "./schema.ts";

/** One key of the configuration, for tables and messages. */
export interface ConfigKey extends KeyNote {
  /** Dotted path; names that the person chooses stand as `<name>`. */
  readonly path: string;
  /** What counts when the key is left out; `undefined` = nothing. */
  readonly fallback: Json | undefined;
}

/** A type of the schema. */
export type SchemaType = Parameters<typeof placeOf>[0];

/** Every key there is, in the order of the schema. */
export const configKeys: readonly ConfigKey[] = listKeys(configSchema, "");

function listKeys(type: SchemaType, path: string): ConfigKey[] {
  const place = placeOf(type);
  const below = (name: string) => path === "" ? name : `${path}.${name}`;
  switch (place.kind) {
    case "key":
      return [{ path, fallback: fallbackOf(type), ...place.note }];
    case "named":
      return listKeys(place.entry, below("<name>"));
    case "section":
      return Object.entries(place.shape).flatMap(([name, inner]) => listKeys(inner, below(name)));
  }
}

/** A key's or section's value when nothing is written. */
export function fallbackOf(type: SchemaType): Json | undefined {
  const parsed = type.safeParse(undefined);
  return parsed.success ? parsed.data as Json | undefined : undefined;
}

/** One step of a path: the spelling of the schema, then others that mean the same. */
export type Step = readonly [string, ...string[]];

/** A place of the configuration that a path leads to. */
export interface FoundPlace {
  readonly steps: readonly Step[];
  readonly place: KeyPlace;
  readonly type: SchemaType;
}

/**
 * Follows a dotted path, camelCase or snake_case, to a key or section. Names chosen by the person
 * may hold dots themselves: `agents.models.openai/gpt-4.1.maxContextSize`.
 */
export function findPlace(path: string): FoundPlace | undefined {
  return path === ""
    ? { steps: [], place: placeOf(configSchema), type: configSchema }
    : follow(configSchema, path.split("."), []);
}

function follow(
  type: SchemaType,
  parts: readonly string[],
  steps: readonly Step[],
): FoundPlace | undefined {
  const place = placeOf(type);
  if (parts.length === 0) return { steps, place, type };
  const longest = place.kind === "named" ? parts.length : 1;
  for (let taken = 1; taken <= longest; taken++) {
    const inner = enter(type, parts.slice(0, taken).join("."));
    const found = inner && follow(inner.type, parts.slice(taken), [...steps, inner.step]);
    if (found) return found;
  }
  return undefined;
}

/** One step into a section, by a name as the person wrote it; `undefined` when there is none. */
export function enter(
  type: SchemaType,
  written: string,
): { readonly step: Step; readonly type: SchemaType } | undefined {
  const place = placeOf(type);
  if (place.kind === "named") {
    const usable = written !== "" && written !== "__proto__";
    return usable ? { step: [written], type: place.entry } : undefined;
  }
  if (place.kind === "key") return undefined;
  const found = Object.entries(place.shape).find(([name]) => spellings(name).includes(written));
  return found && { step: spellings(found[0]), type: found[1] };
}

function spellings(name: string): Step {
  const snake = name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
  return snake === name ? [name] : [name, snake];
}

/** The key that a misspelt path most likely means: a neighbour, or one of the same name. */
export function findNearestKey(path: string): string | undefined {
  const last = path.slice(path.lastIndexOf(".") + 1);
  return findNearest(path, configKeys.map((key) => key.path)) ??
    configKeys.find((key) =>
      spellings(key.path.slice(key.path.lastIndexOf(".") + 1)).includes(last)
    )
      ?.path;
}

/** The value at a path, defaults included; `undefined` when the path leads nowhere. */
export function getKey(config: Config, path: string): Json | undefined {
  const found = findPlace(path);
  if (!found) return undefined;
  let value: unknown = config;
  for (const [name] of found.steps) {
    value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return value as Json | undefined;
}

/** The same, fit for a screen: secrets and passwords in addresses are masked. */
export function showKey(config: Config, path: string): Json | undefined {
  const found = findPlace(path);
  return found && mask(getKey(config, path), found.type);
}

/** What stands on a screen in place of a secret. */
export const MASK = "********";

function mask(value: Json | undefined, type: SchemaType): Json | undefined {
  if (value === undefined || value === "") return value;
  const place = placeOf(type);
  if (place.kind === "key") return place.note.secret ? MASK : maskPasswords(value);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => {
      const inner = enter(type, name);
      const shown = inner && mask(one as Json, inner.type);
      return shown === undefined ? [] : [[name, shown]];
    }),
  );
}

/** Takes passwords out of addresses such as `http://person:password@proxy`. */
export function maskPasswords(value: Json): Json {
  if (typeof value === "string") return value.replace(/\/\/[^/@\s]*@/g, `//${MASK}@`);
  if (Array.isArray(value)) return value.map(maskPasswords);
  return isObject(value)
    ? Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, maskPasswords(one as Json)]),
    )
    : value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
