import type { Failure } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import { escapeLine } from "../text/escape.ts";
import { findNearest } from "../text/nearest.ts";
import { type JsonNode, positionsIn, readJson } from "./_json_text.ts";
import { type KeyPlace, placeOf } from "./_kinds.ts";
import { findItemProblem } from "./_list_items.ts";
import { enter, findNearestKey, maskPasswords, type SchemaType } from "./keys.ts";
import { type Config, configSchema } from "./schema.ts";

/** Something in the file that is not wrong enough to stop. */
export interface ConfigWarning {
  /**
   * `unknown`: no such key; it is ignored. `twice`: written more than once; the last counts.
   * `unused`: a real key that changes nothing in this version. `missing`: there is no file that can be read.
   * `dropped`: an item of a list that is not understood whole, and so gives nothing.
   */
  readonly kind: "unknown" | "twice" | "unused" | "missing" | "dropped";
  readonly path: string;
  /** One sentence, file and line included. */
  readonly message: string;
}

/** A value of the right type that its room cannot read. */
export interface Misform {
  /** Dotted path of the key, in the schema's spelling. */
  readonly key: string;
  /** Whole sentences. */
  readonly message: string;
  /** The item of the list that it is, from 0; it is dropped alone. Absent: nothing can go on. */
  readonly item?: number;
}

/** Looks at values whose form only the rooms that use them know. */
export type FindMisforms = (config: Config) => readonly Misform[];

/** What a configuration file holds. */
export type ParsedConfig =
  | {
    readonly kind: "ok";
    readonly config: Config;
    readonly warnings: readonly ConfigWarning[];
    /** What the person wrote, known keys only, in the schema's spelling. */
    readonly raw: JsonObject;
  }
  | { readonly kind: "invalid"; readonly failure: Failure };

/** What counts without any file. */
export function defaultConfig(): Config {
  return configSchema.parse({});
}

/**
 * Reads the text of a configuration file. `path` is for messages only. Keys may be in camelCase or
 * snake_case; `null` means "not set".
 */
export function parseConfig(
  text: string,
  path: string,
  findMisforms: FindMisforms = () => [],
): ParsedConfig {
  const reading = readJson(text);
  const positionOf = positionsIn(text);
  const place = (offset: number) => {
    const { line, column } = positionOf(offset);
    return `${path}:${line}:${column}`;
  };
  if (reading.kind === "broken") {
    return invalid(`${place(reading.offset)}: this is not JSON: ${reading.message}.`);
  }
  const settling: Settling = {
    warnings: [],
    offsets: new Map(),
    items: new Map(),
    place,
    searches: 0,
  };
  const raw = settle(reading.node, configSchema, [], settling);
  const parsed = configSchema.safeParse(raw);
  const placeOfKey = (key: string) => place(settling.offsets.get(key) ?? reading.node.start);
  if (!parsed.success) {
    const wrong = findWrong(raw, parsed.error.issues[0]?.path ?? []);
    const name = wrong.path === "" ? "the configuration" : wrong.path;
    return invalid(`${placeOfKey(wrong.path)}: ${name}: ${complain(wrong.type, wrong.value)}`);
  }
  const misforms = findMisforms(parsed.data);
  const fatal = misforms.find(({ item }) => item === undefined);
  if (fatal) return invalid(`${placeOfKey(fatal.key)}: ${fatal.key}: ${fatal.message}`);
  const left = withoutItems(raw as JsonObject, misforms, settling);
  const { warnings } = settling;
  const config = left === raw ? parsed.data : configSchema.parse(left);
  return { kind: "ok", config, warnings, raw: left };
}

function invalid(message: string): ParsedConfig {
  const hint = "Correct the file; it was left as it is.";
  return { kind: "invalid", failure: { code: "config_invalid", message, hint } };
}

/** What is gathered while spelling is settled. */
interface Settling {
  readonly warnings: ConfigWarning[];
  /** Where the value of each path stands. */
  readonly offsets: Map<string, number>;
  /** Items of the lists that give something, as far as they are understood. */
  readonly items: Map<string, readonly JsonNode[]>;
  readonly place: (offset: number) => string;
  /** Unknown keys for which a near one was looked for. */
  searches: number;
}

/** A file of some other program has very many unknown keys; to search for each takes minutes. */
const MOST_SEARCHES = 50;

/** The value in the schema's spelling, without unknown keys and without `null` members. */
function settle(
  node: JsonNode,
  type: SchemaType,
  path: readonly string[],
  settling: Settling,
): Json {
  settling.offsets.set(path.join("."), node.start);
  const place = placeOf(type);
  if (place.kind === "key" && place.note.item && node.items) {
    return settleItems(node.items, place.note.item, path.join("."), settling);
  }
  if (place.kind === "key" || !node.members) return node.value;
  const settled = new Map<string, Json>();
  for (const member of node.members) {
    const where = settling.place(member.start);
    const inner = enter(type, member.key);
    if (!inner) {
      const name = [...path, member.key];
      const nearest = settling.searches++ < MOST_SEARCHES ? nearestKey(place, name) : undefined;
      settling.warnings.push(unknownKey(name, nearest, where));
      continue;
    }
    const [name] = inner.step;
    const full = [...path, name];
    if (settled.has(name)) settling.warnings.push(writtenTwice(full, where));
    settled.delete(name);
    if (member.node.value === null) continue;
    settled.set(name, settle(member.node, inner.type, full, settling));
    settling.warnings.push(...unusedKey(inner.type, full, where));
  }
  return Object.fromEntries(settled);
}

/** The items that are understood; the others are dropped with a sentence each. */
function settleItems(
  nodes: readonly JsonNode[],
  item: SchemaType,
  path: string,
  settling: Settling,
): Json[] {
  const good = nodes.filter((node) => {
    const problem = findItemProblem(item, node.value);
    if (problem !== undefined) settling.warnings.push(dropped(node, path, `${problem}.`, settling));
    return problem === undefined;
  });
  settling.items.set(path, good);
  return good.map(({ value }) => value);
}

/** What is written without the items that no room can read. */
function withoutItems(raw: JsonObject, misforms: readonly Misform[], settling: Settling) {
  for (const { key, item = -1, message } of misforms) {
    const node = settling.items.get(key)?.[item];
    if (node) settling.warnings.push(dropped(node, key, message, settling));
  }
  const keys = new Set(misforms.map(({ key }) => key));
  return [...keys].reduce((left, key) => {
    const wrong = misforms.filter((one) => one.key === key).map(({ item }) => item);
    const good = settling.items.get(key)?.filter((_, index) => !wrong.includes(index)) ?? [];
    return withValueAt(left, key.split("."), good.map(({ value }) => value));
  }, raw);
}

function withValueAt(object: JsonObject, [name = "", ...rest]: string[], value: Json): JsonObject {
  const inner = rest.length === 0
    ? value
    : withValueAt(object[name] as JsonObject ?? {}, rest, value);
  return { ...object, [name]: inner };
}

function dropped(
  node: JsonNode,
  path: string,
  problem: string,
  settling: Settling,
): ConfigWarning {
  const item = shorten(JSON.stringify(maskPasswords(node.value)));
  const message = `${settling.place(node.start)}: ${path}: ${escapeLine(item)} is dropped and ` +
    `allows nothing: ${escapeLine(problem)}`;
  return { kind: "dropped", path, message };
}

function shorten(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}

/** The key that an unknown one most likely means. */
function nearestKey(place: KeyPlace, path: readonly string[]): string | undefined {
  const siblings = place.kind === "section" ? Object.keys(place.shape) : [];
  const sibling = findNearest(path.at(-1) ?? "", siblings);
  return sibling === undefined
    ? findNearestKey(path.join("."))
    : [...path.slice(0, -1), sibling].join(".");
}

function unknownKey(
  path: readonly string[],
  nearest: string | undefined,
  where: string,
): ConfigWarning {
  const name = path.join(".");
  const meant = nearest === undefined ? "." : `; did you mean ${nearest}?`;
  return {
    kind: "unknown",
    path: name,
    message: `${where}: there is no key ${escapeLine(name)}${escapeLine(meant)}`,
  };
}

function writtenTwice(path: readonly string[], where: string): ConfigWarning {
  const name = path.join(".");
  const message = `${where}: ${name} is written more than once; the last one counts.`;
  return { kind: "twice", path: name, message };
}

function unusedKey(type: SchemaType, path: readonly string[], where: string): ConfigWarning[] {
  const place = placeOf(type);
  if (place.kind !== "key" || place.note.unused === undefined) return [];
  const name = path.join(".");
  const message = `${where}: ${name} is not used by this version: ${place.note.unused}.`;
  return [{ kind: "unused", path: name, message }];
}

/** The key or section that an error lies in, and the value that stands there. */
function findWrong(raw: Json, issue: readonly PropertyKey[]) {
  let type: SchemaType = configSchema;
  let value: Json | undefined = raw;
  const path: string[] = [];
  for (const step of issue) {
    const name = String(step);
    const inner = enter(type, name);
    if (!inner) break;
    path.push(name);
    value = (value as JsonObject)[name];
    type = inner.type;
  }
  return { path: path.join("."), type, value };
}

/** What a key wants and what it got, as the second half of a sentence. */
export function complain(type: SchemaType, value: Json | undefined): string {
  const place = placeOf(type);
  const expects = place.kind === "key" ? place.note.expects : "an object";
  const open = place.kind === "key" && !place.note.secret;
  return `expected ${expects}, got ${describe(value, open)}.`;
}

/** A value as it reads in a message; its kind alone where it may be secret or is long. */
function describe(value: Json | undefined, open: boolean): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(maskPasswords(value));
  if (open && text.length <= 60) return text;
  if (Array.isArray(value)) return "a list";
  return typeof value === "string"
    ? "text"
    : value === null
    ? "null"
    : typeof value === "object"
    ? "an object"
    : `a ${typeof value}`;
}
