/** A zone under its usual name, however its letters are written; `undefined` where there is none. */
export function findZoneName(zone: string): string | undefined {
  try {
    return new Temporal.ZonedDateTime(0n, zone).timeZoneId;
  } catch {
    return undefined; // it names none
  }
}

/** A wall clock's reading, in milliseconds as if it were UTC. */
export type WallTime = number;

/** What the clock on a wall of the zone says. */
export function wallTimeAt(instant: number, zone: string): WallTime {
  return instant + offsetAt(instant, zone);
}

/** The instants at which a wall clock says a time. */
export type Instants =
  | { readonly kind: "once" | "gap"; readonly first: number }
  | { readonly kind: "twice"; readonly first: number; readonly second: number };

/**
 * When a wall clock of the zone says a time: once; twice, where clocks are set back over it; or
 * never, where they are set forward over it: then `first` is the end of that gap.
 */
export function instantsOf(wall: WallTime, zone: string): Instants {
  const date = Temporal.Instant.fromEpochMilliseconds(wall).toZonedDateTimeISO("UTC")
    .toPlainDateTime();
  const first = date.toZonedDateTime(zone, { disambiguation: "earlier" }).epochMilliseconds;
  if (wallTimeAt(first, zone) !== wall) {
    return { kind: "gap", first: changeAfter(first, zone) ?? first };
  }
  const second = date.toZonedDateTime(zone, { disambiguation: "later" }).epochMilliseconds;
  return second === first ? { kind: "once", first } : { kind: "twice", first, second };
}

/** When the zone's clocks are set next, after an instant. */
export function changeAfter(instant: number, zone: string): number | undefined {
  return zoned(instant, zone).getTimeZoneTransition("next")?.epochMilliseconds;
}

function offsetAt(instant: number, zone: string): number {
  return Math.round(zoned(instant, zone).offsetNanoseconds / 1e6);
}

function zoned(instant: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
}
