/** A time as part of a file name: `20261124T020500Z`. Sorts by time and is valid everywhere. */
export function fileStamp(now: number): string {
  return new Date(now).toISOString().replace(/\.\d+/, "").replace(/[-:]/g, "");
}
