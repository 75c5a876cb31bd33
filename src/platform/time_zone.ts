/** The zone in which times are told. */
export interface TimeZone {
  /** IANA name. */
  readonly zone: string;
  /** One sentence, where nobody could tell which zone is meant and it is UTC for that reason. */
  readonly doubt?: string;
}

/** Directories of zones, and the two sets in them that name the same zones once more. */
const PLACE = /^(?:.*\/zoneinfo(?:\.default)?\/)?(?:(?:posix|right)\/)?/;

/**
 * Reads the variable `TZ`, or takes the machine's own zone where it is not set. IANA names are
 * taken, also with a colon in front or as a path of the zone database. Everything else is UTC: the
 * rules of POSIX look like names and mean other times (`GMT+5` is five hours behind Greenwich).
 */
export function readTimeZone(variable: string | undefined, machine: string | undefined): TimeZone {
  const told = variable ?? machine ?? "";
  const name = variable?.trim().replace(/^:/, "").replace(PLACE, "") ?? told;
  const zone = findZone(name);
  if (zone !== undefined) return { zone };
  const what = variable === undefined
    ? "The time zone of this machine is not known"
    : `TZ=${JSON.stringify(told)} names no time zone such as Europe/Vienna`;
  return { zone: "UTC", doubt: `${what}, so times are in UTC. Set agents.defaults.timezone.` };
}

/** The zone as the runtime spells it; offsets such as +05:00 are none. */
function findZone(name: string): string | undefined {
  if (!/^[A-Za-z]/.test(name)) return undefined;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined; // RangeError: no such zone
  }
}
