import { findNearest } from "../../text/nearest.ts";
import { isZoneOf, onlyZoneOf } from "./_regions.ts";
import { PLACES } from "./places.ts";

let cityZones: ReadonlyMap<string, string> | undefined;

/**
 * Every zone of the database by the name of its city: `new york` → `America/New_York`. The system
 * may list a city under an older name only (Calcutta), so the zones of the places count too.
 */
function zonesByCity(): ReadonlyMap<string, string> {
  return cityZones ??= new Map(
    [...Intl.supportedValuesOf("timeZone"), ...PLACES.values()]
      .map((zone) => [simplify(zone.split("/").at(-1) ?? ""), zone]),
  );
}

/**
 * The zone of a place, of an IANA name in any case, or of an offset such as `UTC+2`. What stands
 * behind a comma must be known to hold that zone: Paris, Texas is not in France.
 */
export function findZone(place: string): string | undefined {
  const wanted = simplify(place);
  return zonesOfPlace(wanted.replaceAll(",", ""))[0] ?? readOffset(wanted) ??
    readZoneName(place.trim()) ?? findWithin(wanted) ?? onlyZoneOf(wanted.replace(/^the /, ""));
}

function zonesOfPlace(name: string): readonly string[] {
  return [PLACES.get(name) ?? [], zonesByCity().get(name) ?? []].flat();
}

/** `zurich, switzerland`: a place, and what it lies in. */
function findWithin(text: string): string | undefined {
  const [name = "", ...around] = text.split(",").map((part) => part.trim().replace(/^the /, ""));
  if (around.length === 0) return undefined;
  return zonesOfPlace(name).find((zone) =>
    around.every((one) => isZoneOf(zone, one) || zonesByCity().get(one) === zone)
  );
}

/** Names shorter than this are near to too many others. */
const SHORTEST_GUESSED = 4;

/** A known place that was perhaps meant, as people write it. */
export function findNearestPlace(place: string): string | undefined {
  const wanted = simplify(place);
  if (wanted.length < SHORTEST_GUESSED) return undefined;
  const known = [...PLACES.keys(), ...zonesByCity().keys()];
  return findNearest(wanted, known.filter((name) => name.length >= SHORTEST_GUESSED))
    ?.replace(/(?<![a-z])[a-z]/g, (letter) => letter.toUpperCase());
}

/** `utc+2`, `gmt-03:30`, `+0530`: a fixed offset, at most 14 hours (as in the tz database). */
function readOffset(text: string): string | undefined {
  const [, sign, hours, minutes = "0"] =
    /^(?:utc|gmt)? ?([+-])(\d{1,2})(?::?([0-5]\d))?$/.exec(text.replace("\u2212", "-")) ?? [];
  if (hours === undefined || Number(hours) * 60 + Number(minutes) > 14 * 60) return undefined;
  return `${sign}${hours.padStart(2, "0")}:${minutes.padStart(2, "0")}`;
}

function readZoneName(name: string): string | undefined {
  if (!/^(?:[A-Za-z_]+(?:\/[A-Za-z0-9_+-]+)+|[A-Z]{3,4})$/.test(name)) {
    return undefined;
  }
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined; // no zone of this name
  }
}

/** Lower case, without accents and dots, `_` as a space, without "the" before it. */
function simplify(name: string): string {
  return name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("_", " ")
    .replace(/[.?!]/g, "").replace(/^the /, "").replace(/\s+/g, " ").trim();
}
