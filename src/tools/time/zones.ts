import { findNearest } from "../../text/nearest.ts";
import { PLACES } from "./places.ts";

let cityZones: ReadonlyMap<string, string> | undefined;

/** Every zone of the database by the name of its city: `new york` → `America/New_York`. */
function zonesByCity(): ReadonlyMap<string, string> {
  return cityZones ??= new Map(
    Intl.supportedValuesOf("timeZone").map((
      zone,
    ) => [simplify(zone.split("/").at(-1) ?? ""), zone]),
  );
}

/** The zone of a place, of an IANA name in any case, or of an offset such as `+02:00`. */
export function findZone(place: string): string | undefined {
  const wanted = simplify(place);
  const [beforeComma] = wanted.split(",");
  return PLACES.get(wanted) ?? zonesByCity().get(wanted) ?? readZoneName(place.trim()) ??
    PLACES.get(beforeComma ?? "") ?? zonesByCity().get(beforeComma ?? "");
}

/** A known place that was perhaps meant. */
export function findNearestPlace(place: string): string | undefined {
  return findNearest(simplify(place), [...PLACES.keys(), ...zonesByCity().keys()]);
}

function readZoneName(name: string): string | undefined {
  if (!/^(?:[A-Za-z_]+(?:\/[A-Za-z0-9_+-]+)+|[+-]\d{2}:\d{2}|[A-Z]{3,4})$/.test(name)) {
    return undefined;
  }
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined; // no zone of this name
  }
}

/** Lower case, without accents, `_` as a space, without "the" and "time" around it. */
function simplify(name: string): string {
  return name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("_", " ")
    .replace(/[.?!]+$/, "").replace(/^the /, "").replace(/\s+/g, " ").trim();
}
