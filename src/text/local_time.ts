/** A time for people, as `2026-11-24 18:05` in their zone; "-" when it is not known. */
export function formatTime(at: number, zone: string): string {
  if (!(at > 0)) return "-";
  const options = { dateStyle: "short", timeStyle: "short", timeZone: zone } as const;
  return new Intl.DateTimeFormat("sv-SE", options).format(at);
}

/** The same to the second: `2026-11-24 18:05:09`. */
export function formatSecond(at: number, zone: string): string {
  const options = { dateStyle: "short", timeStyle: "medium", timeZone: zone } as const;
  return new Intl.DateTimeFormat("sv-SE", options).format(at);
}
