import { zoneOffset } from "./zone_offset.ts";

/** Hours of a day in which nothing is begun, by the clock on the person's wall. */
export interface QuietHours {
  /** Minutes since midnight; this one is quiet already. */
  readonly from: number;
  /** This one is quiet no more. Before `from`: they go over midnight. */
  readonly until: number;
}

const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** Reads `22:00-07:00`; `undefined` where it is no such span, or an empty one. */
export function parseQuietHours(text: string): QuietHours | undefined {
  const [from, until, ...more] = text.split("-").map((time) => minutesOf(time.trim()));
  if (from === undefined || until === undefined || more.length > 0 || from === until) {
    return undefined;
  }
  return { from, until };
}

function minutesOf(time: string): number | undefined {
  const [, hour, minute] = TIME.exec(time) ?? [];
  return hour === undefined ? undefined : Number(hour) * 60 + Number(minute);
}

/** Whether an instant (milliseconds since 1970) is quiet in an IANA zone. */
export function isQuiet({ from, until }: QuietHours, now: number, zone: string): boolean {
  const wall = new Date(now - zoneOffset(now, zone) * 60_000);
  const minute = wall.getUTCHours() * 60 + wall.getUTCMinutes();
  return from < until ? from <= minute && minute < until : minute >= from || minute < until;
}
