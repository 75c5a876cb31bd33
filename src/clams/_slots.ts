import type { Json } from "../domain/json.ts";
import { holdsUncertainNumber, isUncertainNumber, isUncertainSum } from "./_numbers.ts";
import { isUnit } from "./_units.ts";
import { unquote } from "./request.ts";

/** What may stand in a slot. docs/clams.md lists the spellings and what the script gets. */
export type SlotType =
  | "word"
  | "text"
  | "name"
  | "number"
  | "integer"
  | "date"
  | "time"
  | "duration"
  | "url"
  | "path"
  | "arithmetic"
  | "measure"
  | "unit";

interface Slot {
  /** Chunks that it may take up at most. */
  readonly longest: number;
  /** The value, or `undefined` when the text is none of this type. */
  readonly read: (raw: string) => Json | undefined;
}

/** All slot types. */
export const SLOTS: Readonly<Record<SlotType, Slot>> = {
  word: { longest: 1, read: readWord },
  text: { longest: Infinity, read: readText },
  name: { longest: Infinity, read: readText },
  number: { longest: 1, read: readNumber },
  integer: { longest: 1, read: readInteger },
  date: { longest: 4, read: readDate },
  time: { longest: 2, read: readTime },
  duration: { longest: 8, read: readDuration },
  url: { longest: 1, read: readUrl },
  path: { longest: 1, read: readPath },
  arithmetic: { longest: 60, read: readArithmetic },
  measure: { longest: 2, read: readMeasure },
  unit: { longest: 1, read: (raw) => isUnit(raw) ? raw : undefined },
};

/** A number and a unit: `5 km`, `5km`, `-40 °F`. */
function readMeasure(raw: string): string | undefined {
  const [, number = "", unit = ""] = /^([-+−]?[\d.]+)\s*(\D\S*)$/.exec(raw) ?? [];
  return readNumber(number) !== undefined && isUnit(unit) ? raw : undefined;
}

/** Numbers with signs between them, and nothing else: no date, no telephone number alone. */
function readArithmetic(raw: string): string | undefined {
  const isSum = /^[-+*/%^().\d !×·÷:−√=]+$/.test(raw) && /\d/.test(raw) &&
    /[-+*/^×·÷−√!%]/.test(raw);
  return isSum && !isUncertainSum(raw) ? raw : undefined;
}

function readWord(raw: string): string | undefined {
  const word = unquote(raw);
  if (holdsUncertainNumber(raw)) return undefined;
  return /^\S*[\p{L}\p{N}\p{S}]\S*$/u.test(word) && !/[,;:]$/.test(word) ? word : undefined;
}

function readText(raw: string): string {
  return unquote(raw);
}

/**
 * No thousands separators, no decimal comma: they mean different things in different places, and so
 * does a dot before three digits.
 */
function readNumber(raw: string): number | undefined {
  const text = raw.replace(/^−/, "-");
  if (!/^[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d{1,3})?$/i.test(text)) return undefined;
  const written = text.replace(/e.*$/i, "").replace(/^[+-]/, "");
  if (isUncertainNumber(written)) return undefined;
  const digits = written.replace(/[^\d]/g, "").replace(/^0+/, "");
  const value = Number(text);
  return digits.length <= 15 && Number.isFinite(value) ? value : undefined;
}

function readInteger(raw: string): number | undefined {
  const text = raw.replace(/^−/, "-");
  return /^[+-]?\d{1,15}$/.test(text) ? Number(text) : undefined;
}

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const MONTH =
  "(january|february|march|april|may|june|july|august|september|october|november|december|" +
  "jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec)\\.?";
const DAY = "(\\d{1,2})(?:st|nd|rd|th)?";
const DATES: readonly { form: RegExp; order: "ymd" | "dmy" | "mdy" }[] = [
  { form: /^(\d{4})-(\d{2})-(\d{2})$/, order: "ymd" },
  { form: /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/, order: "dmy" },
  { form: new RegExp(`^${DAY} (?:of )?${MONTH},? (\\d{4})$`, "i"), order: "dmy" },
  { form: new RegExp(`^${MONTH} ${DAY},? (\\d{4})$`, "i"), order: "mdy" },
];

/** `3/4/2026` is two different days, so dates with slashes are none. */
function readDate(raw: string): string | undefined {
  const text = raw.replace(/\s+/g, " ");
  if (/^(?:today|tomorrow|yesterday)$/i.test(text)) return text.toLowerCase();
  for (const { form, order } of DATES) {
    const parts = form.exec(text)?.slice(1);
    if (!parts) continue;
    const [year, month, day] = [..."ymd"].map((part) => parts[order.indexOf(part)] ?? "");
    return toIsoDate(Number(year), toMonth(month ?? ""), Number(day));
  }
  return undefined;
}

function toMonth(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : MONTHS.indexOf(text.slice(0, 3).toLowerCase()) + 1;
}

function toIsoDate(year: number, month: number, day: number): string | undefined {
  const time = Date.UTC(year, month - 1, day);
  const date = new Date(time);
  const isReal = year >= 100 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isReal ? date.toISOString().slice(0, 10) : undefined;
}

function readTime(raw: string): string | undefined {
  const text = raw.toLowerCase().replace(/\s+/g, "");
  if (text === "noon") return "12:00";
  if (text === "midnight") return "00:00";
  const parts = /^(\d{1,2})(?::(\d{2}))?(?::(\d{2}))?(am|pm|a\.m\.?|p\.m\.?)?$/.exec(text);
  if (!parts) return undefined;
  const [, hours = "", minutes, seconds, half] = parts;
  const hour = toHour(Number(hours), half);
  if (hour === undefined || (minutes === undefined && half === undefined)) return undefined;
  if (Number(minutes ?? 0) > 59 || Number(seconds ?? 0) > 59) return undefined;
  const clock = `${String(hour).padStart(2, "0")}:${minutes ?? "00"}`;
  return seconds === undefined ? clock : `${clock}:${seconds}`;
}

function toHour(hour: number, half: string | undefined): number | undefined {
  if (half === undefined) return hour <= 23 ? hour : undefined;
  if (hour < 1 || hour > 12) return undefined;
  return hour % 12 + (half.startsWith("p") ? 12 : 0);
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86400, w: 604800 };
const PART =
  /^(\d+(?:\.\d+)?|an?) ?(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)(?![a-z])/;

/** In seconds. Months and years have no fixed length, so they are none. */
function readDuration(raw: string): number | undefined {
  let rest = raw.toLowerCase().replace(/\s+/g, " ");
  const iso = /^p(?=.)(?:(\d+)w)?(?:(\d+)d)?(?:t(?=.)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?)?$/.exec(
    rest,
  );
  if (iso) return sum(["w", "d", "h", "m", "s"].map((unit, at) => [iso[at + 1] ?? "0", unit]));
  const parts: [string, string][] = [];
  while (rest !== "") {
    const part = PART.exec(rest);
    if (!part) return undefined;
    const [whole, amount = "", unit = ""] = part;
    if (isUncertainNumber(amount)) return undefined;
    parts.push([amount.startsWith("a") ? "1" : amount, unit[0] as string]);
    rest = rest.slice(whole.length).replace(/^(?:,? and |, ?| )/, "");
  }
  return sum(parts);
}

function sum(parts: [string, string][]): number | undefined {
  const seconds = parts.reduce((all, [amount, unit]) => all + Number(amount) * SECONDS[unit]!, 0);
  return Number.isFinite(seconds) && parts.length <= 5 ? seconds : undefined;
}

/** Endings by which a bare name counts as an address; others could be names of files. */
const DOMAINS = new Set(
  ("com org net edu gov int io dev app info eu de at ch fr es it pt nl be lu dk se no fi is ie uk " +
    "cz sk hu ro bg gr hr si ee lv lt ua ru by kz tr il in cn jp kr tw hk sg au nz ca us mx br ar " +
    "cl co za").split(" "),
);

/** As it was written; a bare name such as `example.com/a` gets `https://`. */
function readUrl(raw: string): string | undefined {
  const text = unquote(raw).replace(/^<(.*)>$/, "$1");
  if (/\s/.test(text)) return undefined;
  const bare = /^(?:[a-z0-9-]+\.)+([a-z]+)(?=$|[:/?#])/i.exec(text);
  const isBare = bare !== null && DOMAINS.has((bare[1] as string).toLowerCase());
  const full = isBare ? `https://${text}` : text;
  if (!/^https?:\/\/[^/]/i.test(full) || !URL.canParse(full)) return undefined;
  const { username, password } = new URL(full);
  return username === "" && password === "" ? full : undefined;
}

/** As it was written, without the quotes. Whether it may be touched is the file tool's matter. */
function readPath(raw: string): string | undefined {
  const path = unquote(raw);
  if (/[\p{Cc}<>|]/u.test(path) || /^[a-z][a-z0-9+.-]*:\/\//i.test(path)) return undefined;
  const isPath = /^[./\\]+$|[\p{L}\p{N}]/u.test(path);
  return isPath && !/[,;:]$/.test(path) ? path : undefined;
}
