/**
 * Minutes that a zone is behind UTC at an instant, as `Date.prototype.getTimezoneOffset` has it for
 * the machine's own zone: -120 for Berlin in summer. `zone` is an IANA name.
 */
export function zoneOffset(at: number, zone: string): number {
  const format = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" });
  const name = format.formatToParts(at).find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign = "+", hours = "0", minutes = "0"] = /([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  const ahead = Number(hours) * 60 + Number(minutes);
  if (ahead === 0) return 0;
  return sign === "+" ? -ahead : ahead;
}
