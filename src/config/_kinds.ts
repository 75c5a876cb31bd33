import * as z from "zod";
import type { Json } from "../domain/json.ts";

/** What is written about one key beside its type. */
export interface KeyNote {
  /** What the key expects, as it stands in errors and tables: `a whole number`. */
  readonly expects: string;
  /** One sentence for the person. */
  readonly doc: string;
  /** The value must never be shown. */
  readonly secret?: true;
  /** Why the key changes nothing yet. Absent: it works. */
  readonly unused?: string;
  /** For lists: the type of an item. One that is not understood is dropped, not the program. */
  readonly item?: z.ZodType;
}

/** What a constructor of this file may be told beyond the sentence. */
export interface KeyOptions {
  readonly min?: number;
  readonly max?: number;
  readonly secret?: true;
  readonly unused?: string;
  readonly item?: z.ZodType;
}

/** What a type is in the configuration. */
export type KeyPlace =
  | { readonly kind: "key"; readonly note: KeyNote }
  /** Keys that this house named. */
  | { readonly kind: "section"; readonly shape: Readonly<Record<string, z.ZodType>> }
  /** The same kind of key or section under names that the person chose. */
  | { readonly kind: "named"; readonly entry: z.ZodType };

const places = new WeakMap<z.ZodType, KeyPlace>();

/** What a type of the schema is in the configuration. */
export function placeOf(type: z.ZodType): KeyPlace {
  const place = places.get(type);
  if (!place) throw new TypeError("this type stands in no schema of the configuration");
  return place;
}

function key<T extends z.ZodType>(
  type: T,
  expects: string,
  doc: string,
  options: KeyOptions = {},
): T {
  const note: KeyNote = {
    expects,
    doc,
    ...(options.secret ? { secret: true as const } : {}),
    ...(options.unused === undefined ? {} : { unused: options.unused }),
    ...(options.item ? { item: options.item } : {}),
  };
  places.set(type, { kind: "key", note });
  return type;
}

/** Limits as they read in a message: ` from 0 to 2`, ` of at least 1`, or nothing. */
function range({ min, max }: KeyOptions): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` of at least ${min}`;
  return max === undefined ? "" : ` of at most ${max}`;
}

const wholeType = (options: KeyOptions) =>
  z.int().min(options.min ?? -Number.MAX_SAFE_INTEGER).max(options.max ?? Number.MAX_SAFE_INTEGER);
const numberType = (options: KeyOptions) =>
  z.number().min(options.min ?? -Number.MAX_VALUE).max(options.max ?? Number.MAX_VALUE);

/** A whole number with a default. */
export function whole(fallback: number, doc: string, options: KeyOptions = {}) {
  const expects = `a whole number${range(options)}`;
  return key(wholeType(options).default(fallback), expects, doc, options);
}

/** A whole number that may be left out. */
export function optionalWhole(doc: string, options: KeyOptions = {}) {
  return key(wholeType(options).optional(), `a whole number${range(options)}`, doc, options);
}

/** A number with a default. */
export function decimal(fallback: number, doc: string, options: KeyOptions = {}) {
  return key(numberType(options).default(fallback), `a number${range(options)}`, doc, options);
}

/** A number that may be left out. */
export function optionalDecimal(doc: string, options: KeyOptions = {}) {
  return key(numberType(options).optional(), `a number${range(options)}`, doc, options);
}

/** `true` or `false`. */
export function flag(fallback: boolean, doc: string, options: KeyOptions = {}) {
  return key(z.boolean().default(fallback), "true or false", doc, options);
}

/** Text with a default; the empty text usually means "none". */
export function text(fallback: string, doc: string, options: KeyOptions = {}) {
  return key(z.string().default(fallback), "text", doc, options);
}

/** Text that may be left out; the empty text counts as left out. */
export function optionalText(doc: string, options: KeyOptions = {}) {
  const type = z.string().transform((value) => value === "" ? undefined : value).optional();
  return key(type, "text", doc, options);
}

/** Text of a form of its own; the empty text counts as left out. */
export function optionalForm(
  expects: string,
  isGood: (value: string) => boolean,
  doc: string,
  options: KeyOptions = {},
) {
  const type = z.string().refine((value) => value === "" || isGood(value))
    .transform((value) => value === "" ? undefined : value).optional();
  return key(type, expects, doc, options);
}

/** One of a few words. */
export function choice<const T extends readonly [string, ...string[]]>(
  words: T,
  fallback: T[number],
  doc: string,
  options: KeyOptions = {},
) {
  const expects = words.map((word) => `"${word}"`).join(" or ");
  return key(z.enum(words).default(fallback), expects, doc, options);
}

/** A list of texts, empty by default. */
export function texts(doc: string, options: KeyOptions = {}) {
  return key(z.array(z.string()).default([]), "a list of texts", doc, options);
}

/** A list of texts that may be left out, which is not the same as an empty one. */
export function optionalTexts(doc: string, options: KeyOptions = {}) {
  return key(z.array(z.string()).optional(), "a list of texts", doc, options);
}

/** A list of texts, or of numbers that are read as texts, which may be left out. */
export function optionalIds(doc: string, options: KeyOptions = {}) {
  const id = z.union([z.string(), z.int().transform(String)]);
  return key(z.array(id).optional(), "a list of texts", doc, options);
}

/** A list whose items have a type of their own, empty by default. */
export function list<T extends z.ZodType>(
  item: T,
  expects: string,
  doc: string,
  options: KeyOptions = {},
) {
  return key(z.array(item).default([]), expects, doc, { ...options, item });
}

/** A text under a name that the person chose. */
export function textEntry(doc: string, options: KeyOptions = {}) {
  return key(z.string(), "text", doc, options);
}

/** An object under a name that the person chose; read by the room it belongs to. */
export function objectEntry(doc: string, options: KeyOptions = {}) {
  return key(z.record(z.string(), z.custom<Json>()), "an object", doc, options);
}

/** A section: its keys have defaults, so it may be left out. */
export function section<T extends Readonly<Record<string, z.ZodType>>>(shape: T) {
  const strict = z.strictObject(shape);
  const type = strict.prefault({} as z.input<typeof strict>);
  places.set(type, { kind: "section", shape });
  return type;
}

/** Keys or sections under names that the person chose. */
export function named<T extends z.ZodType>(entry: T) {
  const type = z.record(z.string(), entry).default({});
  places.set(type, { kind: "named", entry });
  return type;
}
